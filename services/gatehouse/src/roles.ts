/** The roles of a process: which are made is a setting, how they are made is decided here. */
import { randomUUID } from 'node:crypto';
import { createEngine, type Engine } from '@gatehouse/engine';
import { createIngress, type Ingress } from '@gatehouse/ingress';
import { createMerger } from '@gatehouse/merger';
import { createReporter } from '@gatehouse/reporter';
import { createRunner } from '@gatehouse/runner';
import { isOriginAllowed, type Role, type Settings, secretValues } from '@gatehouse/settings';
import { createScrubber } from '@gatehouse/telemetry';
import type { Adapters } from './adapters.ts';

/** What all roles have in common. */
export interface RunningRole extends AsyncDisposable {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly isRunning: boolean;
}

/** The roles that this process takes. */
export interface Roles {
  /** In the order in which they are started. */
  readonly named: readonly { readonly name: Role; readonly role: RunningRole }[];
  readonly ingress: Ingress | null;
  readonly engine: Engine | null;
}

/** What making roles needs. */
export interface RolesDeps {
  readonly settings: Settings;
  readonly adapters: Adapters;
  readonly publicUrl: string;
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
}

/** Makes them; nothing runs before `start`. `web` has no loop of its own: it is only routes. */
export function createRoles(deps: RolesDeps): Roles {
  const takes = (role: Role): boolean => deps.settings.roles.includes(role);
  const ingress = takes('ingress') ? makeIngress(deps) : null;
  const engine = takes('engine') ? makeEngine(deps) : null;
  const merger = takes('merger') ? makeMerger(deps) : null;
  const runner = takes('runner') ? makeRunner(deps) : null;
  const reporter = takes('reporter') ? makeReporter(deps) : null;
  // Whoever takes work out of a queue starts before whoever puts work in.
  const all: readonly [Role, RunningRole | null][] = [
    ['reporter', reporter],
    ['runner', runner],
    ['merger', merger],
    ['engine', engine],
    ['ingress', ingress],
  ];
  const named = all.flatMap(([name, role]) => (role === null ? [] : [{ name, role }]));
  return { named, ingress, engine };
}

function makeIngress({ settings, adapters }: RolesDeps): Ingress {
  const { store, queue, github, metrics, clock, log } = adapters;
  return createIngress({
    webhookSecret: settings.githubWebhookSecret,
    deliveries: store.deliveries,
    notes: store.notes,
    deliveryLog: github,
    queue,
    metrics,
    clock,
    log,
    processId: randomUUID(),
  });
}

function makeEngine({ adapters }: RolesDeps): Engine {
  const { store, queue, github, metrics, clock, log } = adapters;
  return createEngine({
    queue,
    tenants: store.tenants,
    timers: store.timers,
    deliveries: store.deliveries,
    deliveryReader: github,
    changes: github,
    configuration: github,
    accounts: github,
    announcements: store.announcements,
    standings: store.standings,
    metrics,
    clock,
    log: log.child({ role: 'engine' }),
  });
}

function makeMerger({ adapters }: RolesDeps): RunningRole {
  const { store, queue, github, clock, log } = adapters;
  return createMerger({
    queue,
    tenants: store.tenants,
    notes: store.notes,
    states: github,
    clock,
    log: log.child({ role: 'merger' }),
  });
}

function makeReporter({ adapters, publicUrl }: RolesDeps): RunningRole {
  const { store, queue, github, metrics, clock, log } = adapters;
  return createReporter({
    queue,
    tenants: store.tenants,
    notes: store.notes,
    checkRuns: github,
    statuses: github,
    metrics,
    clock,
    log: log.child({ role: 'reporter' }),
    publicUrl,
  });
}

function makeRunner({ settings, adapters, publicUrl, hostEnvironment }: RolesDeps): RunningRole {
  const { store, queue, github, logs, clock, log } = adapters;
  const own = secretValues(settings);
  return createRunner({
    queue,
    tenants: store.tenants,
    builds: store.builds,
    announcements: store.announcements,
    logs,
    checkouts: github,
    clock,
    log: log.child({ role: 'runner' }),
    settings: {
      dataDir: settings.dataDir,
      publicUrl,
      concurrency: settings.runnerConcurrency,
      isHttpAllowed: (url) => isOriginAllowed(settings.httpAllow, url),
      webhookSecret: settings.githubWebhookSecret,
      allowsUnsandboxedUntrusted: settings.runsUntrustedUnsandboxed,
      hostEnvironment,
    },
    scrubberFor: (secrets) => createScrubber([...own, ...secrets]),
  });
}

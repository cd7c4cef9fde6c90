/**
 * The service as it is, engine, merger and reporter as separate processes, on a clock, queues and a
 * GitHub that one seed decides. Whoever waits, waits at a gate; each round lets one of them through,
 * so that a seed is one order of everything and can be had again.
 */
import { createEngine } from '@gatehouse/engine';
import { createMerger } from '@gatehouse/merger';
import { tenantOf } from '@gatehouse/model';
import { createReporter } from '@gatehouse/reporter';
import { createMetrics } from '@gatehouse/telemetry';
import { fakeClock, type MemoryStore, memoryStore, quietLog } from '@gatehouse/testkit';
import { vi } from 'vitest';
import { startFakeRunner } from './fake-runner.ts';
import { createGates, type Faults, type Gate, type Process } from './processes.ts';
import { type Chance, chanceOf } from './random.ts';
import { type Act, openSite, repository, type Site, type Webhook } from './site.ts';
import { type UnreliableQueue, unreliableQueue } from './unreliable-queue.ts';

/** How much goes wrong. */
export interface Weather {
  readonly seed: number;
  /** Faults, in all. */
  readonly faults: number;
}

/** A running simulation; timers have to be vitest's. */
export interface Simulation {
  readonly site: Site;
  readonly store: MemoryStore;
  readonly trace: readonly string[];
  /** Lets things be done, in this order, while everything else goes on; then until it is quiet. */
  run(acts: readonly Act[]): Promise<void>;
}

/** How often a fault strikes while there are any left. */
const FAULT_PROBABILITY = 0.06;
/** How often people act before everything else; they also do when nothing else goes on. */
const ACT_PROBABILITY = 0.03;
/** Rounds after which something must be going in circles. */
const ROUNDS_MAX = 30_000;
/** How long the sweep may take to find what was left lying, in milliseconds. */
const SWEEP_MS = 6_000;

const tenant = tenantOf(repository);

/** Opens it, with every process started. */
export function openSimulation({ seed, faults: left }: Weather): Simulation {
  const chance = chanceOf(seed);
  const faults: Faults = { probability: FAULT_PROBABILITY, left };
  const site = openSite();
  const store = memoryStore();
  const clock = fakeClock();
  const queue = unreliableQueue({ chance, faults, clock });
  const boots = new Map<string, () => void>();
  const gates = createGates({
    chance,
    faults,
    onDeath: (process) => {
      queue.bury(process);
      boots.get(process.name)?.();
    },
  });
  const surroundings = { site, store, clock, queue };
  for (const [name, start] of Object.entries(starts)) {
    const process = gates.process(name);
    let stop: () => unknown = () => undefined;
    const boot = (): void => {
      stop();
      const { life } = process;
      const role = start(surroundings, process);
      stop = () => role.stop();
      // A service that cannot start ends, and whoever watches over it starts it again.
      role.start().catch(() => gates.kill(process, life));
    };
    boots.set(name, boot);
    boot();
  }

  async function round(acts: Act[]): Promise<boolean> {
    // Nothing takes no time: what comes from a change of the world comes after it.
    clock.advance(1);
    const act = () => acts.shift()?.(site);
    if (acts.length > 0 && chance.happens(ACT_PROBABILITY)) {
      act();
      return true;
    }
    const arrivals = site.webhooks.map(
      (webhook) => () => void arrive(surroundings, { chance, faults }, webhook),
    );
    const pass = (gate: Gate) => () => gates.pass(gate);
    const choices = [...gates.awake().map(pass), ...queue.deliverable(), ...arrivals];
    const later = choices.length > 0 ? choices : gates.waiting().map(pass);
    if (later.length > 0) chance.pick(later)();
    else if (acts.length > 0) act();
    else if (await isQuiet(surroundings)) return false;
    return true;
  }

  return {
    site,
    store,
    trace: gates.trace,
    run: async (acts) => {
      const left = [...acts];
      for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
        await settled();
        if (!(await round(left))) return;
      }
      throw new Error('it goes in circles');
    },
  };
}

interface Surroundings {
  readonly site: Site;
  readonly store: MemoryStore;
  readonly clock: ReturnType<typeof fakeClock>;
  readonly queue: UnreliableQueue;
}

/** Everything that can go on without a gate has gone on: timers are faked, so promises are all. */
function settled(): Promise<void> {
  vi.advanceTimersByTime(0);
  return new Promise((resolve) => setImmediate(resolve));
}

/** Takes a webhook as ingress does; GitHub sends again what was not answered. */
async function arrive(
  { site, store }: Surroundings,
  { chance, faults }: { readonly chance: Chance; readonly faults: Faults },
  webhook: Webhook,
): Promise<void> {
  const isTroubled = faults.left > 0 && chance.happens(FAULT_PROBABILITY);
  const trouble = isTroubled ? chance.pick(['lost', 'twice'] as const) : null;
  if (trouble !== null) faults.left -= 1;
  if (trouble === 'lost') return;
  // Lost, or not answered in time: GitHub keeps it, and it comes again.
  if (trouble === null) site.webhooks.splice(site.webhooks.indexOf(webhook), 1);
  const body = new TextEncoder().encode(JSON.stringify(webhook.notice));
  const delivery = { deliveryId: webhook.id, event: 'any', body, receivedAt: 0 };
  await store.deliveries.claimDelivery(delivery);
}

/** False when time had to be moved for something to go on. */
async function isQuiet(surroundings: Surroundings): Promise<boolean> {
  const { clock, queue, store } = surroundings;
  const dueAt = queue.nextDueAt();
  const inInbox = await store.deliveries.countInbox();
  const hasWork = inInbox > 0 || (await store.tenants.tenantsWithWork()).length > 0;
  const isLive = (await store.tenants.liveBuildsets(tenant)).length > 0;
  if (dueAt === null && !hasWork && !isLive) return true;
  const timerAt = isLive ? await store.timers.nextTimerAt() : null;
  const nextAt = dueAt ?? (hasWork ? clock.now() + SWEEP_MS : timerAt);
  if (nextAt === null) throw new Error('a run waits for nothing');
  clock.advance(Math.max(1, nextAt - clock.now()));
  vi.advanceTimersByTime(SWEEP_MS);
  return false;
}

interface Role {
  start(): Promise<void>;
  stop(): unknown;
}

const metrics = createMetrics({ version: 'test', hasProcessMetrics: false });

type Start = (surroundings: Surroundings, process: Process) => Role;

const starts: Readonly<Record<string, Start>> = {
  engine: ({ site, store, clock, queue }, process) =>
    createEngine({
      queue: queueOf(queue, process),
      tenants: process.through('redis', store.tenants),
      timers: process.through('redis', store.timers),
      deliveries: process.through('redis', store.deliveries),
      // A delivery's body is the notice itself.
      deliveryReader: { readDelivery: (_event, payload) => payload as never },
      changes: process.through('github', site.host),
      configuration: process.through('github', site.host),
      accounts: { forgetAccount: () => undefined },
      announcements: process.through('redis', store.announcements),
      standings: process.through('redis', store.standings),
      metrics,
      clock,
      log: quietLog,
    }),
  merger: ({ site, store, clock, queue }, process) =>
    createMerger({
      queue: queueOf(queue, process),
      tenants: process.through('redis', store.tenants),
      notes: process.through('redis', store.notes),
      states: process.through('github', site.host),
      clock,
      log: quietLog,
    }),
  reporter: ({ site, store, clock, queue }, process) =>
    createReporter({
      queue: queueOf(queue, process),
      tenants: process.through('redis', store.tenants),
      notes: process.through('redis', store.notes),
      checkRuns: process.through('github', site),
      statuses: { createStatus: () => Promise.reject(new Error('nobody asked for a status')) },
      metrics,
      clock,
      log: quietLog,
      publicUrl: 'https://gatehouse.example',
    }),
  runner: ({ store, clock, queue }, process) => {
    const deps = {
      queue: queueOf(queue, process),
      tenants: process.through('redis', store.tenants),
      builds: process.through('redis', store.builds),
      clock,
    };
    return { start: () => startFakeRunner(deps), stop: () => undefined };
  },
};

/** Sending is a call of Redis; working is not. */
function queueOf(queue: UnreliableQueue, process: Process) {
  const own = queue.in(process);
  const { send, count } = process.through('redis', { send: own.send, count: own.count });
  return { send, count, work: own.work };
}

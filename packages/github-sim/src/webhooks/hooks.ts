/**
 * Tells Apps what happened. Each event becomes one delivery per App that is installed on the
 * repository, subscribes to the event and has a permission that allows it. A delivery is tried
 * once, is recorded with its outcome, and is sent again only on request, under the same GUID.
 * The payload is fixed at the time of the event, whatever changes before it is sent.
 */
import { randomUUID } from 'node:crypto';
import { type Core, inBackground, now, tick } from '../core.ts';
import { notFound } from '../errors.ts';
import { showOrganization, showUser } from '../present/accounts.ts';
import { showRepo } from '../present/repositories.ts';
import { installationsOn, userById } from '../state/find.ts';
import type { AppRecord, InstallationRecord, RepoRecord } from '../state/types.ts';
import { nodeId } from '../urls.ts';
import { post, signatureHeaders } from './deliver.ts';
import type { HookEvent, Hooks } from './hook-types.ts';
import { type DeliveryLog, openDeliveryLog } from './log.ts';

/** Which of an App's permissions lets an event through; one of them is enough. */
const EVENT_PERMISSIONS: Readonly<Record<string, readonly string[]>> = {
  check_run: ['checks'],
  check_suite: ['checks'],
  create: ['contents'],
  delete: ['contents'],
  issue_comment: ['issues'],
  label: ['issues', 'pull_requests', 'metadata'],
  merge_group: ['merge_queues'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  push: ['contents'],
  status: ['statuses'],
  workflow_run: ['actions'],
};

interface Message {
  readonly guid: string;
  readonly app: AppRecord;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  readonly redelivery: boolean;
}

export type HookCheck = (event: string, action: string | null, payload: unknown) => void;

/** The webhook sender of a simulator; `check` sees every payload that is about to be sent. */
export function createHooks(core: () => Core, dataDir: string, check: HookCheck): Hooks {
  const log = openDeliveryLog(dataDir);
  const held: Message[] = [];
  const send = (message: Message) => sendWithFaults({ core: core(), log, held }, message);
  return {
    isHeard: (event, repo) =>
      installationsOn(core().state, repo).some((installation) => {
        const app = core().state.apps.find((each) => each.id === installation.appId);
        return app !== undefined && isSubscribed(event, app, installation);
      }),
    emit(event) {
      const { state } = core();
      for (const installation of installationsOn(state, event.repo)) {
        const app = state.apps.find((each) => each.id === installation.appId);
        if (app === undefined || !isTold(event, app, installation)) continue;
        const payload = repoPayload(core(), event, installation);
        check(event.event, event.action, payload);
        send(messageOf(app, event, { installation, repo: event.repo, payload }));
      }
    },
    emitInstallation(event) {
      const { state } = core();
      const app = state.apps.find((each) => each.id === event.installation.appId);
      if (app === undefined) return;
      const payload = {
        action: event.action,
        ...event.payload,
        ...organizationOf(core(), event.installation.accountId),
        sender: showUser(core(), event.sender),
      };
      check(event.event, event.action, payload);
      send(messageOf(app, event, { installation: event.installation, repo: null, payload }));
    },
    ping(app) {
      const payload = { zen: 'Keep it logically awesome.', ...pingOf(core(), app) };
      check('ping', null, payload);
      const event = { event: 'ping', action: null };
      send(messageOf(app, event, { installation: null, repo: null, payload }));
    },
    log: () => log.all(),
    redeliver(id) {
      const record = log.all().find((each) => each.id === id);
      const app = core().state.apps.find((each) => each.id === record?.appId);
      if (record === undefined || app === undefined) throw notFound();
      const { guid, installationId, repositoryId, event, action } = record;
      const body = record.requestBody;
      send({ guid, app, installationId, repositoryId, event, action, body, redelivery: true });
    },
  };
}

function isTold(event: HookEvent, app: AppRecord, installation: InstallationRecord): boolean {
  if (app.webhookUrl === null || installation.suspendedAt !== null) return false;
  if (event.onlyApp !== undefined) return event.onlyApp === app.id;
  return isSubscribed(event.event, app, installation);
}

function isSubscribed(event: string, app: AppRecord, installation: InstallationRecord): boolean {
  if (app.webhookUrl === null || installation.suspendedAt !== null) return false;
  if (!installation.events.includes(event)) return false;
  const needed = EVENT_PERMISSIONS[event] ?? ['metadata'];
  return needed.some((name) => name === 'metadata' || installation.permissions[name] !== undefined);
}

function repoPayload(core: Core, event: HookEvent, installation: InstallationRecord) {
  return {
    ...(event.action === null ? {} : { action: event.action }),
    repository: repositoryOf(core, event),
    ...organizationOf(core, event.repo.ownerId),
    sender: showUser(core, event.sender),
    installation: {
      id: installation.id,
      node_id: nodeId('IntegrationInstallation', installation.id),
    },
    ...event.payload,
  };
}

/** In push events some times are seconds since the epoch, and the owner has a name. */
function repositoryOf(core: Core, event: HookEvent) {
  const repo = showRepo(core, event.repo);
  if (event.event !== 'push') return repo;
  const owner = userById(core.state, event.repo.ownerId);
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  return {
    ...repo,
    owner: { ...repo.owner, name: owner.login, email: owner.email === '' ? null : owner.email },
    created_at: seconds(repo.created_at),
    pushed_at: seconds(repo.pushed_at),
    stargazers: 0,
    master_branch: event.repo.defaultBranch,
    ...(owner.type === 'Organization' ? { organization: owner.login } : {}),
  };
}

function organizationOf(core: Core, ownerId: number) {
  const owner = userById(core.state, ownerId);
  return owner.type === 'Organization' ? { organization: showOrganization(core, owner) } : {};
}

function pingOf(core: Core, app: AppRecord) {
  return {
    hook_id: app.id,
    hook: {
      type: 'App',
      id: app.id,
      name: 'web',
      active: true,
      events: app.events,
      config: { content_type: 'json', insecure_ssl: '0', url: app.webhookUrl ?? '' },
      updated_at: now(core),
      created_at: app.createdAt,
      app_id: app.id,
      deliveries_url: `${core.urls.api}/app/hook/deliveries`,
    },
  };
}

function messageOf(
  app: AppRecord,
  event: { event: string; action: string | null },
  on: { installation: InstallationRecord | null; repo: RepoRecord | null; payload: unknown },
): Message {
  return {
    guid: randomUUID(),
    app,
    installationId: on.installation?.id ?? null,
    repositoryId: on.repo?.id ?? null,
    event: event.event,
    action: event.action,
    body: JSON.stringify(on.payload),
    redelivery: false,
  };
}

interface Sender {
  readonly core: Core;
  readonly log: DeliveryLog;
  /** Messages that a `reorder` fault keeps back until the next one is sent. */
  readonly held: Message[];
}

function sendWithFaults(sender: Sender, message: Message): void {
  const { core, held } = sender;
  if (message.app.webhookUrl === null) return;
  const fault = core.faults.takeWebhook(message.event, message.action);
  if (fault?.kind === 'reorder') {
    held.push(message);
    return;
  }
  const waiting = held.splice(0);
  const work = async () => {
    if (fault?.kind === 'delay') {
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    }
    if (fault?.kind === 'drop') record(sender, message, lost());
    else await attempt(sender, message);
    if (fault?.kind === 'duplicate') await attempt(sender, message);
    for (const late of waiting) await attempt(sender, late);
  };
  inBackground(core, work());
}

function lost() {
  return {
    status: 'failed to connect to host',
    statusCode: 0,
    durationS: 0,
    headers: {},
    body: '',
  };
}

async function attempt(sender: Sender, message: Message): Promise<void> {
  const url = message.app.webhookUrl;
  if (url === null) return;
  const headers = hookHeaders(message);
  const timeoutMs = sender.core.options.webhookTimeoutMs;
  record(sender, message, await post(url, { headers, body: message.body }, timeoutMs));
}

function hookHeaders(message: Message): Record<string, string> {
  return {
    Accept: '*/*',
    'Content-Type': 'application/json',
    'User-Agent': 'GitHub-Hookshot/0000000',
    'X-GitHub-Delivery': message.guid,
    'X-GitHub-Event': message.event,
    'X-GitHub-Hook-ID': String(message.app.id),
    'X-GitHub-Hook-Installation-Target-ID': String(message.app.id),
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    ...signatureHeaders(message.app.webhookSecret, message.body),
  };
}

function record(sender: Sender, message: Message, answer: Awaited<ReturnType<typeof post>>): void {
  const { core, log } = sender;
  log.add({
    id: core.store.id(),
    guid: message.guid,
    appId: message.app.id,
    installationId: message.installationId,
    repositoryId: message.repositoryId,
    event: message.event,
    action: message.action,
    deliveredAt: now(core),
    redelivery: message.redelivery,
    url: message.app.webhookUrl ?? '',
    durationS: answer.durationS,
    status: answer.status,
    statusCode: answer.statusCode,
    requestHeaders: hookHeaders(message),
    requestBody: message.body,
    responseHeaders: answer.headers,
    responseBody: answer.body,
  });
  tick(core, `delivery.${message.event}`);
}

/** The role on a server that nobody listens with, over ports that the test hands in. */
import { join } from 'node:path';
import { changeKey } from '@gatehouse/model';
import { asJson, changeRecordKey, type Item, itemRecordKey } from '@gatehouse/pipeline';
import type {
  Announcements,
  BuildRegister,
  Clock,
  DeliveryStore,
  JobLogs,
  Log,
  QueueCount,
  QueueName,
  StandingProblems,
  TenantStore,
} from '@gatehouse/ports';
import { type FastifyInstance, fastify } from 'fastify';
import type { WebDeps } from '../deps.ts';
import { registerWeb, webServerOptions } from '../web.ts';

/** The admin token of the tests. */
export const ADMIN_TOKEN = 'correct horse battery staple'.replaceAll(' ', '-');

/** A build of the browser part as small as it can be. */
const BUILT_DASHBOARD = join(import.meta.dirname, '../../fixtures/dashboard');

/** What the test brings. */
export interface Parts {
  readonly store: {
    readonly deliveries: DeliveryStore;
    readonly tenants: TenantStore;
    readonly builds: BuildRegister;
    readonly announcements: Announcements;
    readonly standings: StandingProblems;
  };
  readonly clock: Clock;
  readonly log: Log;
}

/** What a test may change. */
export type Overrides = Partial<Omit<WebDeps, 'settings'>> & {
  readonly settings?: Partial<WebDeps['settings']>;
};

/** The role and what it did to its queue. */
export interface WebUnderTest extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly sent: { readonly queue: QueueName; readonly message: unknown }[];
  readonly counts: Map<QueueName, QueueCount>;
  readonly logs: Map<string, string>;
}

/** Starts it. */
export async function webUnderTest(parts: Parts, overrides: Overrides = {}): Promise<WebUnderTest> {
  const sent: WebUnderTest['sent'] = [];
  const counts: WebUnderTest['counts'] = new Map();
  const logs: WebUnderTest['logs'] = new Map();
  const { settings, ...ports } = overrides;
  const app = fastify(webServerOptions);
  await registerWeb(app, {
    ...parts.store,
    clock: parts.clock,
    log: parts.log,
    queue: {
      send: async (queue, message) => {
        sent.push({ queue, message });
      },
      count: async (queue) => counts.get(queue) ?? { waiting: 0, active: 0, delayed: 0 },
      work: () => {
        throw new Error('the web role works on no queue');
      },
    },
    logs: logsIn(logs),
    changes: {
      readRepository: async (repository) => ({
        repository,
        isPublic: true,
        defaultBranch: 'main',
      }),
    },
    renderMetrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'up 1\n' }),
    readiness: async () => ({ ready: true, reasons: [] }),
    dashboardFolder: BUILT_DASHBOARD,
    ...ports,
    settings: {
      publicUrl: 'http://localhost:8080',
      adminToken: ADMIN_TOKEN,
      isPublicDashboard: false,
      sessionKey: Buffer.alloc(32, 7),
      codeHostUrl: 'https://github.example',
      version: '0.1.0',
      ...settings,
    },
  });
  await app.ready();
  return { app, sent, counts, logs, [Symbol.asyncDispose]: () => app.close() };
}

/** Stores runs as the engine does: record, change record, and the list of live ones. */
export async function storeItems(tenants: TenantStore, ...items: readonly Item[]): Promise<void> {
  for (const item of items) {
    const { version } = await tenants.openTurn(item.tenant, 1);
    const isLive = item.verdict === null;
    const { change } = item;
    const key = changeKey(change);
    const run = {
      buildset: item.buildset,
      pipeline: item.pipeline.name,
      headSha: change.headSha,
      baseRef: change.kind === 'proposed' ? change.baseRef : null,
    };
    const record = {
      schema: 1,
      key,
      newest: null,
      live: isLive ? [run] : [],
      waiting: [],
      approvals: [],
    } as const;
    await tenants.commit(item.tenant, {
      expectedVersion: version,
      consumed: [],
      writes: [
        { key: itemRecordKey(item.buildset), body: asJson(item), timeToLiveMs: null },
        { key: changeRecordKey(key), body: asJson(record), timeToLiveMs: null },
      ],
      effects: [],
      live: { added: [item.buildset], removed: isLive ? [] : [item.buildset] },
    });
  }
}

/** Complete logs by build id, handed out in parts of at most 64 bytes. */
function logsIn(logs: ReadonlyMap<string, string>): JobLogs {
  return {
    openLog: () => Promise.reject(new Error('the web role writes no log')),
    readLog: async (build, attempt, offset) => {
      const log = logs.get(build);
      if (log === undefined) return null;
      const all = Buffer.from(log);
      const start = Math.min(offset, all.byteLength);
      const bytes = all.subarray(start, start + 64);
      const nextOffset = start + bytes.byteLength;
      const isComplete = nextOffset >= all.byteLength;
      return { attempt: attempt ?? 1, bytes, nextOffset, isComplete };
    },
  };
}

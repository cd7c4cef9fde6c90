/** Every port of a process with the adapter that stands behind it. */

import { join } from 'node:path';
import { createGitHub, type GitHub } from '@gatehouse/github';
import type { Clock, JobLogs, Log } from '@gatehouse/ports';
import { createWorkQueue, type OpenWorkQueue } from '@gatehouse/queue';
import type { Settings } from '@gatehouse/settings';
import { createJobLogs, createStore, type Store } from '@gatehouse/store';
import { createMetrics, type Metrics } from '@gatehouse/telemetry';
import { type OpenRedis, openRedis } from './open-redis.ts';
import { version } from './version.ts';

/** The adapters, opened. */
export interface Adapters extends AsyncDisposable {
  readonly store: Store;
  readonly queue: OpenWorkQueue;
  readonly github: GitHub;
  readonly logs: JobLogs;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when Redis answers. */
  ping(): Promise<void>;
}

/** What opening works with. */
export interface AdapterDeps {
  readonly log: Log;
  /** Told, in the user's words, what happens. */
  readonly onStep: (text: string) => void;
}

const clock: Clock = { now: () => Date.now() };

/** @throws GatehouseError when Redis cannot be had. */
export async function openAdapters(settings: Settings, deps: AdapterDeps): Promise<Adapters> {
  const { log, onStep } = deps;
  const { dataDir, redisUrl } = settings;
  const opened = await openRedis({ url: redisUrl, dataDir, onStep }, log);
  onStep(`Redis is ready (${opened.title}).`);
  const store = createStore(opened.redis, log);
  const metrics = createMetrics({ version, hasProcessMetrics: true });
  const queue = createWorkQueue({ redis: opened.redis, log });
  return {
    store,
    queue,
    github: openGitHub(settings, { store, metrics, log }),
    logs: createJobLogs({ dir: join(dataDir, 'logs'), log }),
    metrics,
    clock,
    log,
    ping: async () => {
      await opened.redis.ping();
    },
    [Symbol.asyncDispose]: () => closeAll(queue, opened),
  };
}

function openGitHub(
  settings: Settings,
  { store, metrics, log }: { store: Store; metrics: Metrics; log: Log },
): GitHub {
  return createGitHub(
    {
      apiUrl: settings.githubApiUrl,
      appId: settings.githubAppId,
      privateKey: settings.githubPrivateKey,
      userAgent: `gatehouse/${version}`,
    },
    {
      cache: store.responses,
      clock,
      log,
      observe: ({ route, status, durationMs, installation, rateLimitRemaining }) => {
        metrics.githubCalled(route, status ?? 0, durationMs);
        if (installation !== null && rateLimitRemaining !== null) {
          metrics.githubBudget(installation, rateLimitRemaining);
        }
      },
    },
  );
}

async function closeAll(queue: OpenWorkQueue, redis: OpenRedis): Promise<void> {
  await queue.close();
  await redis[Symbol.asyncDispose]();
}

/** The adapter with everything it needs, for tests. */
import { repositoryKey } from '@gatehouse/model';
import type { Clock, Log, ResponseCache } from '@gatehouse/ports';
import { createGitHub, type GitHub } from '../github.ts';
import type { GitHubLimits, ObservedRequest } from '../options.ts';
import { testKey } from './stub-github.ts';

export const api = repositoryKey('acme/api');
export const systemClock: Clock = { now: () => Date.now() };

/** A cache that forgets nothing and can be looked into. */
export interface MemoryCache extends ResponseCache {
  readonly entries: Map<string, { value: string; timeToLiveMs: number }>;
}

export function createMemoryCache(): MemoryCache {
  const entries: MemoryCache['entries'] = new Map();
  return {
    entries,
    get: async (key) => entries.get(key)?.value ?? null,
    async set(key, value, timeToLiveMs) {
      entries.set(key, { value, timeToLiveMs });
    },
    async delete(key) {
      entries.delete(key);
    },
  };
}

/** A log that keeps its lines. */
export function createListLog(lines: { fields: object; message: string }[]): Log {
  const keep = (fields: object, message: string): void => {
    lines.push({ fields, message });
  };
  const log: Log = {
    debug: keep,
    info: keep,
    warn: keep,
    error: keep,
    fatal: keep,
    child: () => log,
  };
  return log;
}

export interface Harness {
  readonly github: GitHub;
  readonly cache: MemoryCache;
  readonly observed: ObservedRequest[];
  readonly lines: { fields: object; message: string }[];
}

/** Quick retries, no pacing, unless `limits` says otherwise. */
export function createHarness(input: {
  readonly apiUrl: string;
  readonly appId?: number;
  readonly privateKey?: string;
  readonly limits?: Partial<GitHubLimits>;
  readonly clock?: Clock;
  readonly delivery?: string;
  readonly cache?: MemoryCache;
}): Harness {
  const cache = input.cache ?? createMemoryCache();
  const observed: ObservedRequest[] = [];
  const lines: Harness['lines'] = [];
  const github = createGitHub(
    {
      apiUrl: input.apiUrl,
      appId: input.appId ?? 1,
      privateKey: input.privateKey ?? testKey,
      limits: {
        retryBaseMs: 1,
        writeBurst: 1000,
        writesPerSecond: 1000,
        notificationBurst: 1000,
        notificationsPerSecond: 1000,
        ...input.limits,
      },
    },
    {
      cache,
      clock: input.clock ?? systemClock,
      log: createListLog(lines),
      observe: (request) => observed.push(request),
      currentDelivery: () => input.delivery ?? null,
    },
  );
  return { github, cache, observed, lines };
}

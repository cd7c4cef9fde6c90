/** The connection to Redis that a process shares for everything that does not block. */
import { setTimeout as delay } from 'node:timers/promises';
import { GatehouseError } from '@gatehouse/model';
import type { Log } from '@gatehouse/ports';
import { Redis, type RedisOptions } from 'ioredis';

/** Where a Redis server listens: a `redis://` or `rediss://` (TLS) URL, or a unix socket. */
export type RedisAddress = { readonly url: string } | { readonly socketPath: string };

/**
 * A command that has no answer after this long fails, also when it never left because the
 * connection is down. Below the 10 s that GitHub waits for an answer to a webhook.
 */
export const commandTimeoutMs = 5_000;

const connectTimeoutMs = 3_000;
const reconnectDelayMs = { first: 50, most: 1_000 };

/**
 * Commands that wait are dropped after this many failed reconnects (about 3 s), so that what piles
 * up while Redis is away stays bounded.
 */
const retriesPerRequestMax = 5;

/** Options of every connection. */
const connectionOptions = {
  // What the store and BullMQ ask for needs nothing of the newer protocol.
  protocol: 2,
  lazyConnect: true,
  connectTimeout: connectTimeoutMs,
  commandTimeout: commandTimeoutMs,
  maxRetriesPerRequest: retriesPerRequestMax,
  // Grows, is capped and varies by half, so that many processes do not come back in step.
  retryStrategy: (times: number) => {
    const delay = Math.min(reconnectDelayMs.first * 2 ** (times - 1), reconnectDelayMs.most);
    return Math.round(delay * (0.5 + Math.random() / 2));
  },
  // After a failover the old primary answers READONLY until we go elsewhere.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

/**
 * Connects, and keeps reconnecting until `quit()` or `disconnect()`. Resolves when the server has
 * answered once.
 * @throws GatehouseError `GATE_REDIS_UNAVAILABLE` when it does not answer now; the connection is
 * then given up.
 */
export async function connectRedis(address: RedisAddress, log: Log): Promise<Redis> {
  const redis =
    'url' in address
      ? new Redis(address.url, connectionOptions)
      : new Redis({ ...connectionOptions, path: address.socketPath });
  let isAway = false;
  redis.on('error', (error: Error) => {
    // One line when it goes and one when it is back; what comes between repeats the first.
    if (!isAway) log.warn({ error: error.message }, 'Redis does not answer');
    isAway = true;
  });
  redis.on('ready', () => {
    if (isAway) log.info({}, 'Redis answers again');
    isAway = false;
  });
  try {
    await withinPatience(redis.connect().then(() => redis.ping()));
  } catch (cause) {
    redis.disconnect();
    throw new GatehouseError(
      'GATE_REDIS_UNAVAILABLE',
      `Redis does not answer at ${describeAddress(address)}`,
      { cause },
    );
  }
  return redis;
}

async function withinPatience(work: Promise<unknown>): Promise<void> {
  const end = new AbortController();
  const late = delay(commandTimeoutMs, undefined, { signal: end.signal }).then(() => {
    throw new Error(`it took the connection and was silent for ${commandTimeoutMs} ms`);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    end.abort();
    // Whichever lost ends later, and has nobody else to catch it.
    await Promise.allSettled([late]);
    work.catch(() => undefined);
  }
}

/** The address without its password. */
export function describeAddress(address: RedisAddress): string {
  if ('socketPath' in address) return address.socketPath;
  if (!URL.canParse(address.url)) return 'an address that is no URL';
  const url = new URL(address.url);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** A Redis for one benchmark, on a processor of its own choice. */

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectRedis, type RedisAddress, startEmbeddedRedis } from '@gatehouse/store';
import { quietLog } from '@gatehouse/testkit';
import type { Redis } from 'ioredis';
import { canPin } from './child.ts';

/** A running server. */
export interface BenchRedis extends AsyncDisposable {
  readonly address: RedisAddress;
  readonly redis: Redis;
  readonly version: string;
  /** User and system time of the server so far, microseconds. */
  cpuUs(): Promise<number>;
}

/** How it is to run. */
export interface BenchRedisOptions {
  readonly core?: number;
  /** True: as the service runs it, with an append-only file; false: in memory only. */
  readonly hasFile: boolean;
}

/** One fetched server serves everything in this working copy. */
const serverDir = resolve(import.meta.dirname, '../../../.tools/redis-server');

/** Starts an empty one. */
export async function startBenchRedis(options: BenchRedisOptions): Promise<BenchRedis> {
  await using opening = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  opening.defer(() => rm(dataDir, { recursive: true, force: true }));
  const server = opening.use(
    await startEmbeddedRedis({ dataDir, serverDir, onStep: () => undefined, log: quietLog }),
  );
  const redis = await connectRedis(server.address, quietLog);
  opening.defer(() => redis.disconnect());
  if (!options.hasFile) await redis.config('SET', 'appendonly', 'no');
  const about = await redis.info();
  if (canPin && options.core !== undefined) {
    spawnSync('taskset', ['-a', '-p', '-c', String(options.core), fieldOf(about, 'process_id')]);
  }
  const open = opening.move();
  return {
    address: server.address,
    redis,
    version: fieldOf(about, 'redis_version'),
    cpuUs: async () => {
      const cpu = await redis.info('cpu');
      const seconds = Number(fieldOf(cpu, 'used_cpu_user')) + Number(fieldOf(cpu, 'used_cpu_sys'));
      return seconds * 1_000_000;
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function fieldOf(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
}

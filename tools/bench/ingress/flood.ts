/**
 * What webhooks with wrong signatures leave behind: memory after a collection, and bytes of log.
 * Anybody can send them, so both have to stay flat.
 */
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBenchRedis } from '../kit/bench-redis.ts';
import { startChild } from '../kit/child.ts';
import type { LoadAnswer, LoadQuestion } from './load.ts';
import type { Usage } from './servers/serve.ts';

/** Before and after the flood. */
export interface FloodFigures {
  readonly requests: number;
  readonly perSecond: number;
  readonly heapBytesBefore: number;
  readonly heapBytesAfter: number;
  readonly logBytes: number;
}

/** Sent before anything is measured: what is loaded and compiled once is no leak. */
const WARM_UP_REQUESTS = 2_000;
const CONNECTIONS = 64;

/** @param variant which server; @param requests how many forged webhooks. */
export async function measureFlood(variant: string, requests: number): Promise<FloodFigures> {
  await using using = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  using.defer(() => rm(folder, { recursive: true, force: true }));
  const logFile = join(folder, 'log');
  const log = using.use(await open(logFile, 'w'));
  const redis = using.use(await startBenchRedis({ hasFile: false }));
  const server = using.use(
    await startChild({
      program: join(import.meta.dirname, 'servers', `${variant}.ts`),
      args: [JSON.stringify(redis.address)],
      nodeArgs: ['--expose-gc'],
      core: 0,
      stdout: log.fd,
    }),
  );
  const load = using.use(
    await startChild({ program: join(import.meta.dirname, 'load.ts'), core: 1 }),
  );
  const { port } = await server.ask<{ port: number }>({ ask: 'address' });
  const send = (count: number) => {
    const rest = { port, connections: CONNECTIONS, isGenuine: false };
    return load.ask<LoadAnswer>({ ...rest, requests: count } satisfies LoadQuestion);
  };
  await send(WARM_UP_REQUESTS);
  const before = await server.ask<Usage>({ ask: 'usage-after-gc' });
  const logBefore = (await stat(logFile)).size;
  const answer = await send(requests);
  const after = await server.ask<Usage>({ ask: 'usage-after-gc' });
  const refused = (answer.statuses['401'] ?? 0) + (answer.statuses['400'] ?? 0);
  if (refused !== answer.requests) {
    throw new Error(`${variant} answered ${JSON.stringify(answer.statuses)}`);
  }
  return {
    requests: answer.requests,
    perSecond: (answer.requests * 1000) / answer.elapsedMs,
    heapBytesBefore: before.heapBytes ?? Number.NaN,
    heapBytesAfter: after.heapBytes ?? Number.NaN,
    logBytes: (await stat(logFile)).size - logBefore,
  };
}

/**
 * Requests per second of the durable 202, beside two that store nothing: a fastify route that only
 * verifies the signature, and Probot's middleware with an empty handler.
 *
 * The server under test has one processor to itself; Redis and the client share the other.
 */
import { join } from 'node:path';
import { type BenchRedis, startBenchRedis } from '../kit/bench-redis.ts';
import { type Child, startChild } from '../kit/child.ts';
import { interleave } from '../kit/rounds.ts';
import type { LoadAnswer, LoadQuestion } from './load.ts';
import type { Usage } from './servers/serve.ts';

/** How long and how hard. */
export interface IngressOptions {
  readonly rounds: number;
  readonly durationMs: number;
  /** Requests of each server that are not counted: compiled code is what is measured. */
  readonly warmUpRequests: number;
  readonly connections: number;
  readonly variants: readonly string[];
}

/** One round of one server. */
export interface IngressFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time of the whole server process for one request. */
  readonly serverUs: number;
  readonly redisUs: number;
  readonly clientUs: number;
}

const SERVER_CORE = 0;
const CLIENT_CORE = 1;

/** Figures of each variant, round by round. */
export async function measureIngress(options: IngressOptions) {
  await using redis = await startBenchRedis({ core: CLIENT_CORE, hasFile: false });
  await using servers = new AsyncDisposableStack();
  const load = servers.use(
    await startChild({ program: join(import.meta.dirname, 'load.ts'), core: CLIENT_CORE }),
  );
  const running = new Map<string, { server: Child; port: number }>();
  for (const variant of options.variants) {
    const server = servers.use(await startServer(variant, redis));
    running.set(variant, { server, ...(await server.ask<{ port: number }>({ ask: 'address' })) });
  }
  const send = (port: number, amount: { durationMs: number } | { requests: number }) => {
    const { connections } = options;
    const question: LoadQuestion = { port, connections, isGenuine: true, ...amount };
    return load.ask<LoadAnswer>(question);
  };
  for (const { port } of running.values()) await send(port, { requests: options.warmUpRequests });
  return await interleave(options.variants, options.rounds, async (variant) => {
    const { server, port } = running.get(variant) ?? missing(variant);
    await redis.redis.flushall();
    const before = await used(server, redis);
    const answer = await send(port, { durationMs: options.durationMs });
    const after = await used(server, redis);
    if (answer.statuses[variant === 'probot' ? '200' : '202'] !== answer.requests) {
      throw new Error(`${variant} answered ${JSON.stringify(answer.statuses)}`);
    }
    return {
      perSecond: (answer.requests * 1000) / answer.elapsedMs,
      p50Ms: answer.p50Ms,
      p99Ms: answer.p99Ms,
      serverUs: (after.server - before.server) / answer.requests,
      redisUs: (after.redis - before.redis) / answer.requests,
      clientUs: answer.cpuUs / answer.requests,
    } satisfies IngressFigures;
  });
}

function startServer(variant: string, redis: BenchRedis): Promise<Child> {
  return startChild({
    program: join(import.meta.dirname, 'servers', `${variant}.ts`),
    args: [JSON.stringify(redis.address)],
    core: SERVER_CORE,
  });
}

async function used(server: Child, redis: BenchRedis) {
  const { cpuUs } = await server.ask<Usage>({ ask: 'usage' });
  return { server: cpuUs, redis: await redis.cpuUs() };
}

function missing(variant: string): never {
  throw new Error(`there is no server ${variant}`);
}

/**
 * Real Redis for tests, from the first that there is: `GATEHOUSE_TEST_REDIS_URL` (a server whose
 * numbered databases may be emptied), a container where a Docker engine answers, or a local server,
 * which is found or fetched as the service itself does it. With none of them tests fail; they are
 * never skipped.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectRedis, type RedisAddress, startEmbeddedRedis } from '@gatehouse/store';
import type { Redis } from 'ioredis';
import { quietLog } from './quiet-log.ts';

/** A Redis for the tests of one file. */
export interface TestRedis extends AsyncDisposable {
  /** Connected as the service connects. Closed with the fixture. */
  readonly redis: Redis;
  readonly address: RedisAddress;
  /** Empties it; call it between tests. */
  flush(): Promise<void>;
}

/** A server that belongs to one test, and can be taken away. */
export interface IsolatedRedis extends TestRedis {
  /** Ends the server; what it holds stays on disk. */
  goAway(): Promise<void>;
  /** Starts it again with what it held. */
  comeBack(): Promise<void>;
}

/** One fetched server serves every test of this checkout. */
const serverDir = resolve(import.meta.dirname, '../../../.tools/redis-server');

/** Redis numbers its databases from 0 to 15; vitest numbers its workers from 1. */
const databases = 16;

/** A Redis that this test file has to itself; empty. */
export async function redisForTests(): Promise<TestRedis> {
  const url = process.env.GATEHOUSE_TEST_REDIS_URL;
  if (url !== undefined && url !== '') return fromUrl(url);
  if (await isDockerThere()) return fromContainer();
  return isolatedRedis();
}

/** A local server of one's own, for whatever runs loops or takes Redis away. */
export async function isolatedRedis(): Promise<IsolatedRedis> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-test-'));
  const steps: string[] = [];
  const start = () =>
    startEmbeddedRedis({ dataDir, serverDir, onStep: (s) => steps.push(s), log: quietLog });
  let server = await start();
  const redis = await connectRedis(server.address, quietLog);
  return {
    redis,
    address: server.address,
    flush: async () => {
      await redis.flushall();
    },
    goAway: () => server.stop(),
    comeBack: async () => {
      server = await start();
    },
    [Symbol.asyncDispose]: async () => {
      redis.disconnect();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function fromUrl(text: string): Promise<TestRedis> {
  const url = new URL(text);
  url.pathname = `/${Number(process.env.VITEST_POOL_ID ?? '1') % databases}`;
  const address = { url: url.href };
  const redis = await connectRedis(address, quietLog);
  await redis.flushdb();
  return {
    redis,
    address,
    flush: async () => {
      await redis.flushdb();
    },
    [Symbol.asyncDispose]: async () => {
      await redis.flushdb();
      redis.disconnect();
    },
  };
}

async function fromContainer(): Promise<TestRedis> {
  // Loaded only where it is used: it takes longer to load than a local server to start.
  const { GenericContainer } = await import('testcontainers');
  const container = await new GenericContainer('redis:7.4-alpine').withExposedPorts(6379).start();
  const url = `redis://${container.getHost()}:${container.getMappedPort(6379)}`;
  const fixture = await fromUrl(url);
  return {
    ...fixture,
    [Symbol.asyncDispose]: async () => {
      await fixture[Symbol.asyncDispose]();
      await container.stop();
    },
  };
}

/** Asks the engine's socket without loading a client. */
function isDockerThere(): Promise<boolean> {
  const host = process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  if (!host.startsWith('unix://')) return Promise.resolve(URL.canParse(host));
  return new Promise((done) => {
    const socket = createConnection({ path: host.slice('unix://'.length) });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

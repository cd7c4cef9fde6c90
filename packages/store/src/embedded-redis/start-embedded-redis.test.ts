import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { quietLog } from '@gatehouse/testkit';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectRedis, type RedisAddress } from '../connect.ts';
import { findOnPath, findUnpacked } from './server-program.ts';
import { type EmbeddedRedis, startEmbeddedRedis } from './start-embedded-redis.ts';

const serverDir = resolve(import.meta.dirname, '../../../../.tools/redis-server');

describe('the embedded Redis', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-embedded-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));
  const start = (dir = dataDir, onStep: (text: string) => void = () => undefined) =>
    startEmbeddedRedis({ dataDir: dir, serverDir, onStep, log: quietLog });

  it('keeps what it was told over a restart', async () => {
    const first = await start();
    await connected(first.address, (redis) => redis.set('key', 'value'));
    await first.stop();

    await running(await start(), async (redis) => {
      expect(await redis.get('key')).toBe('value');
    });
  });

  it('listens on a socket that only its owner reaches, and on no port', async () => {
    await running(await start(), async (redis, socketPath) => {
      const folder = await stat(dirname(socketPath));
      const socket = await stat(socketPath);
      const port = await redis.config('GET', 'port');

      expect((folder.mode & 0o777).toString(8)).toBe('700');
      expect((socket.mode & 0o777).toString(8)).toBe('700');
      expect(port).toEqual(['port', '0']);
    });
  });

  it('writes an append-only file and drops nothing for want of memory', async () => {
    await running(await start(), async (redis) => {
      const settings = await redis.config('GET', 'appendonly', 'appendfsync', 'maxmemory-policy');

      expect(settings).toEqual(
        expect.arrayContaining(['yes', 'everysec', 'noeviction', 'appendonly', 'appendfsync']),
      );
    });
  });

  it('says what it does while it starts', async () => {
    const steps: string[] = [];

    const server = await start(dataDir, (text) => steps.push(text));
    await server.stop();

    expect(steps.at(-1)).toMatch(/^Starting \S+ \d+\.\d+/);
  });

  it('refuses a folder that another server uses, and says what to do', async () => {
    const first = await start();

    const second = start();

    await expect(second).rejects.toMatchObject({ code: 'GATE_REDIS_NOT_FOUND', kind: 'operator' });
    await expect(second).rejects.toThrow('GATEHOUSE_REDIS_URL');
    await first.stop();
  });

  it('starts again in the folder of one that was stopped', async () => {
    const first = await start();
    await first.stop();
    await first.stop();

    const second = await start();

    await second.stop();
  });

  it('works where the path is too long for a socket', async () => {
    const deep = join(dataDir, 'deep-'.repeat(20), 'deeper-'.repeat(20));

    await running(await start(deep), async (redis, socketPath) => {
      expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(107);
      expect(((await stat(dirname(socketPath))).mode & 0o777).toString(8)).toBe('700');
      expect(await redis.ping()).toBe('PONG');
    });
  });

  it('ends with its process, however that ends', async () => {
    const { pid, child } = await startInOtherProcess();

    child.kill('SIGKILL');

    await vi.waitUntil(async () => (await titleOf(pid)) === '', { timeout: 10_000 });
  });

  it('ends a server that was left over, and takes over its data', async () => {
    const parent = await startInOtherProcess();
    const { pid, socketPath } = parent;
    await connected({ socketPath }, (redis) => redis.set('key', 'left'));
    const note = await readFile(join(dataDir, 'redis/server.json'), 'utf8');
    const orphan = await startOrphan(parent);
    await writeFile(join(dataDir, 'redis/server.json'), note.replace(`${pid}`, `${orphan.pid}`));
    const steps: string[] = [];

    const next = await start(dataDir, (text) => steps.push(text));

    expect(steps).toContain('Stopping a Redis server that was left over');
    await connected(next.address, async (redis) => expect(await redis.get('key')).toBe('left'));
    await next.stop();
    expect(orphan.child.exitCode).toBe(0);
  });

  it('says everything it tried when there is no way to a server, and how to provide one', async () => {
    const door = resolve(import.meta.dirname, 'start-embedded-redis.ts');
    const code = `
      const { startEmbeddedRedis } = await import(${JSON.stringify(door)});
      const options = { dataDir: process.argv[1], onStep: () => {}, log: {} };
      await startEmbeddedRedis(options).catch((error) => console.log(error.message));
    `;
    const words = ['--input-type=module', '-e', code, dataDir];

    const child = spawn(process.execPath, words, { env: { PATH: '/nonexistent' } });

    const [text] = await once(child.stdout.setEncoding('utf8'), 'data');
    expect(String(text).replaceAll(dataDir, 'DATA')).toMatchInlineSnapshot(`
      "No Redis server was found or could be fetched. Tried PATH: redis-server is not there; valkey-server is not there. Tried the copy in DATA/redis/server: there is none. Tried the distribution’s package: this is not Debian or Ubuntu (no dpkg). Tried a Docker container: there is no docker command. Install redis-server 6.2 or newer (or valkey-server), start Docker, or set GATEHOUSE_REDIS_URL.
      "
    `);
  });

  it('says why when the server does not start', async () => {
    const server = await start();
    await server.stop();
    await writeFile(join(dataDir, 'redis/data/appendonlydir/appendonly.aof.manifest'), 'broken');

    const starting = start();

    await expect(starting).rejects.toMatchObject({ code: 'GATE_REDIS_NOT_FOUND' });
    await expect(starting).rejects.toThrow(/did not start: .*manifest/i);
  });

  /** A server whose parent is another process. */
  async function startInOtherProcess() {
    const door = resolve(import.meta.dirname, 'start-embedded-redis.ts');
    const code = `
      const { startEmbeddedRedis } = await import(${JSON.stringify(door)});
      const log = { error: () => {} };
      const options = JSON.parse(process.argv[1]);
      const server = await startEmbeddedRedis({ ...options, log, onStep: () => {} });
      console.log(server.address.socketPath);
      setInterval(() => {}, 60_000);
    `;
    const options = JSON.stringify({ dataDir, serverDir });
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
    const socketPath = String(line).trim();
    const pid = await connected({ socketPath }, async (redis) => {
      return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
    });
    return { child, pid, socketPath };
  }

  /** Puts a server without a living Gatehouse in the place of one that `parent` runs. */
  async function startOrphan(parent: { pid: number; child: ChildProcess; socketPath: string }) {
    const { socketPath } = parent;
    parent.child.kill('SIGKILL');
    await vi.waitUntil(async () => (await titleOf(parent.pid)) === '', { timeout: 10_000 });
    const dir = join(dataDir, 'redis/data');
    const args = ['--port', '0', '--unixsocket', socketPath, '--dir', dir, '--appendonly', 'yes'];
    const searches = [await findOnPath(), await findUnpacked(serverDir)];
    const program = searches.find((search) => search.isFound)?.program;
    const child = spawn(program?.command ?? '', [...(program?.leadingArgs ?? []), ...args]);
    await vi.waitUntil(() => stat(socketPath).catch(() => null), { timeout: 10_000 });
    return { child, pid: child.pid };
  }
});

async function connected<T>(address: RedisAddress, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = await connectRedis(address, quietLog);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

async function running(
  server: EmbeddedRedis,
  use: (redis: Redis, socketPath: string) => Promise<void>,
): Promise<void> {
  const socketPath = 'socketPath' in server.address ? server.address.socketPath : '';
  try {
    await connected(server.address, (redis) => use(redis, socketPath));
  } finally {
    await server.stop();
  }
}

async function titleOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''); // ended
}

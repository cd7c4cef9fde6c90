/**
 * The Redis server that Gatehouse brings along when none is configured.
 *
 * It owns `DATA/redis`: `data/` (append-only file), `server/` (a fetched program), `server.log`,
 * `server.json` (the running server's socket and process, so that the next start can end one that
 * was left over), `run/` (the socket; 0700). One process at a time holds the folder.
 * Order of search: contracts.md section 4.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GatehouseError } from '@gatehouse/model';
import type { Log } from '@gatehouse/ports';
import * as z from 'zod';
import type { RedisAddress } from '../connect.ts';
import { startContainer } from './container.ts';
import { isAlive, takeDataLock } from './data-lock.ts';
import { fetchServer } from './fetch-server.ts';
import { answersPing, askToEnd, startServer } from './server-process.ts';
import { findOnPath, findUnpacked, type ServerProgram } from './server-program.ts';

/** Where to keep things, and whom to tell. */
export interface EmbeddedRedisOptions {
  /** Gatehouse's data folder; made when missing. */
  readonly dataDir: string;
  /** Where a fetched server is kept; default `DATA/redis/server`. Shared safely by processes. */
  readonly serverDir?: string;
  /** Told, in the user's words, what happens, at least every few seconds while it takes time. */
  readonly onStep: (text: string) => void;
  readonly log: Log;
}

/** A server that was started here. */
export interface EmbeddedRedis extends AsyncDisposable {
  /** For `connectRedis`. */
  readonly address: RedisAddress;
  /** Which server runs, for people. */
  readonly title: string;
  /** Writes the data out and ends the server. Calling it again does nothing. */
  stop(): Promise<void>;
}

/** A unix socket's path ends at 108 bytes, the closing zero included. Source: unix(7). */
const socketPathBytesMax = 107;
const leftoverPatienceMs = 15_000;

const ServerNote = z.strictObject({
  schema: z.literal(1),
  pid: z.int().positive(),
  socketPath: z.string(),
});

/**
 * @throws GatehouseError `GATE_REDIS_NOT_FOUND` (operator) when no way to a server works, another
 * process uses the folder, or the server does not start.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  const redisDir = resolve(options.dataDir, 'redis');
  await mkdir(redisDir, { recursive: true, mode: 0o700 });
  await chmod(redisDir, 0o700);
  const lock = await takeDataLock(redisDir);
  if (lock === null) {
    throw new GatehouseError(
      'GATE_REDIS_NOT_FOUND',
      `Another process runs the embedded Redis of ${redisDir}. Stop it first, give this one ` +
        'another GATEHOUSE_DATA_DIR, or set GATEHOUSE_REDIS_URL.',
    );
  }
  try {
    await endLeftover(redisDir, options);
    const started = await startAnyServer(redisDir, options);
    let stopping: Promise<void> | null = null;
    const stop = (): Promise<void> => {
      stopping ??= started.stop().finally(() => lock.release());
      return stopping;
    };
    return { address: started.address, title: started.title, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

type Started = Pick<EmbeddedRedis, 'address' | 'title'> & { stop(): Promise<void> };

async function startAnyServer(redisDir: string, options: EmbeddedRedisOptions): Promise<Started> {
  const tried: string[] = [];
  const program = await findProgram(redisDir, options, tried);
  if (program !== null) return startProgram(program, redisDir, options);
  options.onStep('Looking for a Docker engine');
  const digest = createHash('sha256').update(redisDir).digest('hex').slice(0, 12);
  const container = await startContainer({
    redisDir,
    name: `gatehouse-redis-${digest}`,
    onStep: options.onStep,
  });
  if (container.isStarted) {
    return {
      address: { url: container.container.url },
      title: 'Redis in a container',
      stop: container.container.stop,
    };
  }
  tried.push(`a Docker container: ${container.reason}`);
  throw new GatehouseError(
    'GATE_REDIS_NOT_FOUND',
    `No Redis server was found or could be fetched. Tried ${tried.join('. Tried ')}. Install ` +
      'redis-server 6.2 or newer (or valkey-server), start Docker, or set GATEHOUSE_REDIS_URL.',
  );
}

async function findProgram(
  redisDir: string,
  options: EmbeddedRedisOptions,
  tried: string[],
): Promise<ServerProgram | null> {
  const serverDir = resolve(options.serverDir ?? join(redisDir, 'server'));
  const { onStep } = options;
  const ways = [
    { name: 'PATH', find: () => findOnPath() },
    { name: `the copy in ${serverDir}`, find: () => findUnpacked(serverDir) },
    { name: 'the distribution’s package', find: () => fetchServer(serverDir, onStep) },
  ];
  for (const way of ways) {
    const search = await way.find();
    if (search.isFound) return search.program;
    tried.push(`${way.name}: ${search.reason}`);
  }
  return null;
}

async function startProgram(
  program: ServerProgram,
  redisDir: string,
  options: EmbeddedRedisOptions,
): Promise<Started> {
  options.onStep(`Starting ${program.title}`);
  const dataDir = join(redisDir, 'data');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const socket = await socketPlace(redisDir);
  const places = { dataDir, socketPath: socket.path, logFile: join(redisDir, 'server.log') };
  const server = await startServer(program, places, options.onStep).catch((cause: unknown) => {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new GatehouseError('GATE_REDIS_NOT_FOUND', `The embedded Redis failed: ${words}`, {
      cause,
    });
  });
  const noteFile = join(redisDir, 'server.json');
  const note = { schema: 1, pid: server.pid, socketPath: socket.path };
  try {
    await writeFile(noteFile, JSON.stringify(note), { mode: 0o600 });
  } catch (error) {
    // Nobody would find a server without its note, and the next one would open its files too.
    await server.stop();
    throw error;
  }
  let isStopping = false;
  void server.ended.then((how) => {
    if (!isStopping) options.log.error({ how }, 'the embedded Redis ended by itself');
  });
  const stop = async (): Promise<void> => {
    isStopping = true;
    await server.stop();
    await rm(noteFile, { force: true });
    await socket.remove();
  };
  return { address: { socketPath: socket.path }, title: program.title, stop };
}

/** A 0700 folder for the socket; a short one of its own where the data folder's path is long. */
async function socketPlace(redisDir: string) {
  const usual = join(redisDir, 'run', 'redis.sock');
  if (Buffer.byteLength(usual) <= socketPathBytesMax) {
    await mkdir(join(redisDir, 'run'), { recursive: true, mode: 0o700 });
    await chmod(join(redisDir, 'run'), 0o700);
    return { path: usual, remove: () => rm(usual, { force: true }) };
  }
  const base = Buffer.byteLength(tmpdir()) < 80 ? tmpdir() : '/tmp';
  const dir = await mkdtemp(join(base, 'gatehouse-')); // made with mode 0700
  return {
    path: join(dir, 'redis.sock'),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Ends a server whose Gatehouse died without stopping it; two on one file would destroy it. */
async function endLeftover(redisDir: string, options: EmbeddedRedisOptions): Promise<void> {
  const text = await readFile(join(redisDir, 'server.json'), 'utf8').catch(() => null); // none
  const note = text === null ? null : ServerNote.safeParse(parseJson(text));
  if (!note?.success) return;
  const { pid, socketPath } = note.data;
  const isOurs = await isServerOf(pid, socketPath);
  if (!isOurs && !(await answersPing(socketPath))) return;
  options.onStep('Stopping a Redis server that was left over');
  if (!(await askToEnd(socketPath)) && isOurs) process.kill(pid, 'SIGTERM');
  const started = performance.now();
  while ((await isServerOf(pid, socketPath)) || (await answersPing(socketPath))) {
    if (performance.now() - started > leftoverPatienceMs) {
      throw new GatehouseError(
        'GATE_REDIS_NOT_FOUND',
        `A Redis server that was left over (process ${pid}) does not end. Stop it and try again.`,
      );
    }
    await delay(50);
  }
}

/** Process ids are reused, so that the process's own title has to name our socket. */
async function isServerOf(pid: number, socketPath: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return false; // then only the socket tells
  const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''); // just ended
  return title.includes(socketPath);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // half written by a crash: no note
  }
}

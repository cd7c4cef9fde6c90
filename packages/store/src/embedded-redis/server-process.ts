/**
 * A Redis server as a child process on a unix socket.
 *
 * Modes: starting (until it answers PING, data loaded) → running → stopping (SIGTERM, writes its
 * file out) → gone. It runs in its own session, so that Ctrl-C reaches Gatehouse alone, which stops
 * the server last. On Linux the kernel sends it SIGTERM when Gatehouse dies without stopping it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { runCommand } from './run-command.ts';
import type { ServerProgram } from './server-program.ts';

/** A large append-only file takes a while to load; beyond this something is wrong. */
const startTimeoutMs = 120_000;
const stopTimeoutMs = 15_000;

/** Where a server keeps things. */
export interface ServerPlaces {
  readonly dataDir: string;
  readonly socketPath: string;
  readonly logFile: string;
}

/** A server that answers. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves when it is gone, with how it ended. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

/** @throws Error when the server ends or stays silent; the message holds its last words. */
export async function startServer(
  program: ServerProgram,
  places: ServerPlaces,
  onStep: (text: string) => void,
): Promise<ServerProcess> {
  const logHandle = await open(places.logFile, 'w', 0o600);
  const spawning = spawnServer(program, places, logHandle);
  const { child, ended } = await spawning.finally(() => logHandle.close());
  const isUp = await answers(places.socketPath, ended, onStep);
  if (!isUp || child.pid === undefined) {
    child.kill('SIGKILL');
    const words = (await readFile(places.logFile, 'utf8')).trim().split('\n').slice(-3).join(' | ');
    throw new Error(`${program.title} did not start: ${words || 'it said nothing'}`);
  }
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const patience = new AbortController();
    const last = delay(stopTimeoutMs, undefined, { signal: patience.signal, ref: false }).then(
      () => child.kill('SIGKILL'),
      () => undefined, // it ended in time
    );
    await ended;
    patience.abort();
    await last;
  };
  return { pid: child.pid, ended, stop };
}

async function spawnServer(
  program: ServerProgram,
  places: ServerPlaces,
  log: FileHandle,
): Promise<{ readonly child: ChildProcess; readonly ended: Promise<string> }> {
  const [command = '', ...args] = [
    ...(await parentDeathWords()),
    program.command,
    ...program.leadingArgs,
    ...['--port', '0', '--unixsocket', places.socketPath, '--unixsocketperm', '700'],
    ...['--dir', places.dataDir, '--appendonly', 'yes', '--appendfsync', 'everysec'],
    // The append-only file is the copy on disk; evicting keys would lose work.
    ...['--save', '', '--maxmemory-policy', 'noeviction', '--daemonize', 'no'],
  ];
  const child = spawn(command, args, { stdio: ['ignore', log.fd, log.fd], detached: true });
  // From the first moment: a server may end before anything else is done here.
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`ended by ${signal ?? `code ${code}`}`));
  });
  await once(child, 'spawn');
  return { child, ended };
}

/** Words that have the kernel end the server with its parent, where util-linux knows how to. */
async function parentDeathWords(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  const words = ['setpriv', '--pdeathsig', 'TERM'] as const;
  const tried = await runCommand(words[0], [...words.slice(1), 'true'], { timeoutMs: 5_000 });
  return tried?.isOk ? words : [];
}

async function answers(
  socketPath: string,
  ended: Promise<string>,
  onStep: (text: string) => void,
): Promise<boolean> {
  const end = new AbortController();
  const isEnded = ended.then(() => end.abort());
  const started = performance.now();
  let toldAt = started;
  while (!end.signal.aborted && performance.now() - started < startTimeoutMs) {
    if (await answersPing(socketPath)) return true;
    if (performance.now() - toldAt > 3_000) {
      toldAt = performance.now();
      onStep(`… Redis is loading its data (${Math.round((toldAt - started) / 1000)} s)`);
    }
    await Promise.race([delay(20), isEnded]);
  }
  return false;
}

/** True when a server on this socket has its data loaded and answers. */
export async function answersPing(socketPath: string): Promise<boolean> {
  return withProbe(socketPath, async (redis) => (await redis.ping()) === 'PONG');
}

/** Asks the server on this socket, if any, to write out its data and end. */
export async function askToEnd(socketPath: string): Promise<boolean> {
  return withProbe(socketPath, async (redis) => {
    // The answer to a SHUTDOWN that works is a closed connection.
    await redis.shutdown().catch(() => undefined);
    return true;
  });
}

async function withProbe(
  socketPath: string,
  ask: (redis: Redis) => Promise<boolean>,
): Promise<boolean> {
  const redis = new Redis({
    path: socketPath,
    lazyConnect: true,
    retryStrategy: () => null,
    commandTimeout: 2_000,
    // LOADING is an answer here, not something to wait for.
    enableReadyCheck: false,
  });
  redis.on('error', () => undefined); // the promise below says the same
  try {
    await redis.connect();
    return await ask(redis);
  } catch {
    return false; // nobody listens, or it is still loading: both are "not yet"
  } finally {
    redis.disconnect();
  }
}

/**
 * The last resort: Redis in a Docker container. A socket cannot be shared with a container on
 * every system, so it listens on a random loopback port behind a random password, which reaches
 * it in a file rather than on a command line that others could read.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLine, runCommand } from './run-command.ts';

const image = 'redis:7.4-alpine';
const pullTimeoutMs = 300_000;

/** A container that runs. */
export interface RedisContainer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A container, or why there is none. */
export type ContainerStart =
  | { readonly isStarted: true; readonly container: RedisContainer }
  | { readonly isStarted: false; readonly reason: string };

/** Where its data goes, its name, and whom to tell. */
export interface ContainerOptions {
  readonly redisDir: string;
  /** Unique per data folder, so that one left over by a crash is found and replaced. */
  readonly name: string;
  readonly onStep: (text: string) => void;
}

/** Never throws for want of an engine. */
export async function startContainer(options: ContainerOptions): Promise<ContainerStart> {
  const info = await runCommand('docker', ['info'], { timeoutMs: 15_000 });
  if (info === null) return { isStarted: false, reason: 'there is no docker command' };
  if (!info.isOk) return { isStarted: false, reason: `no engine answers (${lastLine(info)})` };
  await docker(['rm', '--force', options.name]);
  options.onStep(`Starting the container image ${image}`);
  const password = randomBytes(24).toString('hex');
  const run = await docker(await runWords(options, password), options.onStep);
  if (!run?.isOk) return { isStarted: false, reason: run === null ? 'no docker' : lastLine(run) };
  const port = await docker(['port', options.name, '6379/tcp']);
  const published = /:(\d+)$/m.exec(port?.stdout.trim() ?? '')?.[1];
  if (published === undefined) {
    await docker(['rm', '--force', options.name]);
    return { isStarted: false, reason: 'the container’s port is not published' };
  }
  const stop = async (): Promise<void> => {
    // Redis writes its file out on SIGTERM; `--rm` then removes the container.
    await docker(['stop', '--time', '10', options.name]);
  };
  const url = `redis://:${password}@127.0.0.1:${published}`;
  return { isStarted: true, container: { url, stop } };
}

async function runWords(options: ContainerOptions, password: string): Promise<string[]> {
  const dataDir = join(options.redisDir, 'data');
  const configDir = join(options.redisDir, 'container');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await mkdir(configDir, { recursive: true, mode: 0o700 });
  const lines = [
    'dir /data',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    `requirepass ${password}`,
  ];
  await writeFile(join(configDir, 'redis.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
  const user = `${process.getuid?.() ?? 999}:${process.getgid?.() ?? 999}`;
  return [
    ...['run', '--detach', '--rm', '--name', options.name, '--user', user],
    ...['--publish', '127.0.0.1::6379', '--volume', `${dataDir}:/data`],
    ...['--volume', `${configDir}:/etc/gatehouse:ro`],
    ...[image, 'redis-server', '/etc/gatehouse/redis.conf'],
  ];
}

function docker(words: readonly string[], onStep?: (text: string) => void) {
  return runCommand('docker', words, {
    timeoutMs: pullTimeoutMs,
    onTick: (elapsedMs) => onStep?.(`… still at it (${Math.round(elapsedMs / 1000)} s)`),
  });
}

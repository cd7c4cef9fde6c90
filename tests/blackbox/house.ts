/**
 * A house for black-box tests: the service as a process of its own, started as `gatehouse serve`
 * is, against the simulated GitHub in this process. Tests act as people do, on GitHub's side, and
 * look at what GitHub shows and what the service's HTTP answers.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type CheckRunView,
  createGithubSim,
  DEMO_EVENTS,
  DEMO_PERMISSIONS,
  type GithubSim,
} from '@gatehouse/github-sim';
import { isolatedRedis } from '@gatehouse/testkit';
import { vi } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** The command line's source. */
export const cli = join(root, 'services/gatehouse/src/cli.ts');
/** One fetched Redis server serves every test of this checkout. */
const fetchedRedis = join(root, '.tools/redis-server');
const WAIT_MAX_MS = 90_000;

/** The admin token of every house. */
export const adminToken = 'admin-token-of-the-test';

/** What a test may choose. */
export interface HouseOptions {
  /** Files of `acme/api`'s default branch. */
  readonly files: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running house. */
export interface House extends AsyncDisposable {
  readonly sim: GithubSim;
  /** The service's address. */
  readonly url: string;
  readonly dataDir: string;
  /** Of the process that was started last. */
  readonly pid: number;
  readonly webhookSecret: string;
  /** What the service is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything the service wrote on stdout and stderr. */
  output(): string;
  /** Resolves when nothing is waiting or in hand any more, on either side. */
  idle(): Promise<void>;
  /** Runs that GitHub shows on a pull request's head, of `acme/api` unless given; oldest first. */
  runs(number: number, repository?: string): Promise<readonly CheckRunView[]>;
  /** Resolves with the newest of them once `isWanted` holds for it. */
  runThat(
    number: number,
    isWanted: (run: CheckRunView) => boolean,
    repository?: string,
  ): Promise<CheckRunView>;
  /** Ends the process at once, as a power cut would. */
  kill(): Promise<void>;
  /** Ends the process in order. @returns the exit code. */
  stop(): Promise<number | null>;
  /** Starts the process again on what the last one left. */
  restart(environment?: Readonly<Record<string, string>>): Promise<void>;
}

/** Starts simulator and service; `acme/api` exists, `ada` and `olga` may write, `sam` may not. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-house-'));
  const dataDir = join(folder, 'data');
  await lendRedis(dataDir);
  const sim = createGithubSim({ dataDir: join(folder, 'github'), mergeabilityDelayMs: 20 });
  const { apiUrl } = await sim.start();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const app = await settle(sim, options.files, `${url}/webhooks/github`);
  const base = {
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_GITHUB_API_URL: apiUrl,
    GATEHOUSE_GITHUB_APP_ID: String(app.id),
    GATEHOUSE_GITHUB_PRIVATE_KEY: app.privateKey,
    GATEHOUSE_GITHUB_WEBHOOK_SECRET: app.webhookSecret,
    GATEHOUSE_HTTP_ALLOW: 'http://127.0.0.1:*',
    GATEHOUSE_ADMIN_TOKEN: adminToken,
    ...options.environment,
  };
  const written: string[] = [];
  let service = await startService(base, url, written);
  return {
    sim,
    url,
    dataDir,
    get pid() {
      return service.pid ?? 0;
    },
    webhookSecret: app.webhookSecret,
    environment: base,
    output: () => written.join(''),
    idle: () => untilIdle(sim, url),
    runs: (number, repository = 'acme/api') => runsOf(sim, { repository, number }),
    runThat: (number, isWanted, repository = 'acme/api') =>
      runThat(sim, { repository, number }, isWanted),
    kill: () => end(service, 'SIGKILL').then(() => undefined),
    stop: () => end(service, 'SIGTERM'),
    restart: async (environment = {}) => {
      service = await startService({ ...base, ...environment }, url, written);
    },
    [Symbol.asyncDispose]: async () => {
      await end(service, 'SIGTERM');
      await sim.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts `gatehouse` with arguments and gives what it said when it ended. */
export async function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...cleanEnvironment(), ...environment },
  });
  const written: string[] = [];
  collect(child, written);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: written.join('') };
}

/** A folder of its own for what a test starts. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-house-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Asks again and again until `ask` gives something; the pause only spares the processor. */
export function until<T>(
  what: string,
  ask: () => Promise<T | null>,
  waitMaxMs = WAIT_MAX_MS,
): Promise<T> {
  const asked = async (): Promise<T> => {
    const answer = await ask();
    if (answer === null) throw new Error(`waited in vain for ${what}`);
    return answer;
  };
  return vi.waitFor(asked, { timeout: waitMaxMs, interval: POLL_PAUSE_MS });
}

const POLL_PAUSE_MS = 25;

async function settle(sim: GithubSim, files: HouseOptions['files'], webhookUrl: string) {
  const { act } = sim;
  for (const login of ['olga', 'ada', 'sam']) await act.createUser({ login });
  await act.createOrganization({ login: 'acme' });
  await act.setMember({ organization: 'acme', user: 'olga', role: 'admin' });
  await act.createRepository({ owner: 'acme', name: 'api', files, user: 'olga' });
  await act.setPermission({ repository: 'acme/api', user: 'ada', permission: 'write' });
  const app = await act.registerApp({
    slug: 'gatehouse',
    permissions: DEMO_PERMISSIONS,
    events: DEMO_EVENTS,
    webhookUrl,
  });
  await act.installApp({ app: 'gatehouse', owner: 'acme' });
  await act.settled();
  return app;
}

/** The first Redis of a checkout may have to be fetched; it is then shared by a link. */
export async function lendRedis(dataDir: string): Promise<void> {
  await (await isolatedRedis())[Symbol.asyncDispose]();
  await mkdir(join(dataDir, 'redis'), { recursive: true });
  await symlink(fetchedRedis, join(dataDir, 'redis', 'server'));
}

async function startService(
  environment: Readonly<Record<string, string>>,
  url: string,
  written: string[],
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [cli, 'serve'], {
    env: { ...cleanEnvironment(), ...environment },
  });
  collect(child, written);
  const isReady = await until('the service to be ready', async () => {
    if (child.exitCode !== null) return false;
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    return answer?.status === 200 ? true : null;
  });
  if (!isReady) throw new Error(`the service ended: ${written.join('')}`);
  return child;
}

function collect(child: ChildProcess, written: string[]): void {
  child.stdout?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => written.push(chunk.toString()));
}

/** The environment without settings of whoever runs the tests. */
export function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !entry[0].startsWith('GATEHOUSE_'),
  );
  return Object.fromEntries(entries);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
  return child.exitCode;
}

/** Both sides quiet: GitHub has sent what it had to send, and the service has done what follows. */
async function untilIdle(sim: GithubSim, url: string): Promise<void> {
  await until('the house to be idle', async () => {
    await sim.act.settled();
    const before = (await sim.act.requests({ since: Number.MAX_SAFE_INTEGER })).total;
    const answer = await fetch(`${url}/api/v1/status`);
    const { idle } = (await answer.json()) as { idle: boolean };
    await sim.act.settled();
    const after = (await sim.act.requests({ since: Number.MAX_SAFE_INTEGER })).total;
    return idle && before === after ? true : null;
  });
}

interface Pull {
  readonly repository: string;
  readonly number: number;
}

async function runsOf(sim: GithubSim, pull: Pull): Promise<readonly CheckRunView[]> {
  const view = await sim.act.pullRequest(pull);
  const runs = view.suites.flatMap((suite) => suite.runs);
  return [...runs].sort((a, b) => a.id - b.id);
}

function runThat(
  sim: GithubSim,
  pull: Pull,
  isWanted: (run: CheckRunView) => boolean,
): Promise<CheckRunView> {
  return until(`a run of ${pull.repository}#${pull.number}`, async () => {
    const newest = (await runsOf(sim, pull)).at(-1);
    return newest !== undefined && isWanted(newest) ? newest : null;
  });
}

/**
 * From the receipt of a webhook to the call that creates the check run, and what a whole run asks
 * of GitHub: the service as a process of its own, idle, against the simulated GitHub.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createGithubSim,
  DEMO_EVENTS,
  DEMO_PERMISSIONS,
  type GithubSim,
  type RequestRow,
} from '@gatehouse/github-sim';
import { startBenchRedis } from '../kit/bench-redis.ts';

/** One pull request. */
export interface LatencyFigures {
  /** From the webhook's first byte at the service to GitHub's receipt of the create call. */
  readonly createMs: number;
  /** What of that the simulated GitHub took for its answers. */
  readonly answeringMs: number;
  /** Calls to GitHub before that one. */
  readonly callsBefore: number;
  /** Calls to GitHub until the run is over and everything is quiet. */
  readonly callsInAll: number;
  /** All of them, in order, by the names of GitHub's description. */
  readonly operations: readonly string[];
}

const root = resolve(import.meta.dirname, '../../..');
const cli = join(root, 'services/gatehouse/src/cli.ts');
const PATIENCE_MS = 60_000;
const POLL_MS = 25;

const files = {
  'README.md': '# api\n',
  '.gatehouse.yaml': '- job: {name: unit, run: "true"}\n- project:\n    check: {jobs: [unit]}\n',
};

interface Site {
  readonly sim: GithubSim;
  readonly door: Door;
  readonly url: string;
}

/** Figures of `pulls` pull requests, one after the other; a first one warms up and is left out. */
export async function measureLatency(pulls: number): Promise<LatencyFigures[]> {
  await using open = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  open.defer(() => rm(folder, { recursive: true, force: true }));
  const sim = createGithubSim({ dataDir: join(folder, 'github'), mergeabilityDelayMs: 20 });
  open.defer(() => sim.stop());
  const { apiUrl } = await sim.start();
  const door = open.use(await openDoor());
  const app = await settle(sim, door.url);
  const dataDir = join(folder, 'data');
  await lendRedis(dataDir);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = startService({
    GATEHOUSE_PORT: String(port),
    GATEHOUSE_DATA_DIR: dataDir,
    GATEHOUSE_GITHUB_API_URL: apiUrl,
    GATEHOUSE_GITHUB_APP_ID: String(app.id),
    GATEHOUSE_GITHUB_PRIVATE_KEY: app.privateKey,
    GATEHOUSE_GITHUB_WEBHOOK_SECRET: app.webhookSecret,
    GATEHOUSE_LOG_LEVEL: 'warn',
  });
  open.defer(() => end(service));
  door.target = url;
  await until('the service', async () => (await status(url, '/readyz')) === 200);
  const figures: LatencyFigures[] = [];
  for (let pull = 0; pull <= pulls; pull += 1) {
    figures.push(await openOne({ sim, door, url }, `change-${pull}`));
  }
  return figures.slice(1);
}

async function openOne({ sim, door, url }: Site, branch: string): Promise<LatencyFigures> {
  const on = { repository: 'acme/api', user: 'ada' };
  await sim.act.pushCommit({ ...on, branch, files: { 'change.txt': `${branch}\n` } });
  await untilQuiet(sim, url);
  const seen = (await sim.act.requests({ since: Number.MAX_SAFE_INTEGER })).total;
  door.receivedAt = null;
  const pull = await sim.act.openPullRequest({ ...on, head: branch, title: branch });
  await until('the run', async () => {
    const runs = await sim.act.requests({ since: seen });
    return runs.requests.some(isCreate);
  });
  await untilQuiet(sim, url);
  const { requests } = await sim.act.requests({ since: seen });
  const made = requests.filter(({ app }) => app !== null);
  const create = made.findIndex(isCreate);
  const created = made[create];
  if (created === undefined || door.receivedAt === null) {
    throw new Error(`nothing was created for pull request ${pull.number}`);
  }
  const before = made.slice(0, create);
  return {
    // The simulator notes a call when it has answered it.
    createMs: Date.parse(created.at) - created.durationMs - door.receivedAt,
    answeringMs: before.reduce((sum, { durationMs }) => sum + durationMs, 0),
    callsBefore: create,
    callsInAll: made.length,
    operations: made.map(({ operation, path }) => operation ?? path),
  };
}

function isCreate({ operation }: RequestRow): boolean {
  return operation === 'checks/create';
}

/** Stands in front of the service and tells when a webhook came. */
interface Door extends AsyncDisposable {
  readonly url: string;
  target: string;
  /** Of the first pull request's webhook since it was set to null; milliseconds since 1970. */
  receivedAt: number | null;
}

async function openDoor(): Promise<Door> {
  const server = createServer((incoming, outgoing) => {
    if (incoming.headers['x-github-event'] === 'pull_request') door.receivedAt ??= Date.now();
    const { method = 'POST', headers, url = '' } = incoming;
    // Before the service runs, GitHub's first events are none of its business.
    if (door.target === '') {
      incoming.resume();
      outgoing.writeHead(202).end();
      return;
    }
    const onward = request(`${door.target}${url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const door: Door = {
    url: `http://127.0.0.1:${port}/webhooks/github`,
    target: '',
    receivedAt: null,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return door;
}

async function settle({ act }: GithubSim, webhookUrl: string) {
  for (const login of ['olga', 'ada']) await act.createUser({ login });
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

/** The working copy's fetched Redis server, so that none is fetched for this. */
async function lendRedis(dataDir: string): Promise<void> {
  await (await startBenchRedis({ hasFile: false }))[Symbol.asyncDispose]();
  await mkdir(join(dataDir, 'redis'), { recursive: true });
  await symlink(join(root, '.tools/redis-server'), join(dataDir, 'redis', 'server'));
}

function startService(settings: Readonly<Record<string, string>>): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GATEHOUSE_'));
  return spawn(process.execPath, [cli, 'serve'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...Object.fromEntries(own), ...settings },
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}

async function untilQuiet(sim: GithubSim, url: string): Promise<void> {
  await until('silence', async () => {
    await sim.act.settled();
    const before = (await sim.act.requests({ since: Number.MAX_SAFE_INTEGER })).total;
    const answer = await fetch(`${url}/api/v1/status`);
    const { idle } = (await answer.json()) as { idle: boolean }; // the status API's contract
    await sim.act.settled();
    const after = (await sim.act.requests({ since: Number.MAX_SAFE_INTEGER })).total;
    return idle && before === after;
  });
}

async function status(url: string, path: string): Promise<number | null> {
  return await fetch(`${url}${path}`).then(
    (answer) => answer.status,
    () => null, // it does not listen yet
  );
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`waited in vain for ${what}`);
    await delay(POLL_MS);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  await once(server, 'close');
  return port;
}

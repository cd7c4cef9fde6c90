/** A runner with everything around it in memory, except processes, git, files and sockets. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BuildId,
  buildId,
  buildsetId,
  commitSha,
  type Execution,
  effectKey,
  type FrozenJob,
  tenantId,
} from '@gatehouse/model';
import {
  asJson,
  type Build,
  type BuildCompleted,
  type EngineEvent,
  type Item,
  itemRecordKey,
  readEvent,
} from '@gatehouse/pipeline';
import type { BuildRegister, CheckoutAccess, MessageOutcome } from '@gatehouse/ports';
import { memoryStore, recordingLog } from '@gatehouse/testkit';
import type { OutputScrubber, RunnerSettings } from '../deps.ts';
import { createRunner } from '../runner.ts';
import { buildOf, changeAt, itemWith } from './builders.ts';
import { memoryLogs } from './memory-logs.ts';
import { memoryQueue } from './memory-queue.ts';

/** A token in the shape of GitHub's. */
export const TOKEN = `ghs_${'x1Y2'.repeat(10)}`;
const SECRET = 'webhook secret';
const tenant = tenantId('acme');
const buildset = buildsetId('run-0');

/** What a test says about the build; everything else has a plain value. */
export interface Given {
  readonly execution: Execution;
  readonly job?: Partial<FrozenJob>;
  readonly build?: Partial<Build>;
  readonly item?: Partial<Item>;
  /** Other builds of the item. */
  readonly others?: readonly Build[];
}

/** What a test says about the runner's surroundings. */
export interface Surroundings {
  readonly access?: CheckoutAccess;
  readonly settings?: Partial<RunnerSettings>;
  readonly logBytesMax?: number;
  readonly heartbeatMs?: number;
  /** Puts something in front of the register. */
  readonly builds?: (register: BuildRegister) => BuildRegister;
}

/** Makes a world whose runner is started. */
export async function openWorld(surroundings: Surroundings = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-runner-'));
  const store = memoryStore();
  const queue = memoryQueue();
  const logs = memoryLogs(surroundings.logBytesMax);
  const log = recordingLog();
  const scrubbed: string[] = [];
  const repository = makeRepository(folder);
  const access = surroundings.access ?? { cloneUrl: repository.path, token: TOKEN };
  const dataDir = join(folder, 'data');
  const deps = {
    ...{
      queue,
      logs,
      log,
      tenants: store.tenants,
      builds: surroundings.builds?.(store.builds) ?? store.builds,
    },
    announcements: store.announcements,
    checkouts: { openCheckout: async () => access },
    clock: { now: () => Date.now() },
    settings: {
      dataDir,
      publicUrl: 'https://gatehouse.example',
      concurrency: 2,
      isHttpAllowed: (url: URL) => url.hostname === '127.0.0.1',
      webhookSecret: SECRET,
      allowsUnsandboxedUntrusted: false,
      hostEnvironment: hostEnvironment(),
      ...surroundings.settings,
    },
    heartbeatMs: surroundings.heartbeatMs ?? 60_000,
    scrubberFor: (secrets: readonly string[]) => {
      scrubbed.push(...secrets);
      return plainScrubber(secrets);
    },
  };
  const runner = createRunner(deps);
  await runner.start();

  return {
    ...{ folder, dataDir, store, queue, logs, log, scrubbed, repository, runner },
    webhookSecret: SECRET,
    /** Stores an item with one build, as the engine leaves it when it launches the build. */
    async storeItem(given: Given): Promise<Item> {
      const item = itemFor(given, repository);
      await writeItem(store, item);
      return item;
    },
    launch: (build = 'run-0.0', attempt = 1): Promise<MessageOutcome> =>
      queue.deliver({ ...message(buildId(build), attempt), action: 'launch' }),
    cancel: (build = 'run-0.0', attempt = 1): Promise<MessageOutcome> =>
      queue.deliver({ ...message(buildId(build), attempt), action: 'cancel' }),
    /** Everything the engine was told, in order. */
    async events(): Promise<readonly EngineEvent[]> {
      const { events } = await store.tenants.openTurn(tenant, 100);
      return events.map((event) => readEvent(event.body));
    },
    async result(): Promise<BuildCompleted | null> {
      const events = await this.events();
      return events.find((event) => event.type === 'BuildCompleted') ?? null;
    },
    async [Symbol.asyncDispose]() {
      await runner.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A world. */
export type World = Awaited<ReturnType<typeof openWorld>>;

/** Directories of attempts that are still there. */
export async function leftWorkspaces({ dataDir }: World): Promise<readonly string[]> {
  const all = join(dataDir, 'workspaces');
  const runners = await readdir(all);
  const found = await Promise.all(runners.map((name) => readdir(join(all, name))));
  return found.flat();
}

function message(build: BuildId, attempt: number) {
  return { key: effectKey(`launch/${build}/${attempt}`), tenant, buildset, build, attempt };
}

async function writeItem(store: ReturnType<typeof memoryStore>, item: Item): Promise<void> {
  const { version } = await store.tenants.openTurn(tenant, 1);
  await store.tenants.commit(tenant, {
    expectedVersion: version,
    consumed: [],
    writes: [{ key: itemRecordKey(item.buildset), body: asJson(item), timeToLiveMs: null }],
    effects: [],
    live: { added: [], removed: [] },
  });
}

/** The host's own PATH without reading the environment: where node and git are. */
function hostEnvironment(): Record<string, string> {
  const node = join(process.execPath, '..');
  return {
    PATH: `${node}:/usr/local/bin:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    SERVICE_SECRET: 'must not be seen',
  };
}

/** Replaces whole secrets in a chunk: the real one is tested where it is made. */
function plainScrubber(secrets: readonly string[]): OutputScrubber {
  return {
    push: (chunk) => {
      const bytes = Buffer.from(chunk);
      const isClean = secrets.every((secret) => !bytes.includes(secret));
      if (isClean) return bytes;
      const clean = secrets.reduce(
        (text, secret) => text.replaceAll(secret, '***'),
        bytes.toString('latin1'),
      );
      return Buffer.from(clean, 'latin1');
    },
    end: () => Buffer.alloc(0),
  };
}

/** A bare repository with two commits on main; the second is also the state of change 7. */
export interface TestRepository {
  readonly path: string;
  readonly first: string;
  readonly second: string;
}

function makeRepository(folder: string): TestRepository {
  const path = join(folder, 'api.git');
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: folder };
  const run = (args: readonly string[], input = '') =>
    execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', input }).trim();
  run(['init', '--quiet', '--bare', '--initial-branch=main', path]);
  run(['-C', path, 'fast-import', '--quiet'], HISTORY);
  const [first = '', second = ''] = run(['-C', path, 'rev-parse', 'main~1', 'main']).split('\n');
  return { path, first, second };
}

/** Two commits, as `git fast-import` reads them; the script is not executable. */
const HISTORY = `commit refs/heads/main
mark :1
committer Ada <ada@example.com> 1767225600 +0000
data 5
first
M 100644 inline greeting.txt
data 6
hello

M 100644 inline ci/run.sh
data 17
cat greeting.txt

commit refs/heads/main
mark :2
committer Ada <ada@example.com> 1767225601 +0000
data 6
second
from :1

reset refs/pull/7/merge
from :2

`;

function itemFor(given: Given, repository: TestRepository): Item {
  const build = buildOf({ execution: given.execution, ...given.job }, given.build);
  return itemWith({
    change: changeAt(repository.second),
    state: {
      ref: 'refs/pull/7/merge',
      sha: commitSha(repository.second),
      baseSha: null,
      ownedBranch: null,
    },
    builds: [build, ...(given.others ?? [])],
    ...given.item,
  });
}

/**
 * The processes of docker-compose.yml, as processes of this machine: each with the roles that its
 * container takes, on one Redis, sharing nothing but the folder of the logs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { propose, readLog, withJob } from '../blackbox/actions.ts';
import {
  cleanEnvironment,
  freePort,
  type House,
  openHouse,
  temporaryFolder,
  until,
} from '../blackbox/house.ts';
import { openTcpRedis, type TcpRedis } from '../blackbox/tcp-redis.ts';
import { readCompose } from './compose.ts';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'services/gatehouse/src/cli.ts');

interface Container {
  readonly name: string;
  readonly roles: string;
}

let redis: TcpRedis;
let house: House;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const started: ChildProcess[] = [];

beforeAll(async () => {
  const containers = await composeContainers();
  const front = containers.find(({ name }) => name === 'front');
  redis = await openTcpRedis();
  folder = await temporaryFolder();
  house = await openHouse({
    files: withJob('echo said by the job'),
    environment: {
      GATEHOUSE_ROLES: front?.roles ?? '',
      GATEHOUSE_REDIS_URL: redis.url,
      GATEHOUSE_SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      GATEHOUSE_PUBLIC_DASHBOARD: 'true',
    },
  });
  await mkdir(join(house.dataDir, 'logs'), { recursive: true, mode: 0o700 });
  await Promise.all(containers.filter((container) => container !== front).map(start));
});

afterAll(async () => {
  for (const child of started) {
    if (child.exitCode !== null) continue;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await closed;
  }
  await house?.[Symbol.asyncDispose]();
  await redis?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

test('a pull request gets its check run from processes that share only Redis', async () => {
  const { number } = await propose(house, { 'a.txt': 'a\n' }, 'over-containers');

  const run = await house.runThat(number, (one) => one.status === 'completed');

  expect(run).toMatchObject({ name: 'gatehouse/check', conclusion: 'success' });
});

test('the front shows the log that the runner wrote', async () => {
  const { number } = await propose(house, { 'b.txt': 'b\n' }, 'with-a-log');
  const run = await house.runThat(number, (one) => one.status === 'completed');

  const log = await readLog(house, run);

  expect(log).toContain('said by the job');
});

/** Ready when its own `/readyz` says so, as its container's health check asks. */
async function start({ name, roles }: Container): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = join(folder.path, name);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (name === 'runner') await symlink(join(house.dataDir, 'logs'), join(dataDir, 'logs'));
  const child = spawn(process.execPath, [cli, 'serve'], {
    env: {
      ...cleanEnvironment(),
      ...house.environment,
      // As compose gives it to all: links lead to the front.
      GATEHOUSE_PUBLIC_URL: house.url,
      GATEHOUSE_PORT: String(port),
      GATEHOUSE_DATA_DIR: dataDir,
      GATEHOUSE_ROLES: roles,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  started.push(child);
  await until(`${name} to be ready`, async () => {
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    return answer?.status === 200 ? true : null;
  });
}

async function composeContainers(): Promise<readonly Container[]> {
  const { services } = readCompose(await readFile(join(root, 'docker-compose.yml'), 'utf8'));
  return Object.entries(services).flatMap(([name, { environment }]) => {
    const roles = environment?.GATEHOUSE_ROLES;
    return roles === undefined ? [] : [{ name, roles }];
  });
}

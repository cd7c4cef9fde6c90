import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Trust } from '@gatehouse/model';
import { quietLog } from '@gatehouse/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { command } from '../testing/builders.ts';
import { openWorld, type World } from '../testing/world.ts';
import { createSandbox, createSandboxFinder } from './sandbox.ts';
import { createWorkspaces } from './workspace.ts';

const approved: Trust = {
  isTrusted: true,
  ground: { code: 'approved', by: 'grace', via: 'button' },
};
const untrusted: Trust = { isTrusted: false, author: 'mallory', authorPermission: 'read' };

let folder: string;
/** Where no bubblewrap is found, whatever this machine has. */
let bare: { readonly PATH: string };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-sandbox-'));
  bare = { PATH: join(folder, 'programs') };
  await mkdir(bare.PATH);
  for (const name of ['bash', 'git', 'mkfifo', 'touch']) {
    await symlink(`/usr/bin/${name}`, join(bare.PATH, name));
  }
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

/** Stands in for bubblewrap: notes that it was asked, drops its options, and runs the program. */
async function placeBwrap(world: World, script: string): Promise<void> {
  const bin = join(world.dataDir, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'bwrap'), `#!/bin/bash\n${script}\n`);
  await chmod(join(bin, 'bwrap'), 0o755);
}

test('an untrusted head is not run, whoever sent the launch', async () => {
  await using world = await openWorld();
  await world.storeItem({ execution: command('touch ../../../ran'), item: { trust: untrusted } });

  await world.launch();

  expect(await world.result()).toMatchObject({
    result: 'ERROR',
    detail: 'the head is not trusted, so this job is not run',
  });
  expect(world.logs.offeredBytes()).toBe(0);
});

test('an approved outside head is not run without a sandbox, and the remedy is named', async () => {
  await using world = await openWorld({ settings: { hostEnvironment: bare } });
  await world.storeItem({ execution: command('true'), item: { trust: approved } });

  await world.launch();

  const end = await world.result();
  expect(end?.result).toBe('ERROR');
  expect(end?.detail).toContain('apt install bubblewrap');
  expect(end?.detail).toContain('GATEHOUSE_UNSANDBOXED_UNTRUSTED=true');
});

test('the operator can let an approved outside head run plainly', async () => {
  const settings = { hostEnvironment: bare, allowsUnsandboxedUntrusted: true };
  await using world = await openWorld({ settings });
  await world.storeItem({ execution: command('true'), item: { trust: approved } });

  await world.launch();

  expect(await world.result()).toMatchObject({ result: 'SUCCESS' });
});

test('a bwrap that shuts nothing in is found out and not used', async () => {
  await using world = await openWorld({ settings: { hostEnvironment: bare } });
  await placeBwrap(world, 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"');
  await world.storeItem({ execution: command('true'), item: { trust: approved } });

  await world.launch();

  expect(await world.result()).toMatchObject({ result: 'ERROR' });
  expect(world.log.lines).toContainEqual(
    expect.objectContaining({ message: 'no sandbox: bwrap does not work here' }),
  );
});

test('with a sandbox that works every step of an approved head runs in it', async () => {
  await using world = await openWorld({ settings: { hostEnvironment: bare } });
  await placeBwrap(
    world,
    `while [ "$1" != -- ]; do shift; done; shift
     if [ "$4" = probe ] || [ "$2" = -c ]; then exit 0; fi
     echo shut in; exec "$@"`,
  );
  await world.storeItem({
    execution: command(['echo one', 'echo two']),
    item: { trust: approved },
  });

  await world.launch();

  expect(await world.result()).toMatchObject({ result: 'SUCCESS' });
  expect(world.logs.text().match(/shut in\n(?:one|two)\n/g)).toHaveLength(2);
});

test('a head of somebody who may write runs plainly', async () => {
  await using world = await openWorld({ settings: { hostEnvironment: bare } });
  await placeBwrap(world, 'echo shut in; exit 1');
  await world.storeItem({ execution: command('echo plainly') });

  await world.launch();

  expect(world.logs.text()).toContain('\nplainly\n');
  expect(world.logs.text()).not.toContain('shut in');
});

test('the sandbox shows the system read-only and of the data one workspace alone', async () => {
  const workspaces = createWorkspaces(folder);
  const workspace = await workspaces.open('run-0.0');
  const sandbox = createSandbox('/usr/bin/bwrap', {
    searchPath: '/usr/bin:/opt/node/bin:bin',
    dataDir: folder,
  });

  const line = sandbox.wrap(workspace, ['bash', '-c', 'true']);

  const text = line.join(' ');
  for (const part of ['user', 'pid', 'ipc', 'uts']) expect(line).toContain(`--unshare-${part}`);
  expect(line).not.toContain('--unshare-net');
  expect(text).toContain('--cap-drop ALL');
  expect(text).toContain('--tmpfs /tmp');
  const writable = line.filter((_word, index) => line[index - 1] === '--bind');
  const { checkout, home, temporary, exchange } = workspace;
  expect(writable).toEqual([checkout, home, temporary, exchange]);
  const readable = line.filter((_word, index) => line[index - 1] === '--ro-bind-try');
  expect(readable).toEqual(expect.arrayContaining(['/usr', '/opt/node']));
  expect(text).toContain(`--tmpfs ${folder} --bind`);
  for (const hidden of ['/', '/etc', '/run', '/var', '/home', '/root', '/opt', folder]) {
    expect(readable).not.toContain(hidden);
  }
  expect(line.slice(-4)).toEqual(['--', 'bash', '-c', 'true']);
  await workspaces.remove(workspace);
});

test('what dead runners left is removed at the start, what living ones use is not', async () => {
  const all = join(folder, 'workspaces');
  const living = createWorkspaces(folder);
  const workspace = await living.open('run-0.0');
  const [own = ''] = await readdir(all);
  const [host] = own.split('.');
  const dead = join(all, `${host}.${process.pid}.1`, 'run-9.0-abc');
  await mkdir(join(dead, 'checkout'), { recursive: true });

  const removed = await createWorkspaces(folder).sweep();

  expect(removed).toBe(1);
  expect(await readdir(all)).toEqual([own]);
  expect(await readdir(join(all, own))).toHaveLength(1);
  await living.remove(workspace);
});

test('what another runner removes at the same moment does not stop the start', async () => {
  const all = join(folder, 'workspaces');
  await mkdir(all);
  await symlink(join(folder, 'gone'), join(all, 'otherhost.1.2'));

  expect(await createWorkspaces(folder).sweep()).toBe(0);
});

function finderOf(dataDir: string) {
  const workspaces = createWorkspaces(dataDir);
  const searchPath = '/usr/bin:/bin';
  return createSandboxFinder({ dataDir, searchPath, workspaces, log: quietLog });
}

async function installBwrap(script: string): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'bwrap'), `#!/bin/bash\n${script}\n`);
  await chmod(join(bin, 'bwrap'), 0o755);
}

test('a full disk at the first try is not remembered as having no sandbox', async () => {
  await installBwrap('exit 0');
  // A file where the folder of workspaces should be.
  await writeFile(join(folder, 'workspaces'), '');
  const find = finderOf(folder);

  await expect(find()).rejects.toThrow('workspaces');
  await rm(join(folder, 'workspaces'));

  expect(await find()).not.toBeNull();
});

test('a first try that the kernel ended is not remembered as having no sandbox', async () => {
  await installBwrap('kill -KILL $$');
  const find = finderOf(folder);

  await expect(find()).rejects.toThrow('the sandbox was ended by SIGKILL');
  await installBwrap('exit 0');

  expect(await find()).not.toBeNull();
});

test('a sandbox that is put right later is found within minutes, without a restart', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  await installBwrap('exit 1');
  const find = finderOf(folder);
  const answers = [await find()];
  await installBwrap('exit 0');

  answers.push(await find());
  vi.advanceTimersByTime(5 * 60_000);
  const later = await find();

  expect(answers).toEqual([null, null]);
  expect(later).not.toBeNull();
});

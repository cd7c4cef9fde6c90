import { execFileSync } from 'node:child_process';
import { commitSha } from '@gatehouse/model';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { command } from '../testing/builders.ts';
import { type GitServer, gitServer } from '../testing/git-server.ts';
import { openWorld, TOKEN, type World } from '../testing/world.ts';

let server: GitServer;
let world: World;

beforeEach(async () => {
  server = await gitServer();
  world = await openWorld({ access: { cloneUrl: server.url, token: TOKEN } });
  server.serve(world.repository.path);
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const basic = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');

test('over HTTP the token is sent to the server and is in no file of the checkout', async () => {
  await world.storeItem({
    execution: command([
      'cat .git/config',
      // The pattern is put together there, or the shell's own command line would match.
      `if grep -r "${basic.slice(0, 12)}[${basic[12]}]" .. ; then exit 8; fi`,
    ]),
  });

  await world.launch();

  expect(await world.result()).toMatchObject({ result: 'SUCCESS' });
  expect(server.authorizations).toContain(`Basic ${basic}`);
});

test('a server that gives no commit by name is asked for the ref', async () => {
  const { repository } = world;
  await world.storeItem({
    execution: command('git rev-parse HEAD'),
    item: {
      state: {
        ref: 'refs/pull/7/merge',
        sha: commitSha(repository.first),
        baseSha: null,
        ownedBranch: null,
      },
    },
  });

  await world.launch();

  expect(world.logs.text()).toContain(`did not give ${repository.first} by name`);
  expect(world.logs.text()).toContain(`\n${repository.first}\n`);
  expect(await world.result()).toMatchObject({ result: 'SUCCESS' });
});

test('a commit that is no longer in its ref asks for another attempt', async () => {
  const options = { cwd: world.repository.path, encoding: 'utf8' as const };
  const tree = execFileSync('git', ['rev-parse', 'main^{tree}'], options).trim();
  const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const stray = execFileSync(
    'git',
    [...person, 'commit-tree', '-m', 'stray', tree],
    options,
  ).trim();
  const state = { ref: 'refs/pull/7/merge', baseSha: null, ownedBranch: null };
  await world.storeItem({
    execution: command('true'),
    item: { state: { ...state, sha: commitSha(stray) } },
  });

  await world.launch();

  expect(await world.result()).toMatchObject({
    result: 'RETRY',
    detail: `checkout failed: refs/pull/7/merge does not hold ${stray} any more`,
  });
});

test('a server that refuses access asks for another attempt and says why', async () => {
  server.refuse();
  await world.storeItem({ execution: command('true') });

  await world.launch();

  const end = await world.result();
  expect(end?.result).toBe('RETRY');
  expect(end?.detail).toMatch(/^checkout failed: .*(403|terminal prompts|Authentication)/);
});

test('a redirect does not take the token elsewhere', async () => {
  await using elsewhere = await gitServer();
  elsewhere.serve(world.repository.path);
  server.redirectTo(elsewhere.url);
  await world.storeItem({ execution: command('true') });

  await world.launch();

  expect(elsewhere.authorizations).toEqual([]);
  expect(await world.result()).toMatchObject({ result: 'RETRY' });
});

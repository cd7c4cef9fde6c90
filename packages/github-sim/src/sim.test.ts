import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { createSimClient } from './client.ts';
import { seedDemo } from './seed/demo.ts';
import { buildWorld, openBranchPull, startTestSim } from './testing.ts';

test('a client in another process does what the library does', async () => {
  await using on = await startTestSim();
  await buildWorld(on);
  const client = createSimClient(on.url);

  const push = { repository: 'acme/api', user: 'ada', branch: 'fix', files: { 'a.txt': 'a\n' } };
  const { sha } = await client.pushCommit(push);
  const pull = await client.openPullRequest({ ...push, head: 'fix', title: 'Fix' });
  await client.comment({ repository: 'acme/api', number: pull.number, user: 'sam', body: 'nice' });
  const view = await client.pullRequest({ repository: 'acme/api', number: pull.number });
  const overview = await client.overview({ repository: 'acme/api' });

  expect(view).toMatchObject({
    title: 'Fix',
    author: 'ada',
    headSha: sha,
    state: 'open',
    commits: [{ sha, author: 'ada' }],
    files: [{ path: 'a.txt', status: 'added', additions: 1 }],
    comments: [{ author: 'sam', body: 'nice' }],
  });
  expect(overview.repositories[0]?.pullRequests).toHaveLength(1);
  expect(await client.violations()).toEqual([]);
});

test('the control API tells what is missing, unknown or refused', async () => {
  await using on = await startTestSim();
  await buildWorld(on);
  const client = createSimClient(on.url);

  const missing = await fetch(`${on.url}/_sim/create-user`, { method: 'POST', body: '{}' });
  const unknown = await fetch(`${on.url}/_sim/fly`, { method: 'POST', body: '{}' });
  const garbage = await fetch(`${on.url}/_sim/create-user`, { method: 'POST', body: '{' });
  const denied = client.pushCommit({
    repository: 'acme/api',
    branch: 'main',
    user: 'sam',
    files: { a: 'b' },
  });

  expect(missing.status).toBe(400);
  expect(await missing.json()).toEqual({ message: 'create-user needs login' });
  expect(unknown.status).toBe(404);
  expect(garbage.status).toBe(400);
  await expect(denied).rejects.toMatchObject({
    status: 403,
    message: 'Permission to acme/api denied to sam.',
  });
});

test('the stream of changes ticks on each change', async () => {
  await using on = await startTestSim();
  await buildWorld(on);
  const aborter = new AbortController();
  const ticks = createSimClient(on.url).events(aborter.signal);
  const hello = await ticks.next();
  await on.act.createBranch({ repository: 'acme/api', branch: 'x', user: 'ada' });
  const push = await ticks.next();
  aborter.abort();

  expect(hello.value).toMatchObject({ kind: 'hello' });
  expect(push.value).toMatchObject({ kind: 'push', repository: 'acme/api' });
  expect((await ticks.next()).done).toBe(true);
});

test('the view of a pull request shows checks and what blocks the merge', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');
  await on.act.setBranchProtection({
    repository: 'acme/api',
    branch: 'main',
    protection: { requiredReviews: 1 },
  });
  await call('POST', '/repos/acme/api/check-runs', {
    body: {
      name: 'gatehouse/check',
      head_sha: headSha,
      conclusion: 'action_required',
      output: { title: 'Waiting', summary: '| job |' },
      actions: [{ label: 'Approve', description: 'Approve and run', identifier: 'approve' }],
    },
  });

  const view = await on.act.pullRequest({ repository: 'acme/api', number: 1 });

  expect(view.suites).toMatchObject([
    {
      app: 'gatehouse',
      conclusion: 'action_required',
      runs: [{ name: 'gatehouse/check', summary: '| job |', actions: [{ identifier: 'approve' }] }],
    },
  ]);
  expect(view.mergeBox).toMatchObject({ canMerge: false });
  expect(view.mergeBox.reasons).toHaveLength(1);
});

test('a restart on the same folder goes on where it stopped', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'github-sim-restart-'));
  const first = await startTestSim({ dataDir });
  const { token } = await buildWorld(first);
  await openBranchPull(first.act, 'fix');
  await first[Symbol.asyncDispose]();

  const second = await startTestSim({ dataDir });
  const response = await fetch(`${second.apiUrl}/repos/acme/api/pulls/1`, {
    headers: { authorization: `token ${token}`, 'user-agent': 'test' },
  });

  expect(second.sim.isRestored).toBe(true);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ number: 1, title: 'fix' });
  await second[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

test('changes of one repository at the same time take turns', async () => {
  await using on = await startTestSim();
  const { sha } = await buildWorld(on);
  const push = { repository: 'acme/api', branch: 'main', user: 'ada' };
  const names = ['a', 'b', 'c', 'd', 'e'];

  await Promise.all(names.map((name) => on.act.pushCommit({ ...push, files: { [name]: name } })));

  const refs = await on.act.refs({ repository: 'acme/api' });
  const found = await Promise.all(
    names.map((path) => on.act.readFile({ repository: 'acme/api', path })),
  );
  expect(refs['refs/heads/main']).not.toBe(sha);
  expect(found.map((each) => each.content)).toEqual(names);
});

test('the demo has a passing, a failing and an outside pull request', async () => {
  await using on = await startTestSim();

  const demo = await seedDemo(on.act, {});
  const file = await on.act.readFile({ repository: 'acme/api', path: '.gatehouse.yaml' });
  const outside = await on.act.pullRequest({ repository: 'acme/web', number: 1 });

  expect(demo.pullRequests.map((each) => `${each.repository}#${each.number}`)).toEqual([
    'acme/api#1',
    'acme/api#2',
    'acme/web#1',
  ]);
  expect(file.content).toContain('name: unit');
  expect(outside).toMatchObject({ author: 'sam', head: 'sam:contact' });
  expect(on.sim.violations).toEqual([]);
});

test('as a process it says where it listens, writes the key, and stops on SIGTERM', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'github-sim-main-'));
  const key = join(dataDir, 'app.pem');
  const main = new URL('./main.ts', import.meta.url).pathname;
  const args = [
    main,
    '--app-id',
    '4711',
    '--data-dir',
    join(dataDir, 'data'),
    '--seed-demo',
    '--app-key-file',
    key,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  const ready = JSON.parse(String(line));
  const overview = await createSimClient(ready.url).overview();
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');

  expect(ready).toMatchObject({
    apiUrl: `${ready.url}/api/v3`,
    app: { id: 4711, slug: 'gatehouse' },
  });
  expect(overview.repositories.map((each) => each.repository)).toContain('acme/api');
  expect(await readFile(key, 'utf8')).toContain('PRIVATE KEY');
  expect(code).toBe(0);
  await rm(dataDir, { recursive: true, force: true });
});

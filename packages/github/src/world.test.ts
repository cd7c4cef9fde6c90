/** The adapter against a whole GitHub: every API area once, and nothing that GitHub refuses. */
import { buildsetId, commitSha, repositoryKey } from '@gatehouse/model';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runningCheck } from './test/bodies.ts';
import { startWorld, type World } from './test/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterEach(async () => {
  await world.sim.act.clearFaults();
  expect(world.sim.violations).toEqual([]);
});
afterAll(() => world[Symbol.asyncDispose]());

const marker = '<!-- gatehouse:check -->';

test('a change is read as it was proposed', async () => {
  const repository = await world.repository('read');
  const { number, headSha } = await world.change(repository, 'door');

  const change = await world.github.readChange(repository, number);
  const numbers = await world.github.findChangesByHead(repository, headSha);
  const files = await world.github.readChangedFiles(repository, number);

  expect(change).toMatchObject({ number, headSha, author: 'ada', isHeadInBase: true });
  expect(numbers).toEqual([number]);
  expect(files).toEqual(['door.txt']);
});

test('a change from a fork is known by its head and is from outside', async () => {
  const repository = await world.repository('forked');
  await world.sim.act.forkRepository({ repository, owner: 'eve' });
  const files = { 'evil.txt': 'x\n' };
  const fork = 'eve/forked';
  const { sha } = await world.sim.act.pushCommit({
    repository: fork,
    branch: 'evil',
    user: 'eve',
    files,
  });
  const opened = { repository, user: 'eve', head: 'eve:evil', title: 'From outside' };
  const { number } = await world.sim.act.openPullRequest(opened);

  const change = await world.github.readChange(repository, number);
  const numbers = await world.github.findChangesByHead(repository, commitSha(sha));

  expect(change).toMatchObject({ isHeadInBase: false, author: 'eve', headRef: 'evil' });
  expect(numbers).toEqual([number]);
});

test('what did not change costs nothing of the budget', async () => {
  const repository = await world.repository('conditional');
  const { number } = await world.change(repository, 'door');
  await world.github.readChange(repository, number);
  await world.sim.act.settled();
  await world.github.readChange(repository, number);
  world.observed.length = 0;

  await world.github.readChange(repository, number);

  expect(world.observed).toMatchObject([{ status: 304 }]);
});

test('rights and the repository are read', async () => {
  const repository = await world.repository('rights');
  await world.sim.act.setPermission({ repository, user: 'eve', permission: 'triage' });

  const rights = [
    await world.github.readPermission(repository, 'ada'),
    await world.github.readPermission(repository, 'eve'),
    await world.github.readPermission(repository, 'stranger'),
  ];
  const facts = await world.github.readRepository(repository);

  expect(rights).toEqual(['write', 'triage', 'none']);
  expect(facts).toEqual({ repository, isPublic: true, defaultBranch: 'main' });
});

test('an approval is of one head, by somebody who may write', async () => {
  const repository = await world.repository('approved');
  const { number, headSha } = await world.change(repository, 'door');
  for (const user of ['bob', 'eve']) {
    await world.sim.act.review({ repository, number, user, event: 'approve' });
  }
  const before = await world.github.readApprovals(repository, number, headSha);
  const files = { 'door.txt': 'more\n' };
  const { sha } = await world.sim.act.pushCommit({
    repository,
    branch: 'door',
    user: 'ada',
    files,
  });

  const after = await world.github.readApprovals(repository, number, commitSha(sha));

  expect(before).toEqual([{ headSha, by: 'bob', via: 'review' }]);
  expect(after).toEqual([]);
});

test('configuration is read at a branch and at a commit', async () => {
  const repository = await world.repository('configured', {
    '.gatehouse.d/jobs/unit.yaml': '- job: {name: unit}\n',
    '.gatehouse.d/project.yaml': '- project: {}\n',
    'zuul.yaml': 'not read',
  });
  const tip = await world.github.readBranch(repository, 'main');

  const atBranch = await world.github.readConfiguration(repository, 'main');
  const atCommit = await world.github.readConfiguration(repository, tip ?? '');
  const nowhere = await world.github.readConfiguration(repository, 'no/such/branch');

  expect(atBranch?.files).toEqual([
    { path: '.gatehouse.d/jobs/unit.yaml', text: '- job: {name: unit}\n' },
    { path: '.gatehouse.d/project.yaml', text: '- project: {}\n' },
  ]);
  expect(atCommit?.contentHash).toBe(atBranch?.contentHash);
  expect(nowhere).toBeNull();
});

test('a test merge is computed on being asked and has base and head as parents', async () => {
  const repository = await world.repository('merged');
  const { number, headSha } = await world.change(repository, 'door');
  const base = await world.github.readBranch(repository, 'main');

  const first = await world.github.readTestMerge(repository, number);
  await world.sim.act.settled();
  const second = await world.github.readTestMerge(repository, number);

  expect(first).toEqual({ code: 'computing' });
  expect(second).toMatchObject({
    code: 'merged',
    ref: `refs/pull/${number}/merge`,
    parents: [base, headSha],
  });
});

test('a speculative state is built, moved and removed', async () => {
  const repository = await world.repository('speculative');
  const one = await world.change(repository, 'one');
  const two = await world.change(repository, 'two');
  const base = await world.github.readBranch(repository, 'main');
  const branch = 'gatehouse/gate/1';
  const place = () => world.github.placeBranch(repository, branch, commitSha(base ?? ''));

  await place();
  const merge = (headSha: string) =>
    world.github.mergeInto(repository, branch, { headSha: commitSha(headSha), message: 'Merge' });
  const outcomes = [await merge(one.headSha), await merge(two.headSha), await merge(two.headSha)];
  const tip = await world.github.readBranch(repository, branch);
  await place();
  const moved = await world.github.readBranch(repository, branch);
  await world.github.removeBranch(repository, branch);
  await world.github.removeBranch(repository, branch);
  const gone = await world.github.readBranch(repository, branch);

  expect(outcomes).toMatchObject([
    { code: 'merged' },
    { code: 'merged', sha: tip },
    { code: 'nothing-to-merge' },
  ]);
  expect([moved, gone]).toEqual([base, null]);
});

test('heads that conflict cannot be merged, nor one that is not there', async () => {
  const repository = await world.repository('conflict');
  const files = (text: string) => ({ 'README.md': text });
  const push = (branch: string, text: string) =>
    world.sim.act.pushCommit({ repository, branch, user: 'ada', files: files(text) });
  const { sha: left } = await push('left', 'left\n');
  const { sha: right } = await push('right', 'right\n');
  await world.github.placeBranch(repository, 'gatehouse/1', commitSha(left));

  const conflict = await world.github.mergeInto(repository, 'gatehouse/1', {
    headSha: commitSha(right),
    message: 'Merge',
  });
  const missing = await world.github.mergeInto(repository, 'gatehouse/2', {
    headSha: commitSha(right),
    message: 'Merge',
  });

  expect(conflict).toMatchObject({ code: 'conflict' });
  expect(missing).toEqual({ code: 'missing' });
});

test('a checkout token reads its own repository alone', async () => {
  const repository = await world.repository('checkout');
  await world.repository('secret');
  await world.sim.act.editRepository({ repository: 'acme/secret', private: true });

  const { cloneUrl, token } = await world.github.openCheckout(repository);
  const refs = async (url: string) => {
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    const headers = { authorization: `Basic ${basic}` };
    return (await fetch(`${url}/info/refs?service=git-upload-pack`, { headers })).status;
  };

  expect(await refs(cloneUrl)).toBe(200);
  expect(await refs(cloneUrl.replace('checkout', 'secret'))).not.toBe(200);
});

test('a check run goes from running to its verdict, with all of its annotations', async () => {
  const repository = await world.repository('checked');
  const { headSha } = await world.change(repository, 'door');
  const checkRun = await world.github.createCheckRun(repository, runningCheck(headSha));
  const annotations = Array.from({ length: 60 }, (_, at) => ({
    path: 'door.txt',
    startLine: at + 1,
    endLine: at + 1,
    startColumn: null,
    endColumn: null,
    level: 'warning' as const,
    title: 'unit',
    message: `remark ${at}`,
  }));

  await world.github.updateCheckRun(
    repository,
    checkRun,
    runningCheck(headSha, {
      status: 'completed',
      conclusion: 'failure',
      completedAt: Date.now(),
      text: 'log',
      annotations,
      actions: [],
    }),
  );

  const wanted = { headSha, name: 'gatehouse/check', buildset: buildsetId('bs-1') };
  const found = await world.github.findCheckRun(repository, wanted);
  const shown = await world.github.readShownRuns(repository, headSha);
  expect(found).toEqual({ checkRun, annotationsCount: 60 });
  expect(shown).toEqual([
    {
      buildset: 'bs-1',
      name: 'gatehouse/check',
      description: 'gatehouse:gatehouse/check:failure',
    },
  ]);
});

test('a check run whose creation was never answered is found, not doubled', async () => {
  const repository = await world.repository('lost');
  const { headSha } = await world.change(repository, 'door');
  const path = '/repos/*/check-runs';
  await world.sim.act.addFault({ target: 'api', kind: 'lost_answer', method: 'POST', path });

  const creating = world.github.createCheckRun(repository, runningCheck(headSha));

  await expect(creating).rejects.toMatchObject({ code: 'GATE_GITHUB_UNAVAILABLE' });
  const wanted = { headSha, name: 'gatehouse/check', buildset: buildsetId('bs-1') };
  const found = await world.github.findCheckRun(repository, wanted);
  expect(found).toMatchObject({ annotationsCount: 0 });
});

test('a change carries one comment of ours, even for an adapter that forgot it', async () => {
  const repository = await world.repository('commented');
  const { number } = await world.change(repository, 'door');

  await world.github.writeComment(repository, number, { marker, text: 'queued' });
  await world.github.writeComment(repository, number, { marker, text: 'running' });
  await world.another().github.writeComment(repository, number, { marker, text: 'done' });

  const { comments } = await world.sim.act.pullRequest({ repository, number });
  expect(comments).toMatchObject([{ body: `done\n\n${marker}` }]);
});

test('a status is written on a commit', async () => {
  const repository = await world.repository('status');
  const { number, headSha } = await world.change(repository, 'door');

  await world.github.createStatus(repository, headSha, {
    state: 'success',
    context: 'gatehouse/check',
    description: 'All well',
    targetUrl: 'https://gate.example/b/bs-1',
  });

  const { statuses } = await world.sim.act.pullRequest({ repository, number });
  expect(statuses).toMatchObject([{ context: 'gatehouse/check', state: 'success' }]);
});

test('a failure of GitHub is read over', async () => {
  const repository = await world.repository('flaky');
  await world.sim.act.addFault({ target: 'api', kind: 'status', status: 502, count: 2 });

  const facts = await world.github.readRepository(repository);

  expect(facts?.repository).toBe(repository);
});

test.each(['primary_limit', 'secondary_limit'] as const)('a long %s is said', async (kind) => {
  const { github } = world.another();
  const repository = await world.repository(`limit-${kind.slice(0, 7)}`);
  await github.readRepository(repository);
  const seconds = kind === 'primary_limit' ? { resetS: 600 } : { retryAfterS: 600 };
  await world.sim.act.addFault({ target: 'api', kind, ...seconds });

  const thrown = await github.readBranch(repository, 'main').catch((error: unknown) => error);

  expect(thrown).toMatchObject({ code: 'GATE_GITHUB_RATE_LIMITED' });
  expect(thrown).toHaveProperty(
    'retryAfterMs',
    expect.toSatisfy((ms) => ms > 500_000),
  );
});

test('a missing permission is named by the App that lacks it', async () => {
  const repository = await world.repository('forbidden');
  const { headSha } = await world.change(repository, 'door');
  const { github } = await world.appWith('reader', { contents: 'read', metadata: 'read' });

  const writing = github.createStatus(repository, headSha, {
    state: 'success',
    context: 'c',
    description: '',
    targetUrl: 'https://gate.example',
  });

  await expect(writing).rejects.toMatchObject({
    code: 'GATE_GITHUB_PERMISSION',
    details: { permission: 'statuses=write' },
  });
});

test('a suspended installation is refused in words, and works again later', async () => {
  const repository = await world.repository('suspended');
  const { installation } = world;
  await world.sim.act.editInstallation({ installation, suspended: true });
  const thrown = await world
    .another()
    .github.readRepository(repository)
    .catch((error: unknown) => error);
  await world.sim.act.editInstallation({ installation, suspended: false });

  const facts = await world.another().github.readRepository(repository);

  expect(thrown).toMatchObject({ code: 'GATE_GITHUB_REFUSED' });
  expect(thrown).toHaveProperty('message', expect.stringContaining('suspended'));
  expect(facts?.repository).toBe(repository);
});

test('a repository outside of the installation is not seen when it is private', async () => {
  await world.sim.act.createRepository({ owner: 'eve', name: 'own', private: true });

  const facts = await world.github.readRepository(repositoryKey('eve/own'));

  expect(facts).toBeNull();
});

test('branches are told with their tips, and again for nothing', async () => {
  const repository = await world.repository('protected');
  const { sha } = await world.sim.act.pushCommit({
    repository,
    branch: 'stable',
    user: 'ada',
    files: { 'a.txt': 'a\n' },
  });
  await world.sim.act.setBranchProtection({ repository, branch: 'stable', protection: {} });
  const all = await world.github.listBranches(repository, 'all');
  const first = await world.github.listBranches(repository, 'protected');
  world.observed.length = 0;

  const second = await world.github.listBranches(repository, 'protected');

  const stable = { name: 'stable', sha, isProtected: true };
  expect(all?.branches).toEqual([expect.objectContaining({ isProtected: false }), stable]);
  expect(first).toEqual({ branches: [stable], isComplete: true });
  expect(second).toEqual(first);
  expect(world.observed).toMatchObject([{ route: '/repos/{owner}/{repo}/branches', status: 304 }]);
});

test('the repositories of an owner are told with who may see them', async () => {
  const repository = await world.repository('listed');
  await world.sim.act.createRepository({ owner: 'acme', name: 'hidden', private: true });

  const { repositories, isComplete } = await world.github.listRepositories(repository);

  expect(isComplete).toBe(true);
  expect(repositories).toContainEqual({ repository, isPublic: true, defaultBranch: 'main' });
  expect(repositories).toContainEqual(
    expect.objectContaining({ repository: 'acme/hidden', isPublic: false }),
  );
});

import { expect, test } from 'vitest';
import { buildWorld, type Call, openBranchPull, startTestSim, type TestSim } from '../testing.ts';

const PULLS = '/repos/acme/api/pulls';
const README = { 'README.md': 'changed\n' };

async function mergeableOf(on: TestSim, call: Call, number = 1): Promise<unknown> {
  await call('GET', `${PULLS}/${number}`);
  await on.act.settled();
  return (await call('GET', `${PULLS}/${number}`)).body.mergeable;
}

test('a pull request shows its commits and files', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const pull = await openBranchPull(on.act, 'fix', { 'src/a.txt': 'one\n2\nthree\n' });

  const files = await call('GET', `${PULLS}/1/files`);
  const commits = await call('GET', `${PULLS}/1/commits`);
  const list = await call('GET', `${PULLS}?state=open&head=acme:fix&base=main`);

  expect(files.body).toMatchObject([
    { filename: 'src/a.txt', status: 'modified', additions: 1, deletions: 1, changes: 2 },
  ]);
  expect(files.body[0].patch).toContain('-two\n+2');
  expect(commits.body.map((each: { sha: string }) => each.sha)).toEqual([pull.headSha]);
  expect(list.body.map((each: { number: number }) => each.number)).toEqual([1]);
  expect(on.sim.violations).toEqual([]);
});

test('mergeability is unknown at first, and the first look starts the work', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const pull = await openBranchPull(on.act, 'fix');

  const first = await call('GET', `${PULLS}/1`);
  await on.act.settled();
  const second = await call('GET', `${PULLS}/1`);
  const refs = await on.act.refs({ repository: 'acme/api' });
  const merge = await call('GET', `/repos/acme/api/git/commits/${refs['refs/pull/1/merge']}`);

  expect(first.body).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
  expect(second.body).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
  expect(second.body.merge_commit_sha).toBe(refs['refs/pull/1/merge']);
  expect(refs['refs/pull/1/head']).toBe(pull.headSha);
  expect(merge.body.parents.map((each: { sha: string }) => each.sha)).toEqual([sha, pull.headSha]);
});

test('a conflict makes a pull request dirty, and a new push makes it unknown again', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await openBranchPull(on.act, 'fix', README);
  const push = { repository: 'acme/api', user: 'ada' };
  await on.act.pushCommit({ ...push, branch: 'main', files: { 'README.md': 'other\n' } });

  expect(await mergeableOf(on, call)).toBe(false);
  const refused = await call('PUT', `${PULLS}/1/merge`, { body: {} });
  await on.act.pushCommit({ ...push, branch: 'fix', files: { 'README.md': 'other\n' } });
  const after = await call('GET', `${PULLS}/1`);

  expect(refused.status).toBe(405);
  expect(refused.body.message).toBe('Pull Request is not mergeable');
  expect(after.body.mergeable).toBeNull();
  await on.act.settled();
});

test('a merge makes a commit with two parents on the base', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const pull = await openBranchPull(on.act, 'fix');

  const merged = await call('PUT', `${PULLS}/1/merge`, { body: { sha: pull.headSha } });
  const main = await call('GET', '/repos/acme/api/commits/main');
  const after = await call('GET', `${PULLS}/1`);

  expect(merged.body).toEqual({
    sha: main.body.sha,
    merged: true,
    message: 'Pull Request successfully merged',
  });
  expect(main.body.parents.map((each: { sha: string }) => each.sha)).toEqual([sha, pull.headSha]);
  expect(main.body.commit.message).toBe('Merge pull request #1 from acme/fix\n\nfix');
  expect(after.body).toMatchObject({ state: 'closed', merged: true });
  expect(after.body.merged_by.login).toBe('gatehouse[bot]');
  expect((await call('GET', `${PULLS}/1/merge`)).status).toBe(204);
  expect(on.sim.violations).toEqual([]);
});

test('a squash makes one commit, a rebase replays each', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const push = { repository: 'acme/api', user: 'ada' };
  await openBranchPull(on.act, 'one');
  await on.act.pushCommit({ ...push, branch: 'one', files: { 'one-more.txt': 'x\n' } });
  await openBranchPull(on.act, 'two');
  await on.act.pushCommit({ ...push, branch: 'two', files: { 'two-more.txt': 'x\n' } });

  await call('PUT', `${PULLS}/1/merge`, { body: { merge_method: 'squash' } });
  await call('PUT', `${PULLS}/2/merge`, { body: { merge_method: 'rebase' } });
  const log = await call('GET', '/repos/acme/api/commits');

  const messages = log.body.map((each: { commit: { message: string } }) => each.commit.message);
  expect(messages).toEqual([
    'Change two-more.txt',
    'Change two.txt',
    'one (#1)\n\n* Change one.txt\n\n* Change one-more.txt',
    'Initial commit',
  ]);
  expect(log.body.every((each: { parents: unknown[] }) => each.parents.length <= 1)).toBe(true);
  expect(on.sim.violations).toEqual([]);
});

test('a merge is refused when the head has moved', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  await openBranchPull(on.act, 'fix');

  const refused = await call('PUT', `${PULLS}/1/merge`, { body: { sha } });

  expect(refused.status).toBe(409);
  expect(refused.body.message).toBe('Head branch was modified. Review and try the merge again.');
});

test('a draft, a closed pull request and a forbidden method are refused', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await openBranchPull(on.act, 'fix');
  const pull = { repository: 'acme/api', number: 1, user: 'ada' };
  const merge = async (method: string) =>
    (await call('PUT', `${PULLS}/1/merge`, { body: { merge_method: method } })).body.message;

  await on.act.setDraft({ ...pull, draft: true });
  expect(await merge('merge')).toBe('Pull Request is still a draft');
  await on.act.setDraft({ ...pull, draft: false });
  await on.act.editRepository({ repository: 'acme/api', allowSquashMerge: false });
  expect(await merge('squash')).toBe('Squash merges are not allowed on this repository.');
  await on.act.closePullRequest(pull);
  expect(await merge('merge')).toBe('Pull Request is not mergeable');
});

test('required checks and reviews block until they are there', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');
  await on.act.setBranchProtection({
    repository: 'acme/api',
    branch: 'main',
    protection: { requiredChecks: [{ context: 'unit', appId: null }], requiredReviews: 1 },
  });

  const first = await call('PUT', `${PULLS}/1/merge`, { body: {} });
  await call('POST', '/repos/acme/api/check-runs', {
    body: { name: 'unit', head_sha: headSha, conclusion: 'success' },
  });
  const second = await call('PUT', `${PULLS}/1/merge`, { body: {} });
  await on.act.createUser({ login: 'rita' });
  await on.act.setPermission({ repository: 'acme/api', user: 'rita', permission: 'write' });
  const review = { repository: 'acme/api', number: 1, event: 'approve' } as const;
  await on.act.review({ ...review, user: 'sam' });
  const third = await call('PUT', `${PULLS}/1/merge`, { body: {} });
  await on.act.review({ ...review, user: 'rita' });
  const fourth = await call('PUT', `${PULLS}/1/merge`, { body: {} });

  expect(first.body.message).toContain('Required status check "unit" is expected.');
  expect(second.body.message).toBe(
    'At least 1 approving review is required by reviewers with write access.',
  );
  expect(third.status).toBe(405);
  expect(fourth.status).toBe(200);
  expect(on.sim.violations).toEqual([]);
});

test('a merge queue on the base refuses direct merges', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await openBranchPull(on.act, 'fix');
  const rule = { type: 'required_linear_history' };
  await on.act.setBranchRules({ repository: 'acme/api', branch: 'main', rules: [rule] });

  const listed = await call('GET', '/repos/acme/api/rules/branches/main');
  const linear = await call('PUT', `${PULLS}/1/merge`, { body: {} });
  const rules = [{ type: 'merge_queue' }];
  await on.act.setBranchRules({ repository: 'acme/api', branch: 'main', rules });
  const queue = await call('PUT', `${PULLS}/1/merge`, { body: {} });

  expect(listed.body).toMatchObject([{ type: 'required_linear_history' }]);
  expect(linear.status).toBe(405);
  expect(queue.body.message).toBe('Changes must be made through the merge queue');
  expect(on.sim.violations).toEqual([]);
});

test('an App without the workflows permission cannot merge a change of workflows', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await openBranchPull(on.act, 'fix', { '.github/workflows/ci.yml': 'on: push\n' });

  const refused = await call('PUT', `${PULLS}/1/merge`, { body: {} });

  expect(refused.status).toBe(403);
  expect(refused.body.message).toContain('without `workflows` permission');
});

test('a push that contains the head merges the pull request by itself', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');

  await call('PATCH', '/repos/acme/api/git/refs/heads/main', { body: { sha: headSha } });

  expect((await call('GET', `${PULLS}/1`)).body).toMatchObject({ state: 'closed', merged: true });
});

test('a pull request from a fork has its head in the base repository', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await on.act.forkRepository({ repository: 'acme/api', owner: 'sam' });
  const push = { repository: 'sam/api', user: 'sam', branch: 'idea' };
  await on.act.pushCommit({ ...push, files: { 'idea.txt': 'x\n' } });
  const pull = await on.act.openPullRequest({
    repository: 'acme/api',
    user: 'sam',
    head: 'sam:idea',
    title: 'An idea',
  });

  const { sha } = await on.act.pushCommit({ ...push, files: { 'idea.txt': 'y\n' } });
  const shown = await call('GET', `${PULLS}/${pull.number}`);

  expect(shown.body.head).toMatchObject({ label: 'sam:idea', sha });
  expect(shown.body.head.repo).toMatchObject({ full_name: 'sam/api', fork: true });
  expect(shown.body.author_association).toBe('NONE');
  expect((await call('GET', `/repos/acme/api/commits/${sha}`)).status).toBe(200);
  expect(await mergeableOf(on, call)).toBe(true);
  expect(on.sim.violations).toEqual([]);
});

test('a second pull request of the same branch and one without commits are refused', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await openBranchPull(on.act, 'fix');
  await on.act.createBranch({ repository: 'acme/api', branch: 'empty', user: 'ada' });
  const open = (head: string) => call('POST', PULLS, { body: { title: 'x', head, base: 'main' } });

  const twin = await open('fix');
  const empty = await open('empty');
  const nowhere = await open('missing');

  expect(twin.status).toBe(422);
  expect(twin.body.errors[0].message).toBe('A pull request already exists for acme:fix.');
  expect(empty.body.errors[0].message).toBe('No commits between main and acme:empty');
  expect(nowhere.body.errors[0]).toMatchObject({ field: 'head', code: 'invalid' });
  expect(on.sim.violations).toEqual([]);
});

test('reviews stand on a commit and can be dismissed', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');
  const pull = { repository: 'acme/api', number: 1 };
  const { id } = await on.act.review({ ...pull, user: 'sam', event: 'approve', sha });
  const own = on.act.review({ ...pull, user: 'ada', event: 'approve' });

  await expect(own).rejects.toMatchObject({ status: 422 });
  const before = await call('GET', `${PULLS}/1/reviews`);
  const dismissed = await call('PUT', `${PULLS}/1/reviews/${id}/dismissals`, {
    body: { message: 'outdated' },
  });
  const made = await call('POST', `${PULLS}/1/reviews`, {
    body: { event: 'REQUEST_CHANGES', body: 'no', commit_id: headSha },
  });

  expect(before.body).toMatchObject([{ state: 'APPROVED', commit_id: sha }]);
  expect(dismissed.body.state).toBe('DISMISSED');
  expect(made.body).toMatchObject({ state: 'CHANGES_REQUESTED', commit_id: headSha });
  expect(on.sim.violations).toEqual([]);
});

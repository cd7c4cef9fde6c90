import { expect, test } from 'vitest';
import { buildWorld, openBranchPull, startTestSim } from '../testing.ts';

const REPO = '/repos/acme/api';

test('a file comes as base64, raw bytes or a folder listing', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);

  const file = await call('GET', `${REPO}/contents/src/a.txt?ref=${sha}`);
  const raw = await call('GET', `${REPO}/contents/src/a.txt`, {
    headers: { accept: 'application/vnd.github.raw+json' },
  });
  const root = await call('GET', `${REPO}/contents/`);
  const missing = await call('GET', `${REPO}/contents/none.txt`);

  expect(Buffer.from(file.body.content, 'base64').toString()).toBe('one\ntwo\nthree\n');
  expect(raw.body).toBe('one\ntwo\nthree\n');
  expect(root.body.map((each: { name: string; type: string }) => [each.name, each.type])).toEqual([
    ['README.md', 'file'],
    ['src', 'dir'],
  ]);
  expect(missing.status).toBe(404);
  expect(on.sim.violations).toEqual([]);
});

test('refs are made, moved forward, forced and deleted', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');
  const ref = `${REPO}/git/refs/heads/gatehouse/q/1`;
  const create = () =>
    call('POST', `${REPO}/git/refs`, { body: { ref: 'refs/heads/gatehouse/q/1', sha } });

  const made = await create();
  const twice = await create();
  const forward = await call('PATCH', ref, { body: { sha: headSha } });
  const back = await call('PATCH', ref, { body: { sha } });
  const forced = await call('PATCH', ref, { body: { sha, force: true } });
  const found = await call('GET', `${REPO}/git/matching-refs/heads/gatehouse/`);
  const one = await call('GET', `${REPO}/git/ref/heads/gatehouse/q/1`);
  const partial = await call('GET', `${REPO}/git/ref/heads/gatehouse`);
  const gone = await call('DELETE', ref);
  const again = await call('DELETE', ref);

  expect(made.status).toBe(201);
  expect(twice).toMatchObject({ status: 422, body: { message: 'Reference already exists' } });
  expect(forward.body.object.sha).toBe(headSha);
  expect(back).toMatchObject({ status: 422, body: { message: 'Update is not a fast forward' } });
  expect(forced.body.object.sha).toBe(sha);
  expect(found.body).toMatchObject([{ ref: 'refs/heads/gatehouse/q/1' }]);
  expect(one.body.object).toMatchObject({ type: 'commit', sha });
  expect(partial.status).toBe(404);
  expect(gone.status).toBe(204);
  expect(again).toMatchObject({ status: 422, body: { message: 'Reference does not exist' } });
  expect(on.sim.violations).toEqual([]);
});

test('branches are merged, with GitHub’s answers for nothing to do, conflict and missing', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');
  await openBranchPull(on.act, 'clash', { 'fix.txt': 'another\n' });
  await call('POST', `${REPO}/git/refs`, { body: { ref: 'refs/heads/gatehouse/q', sha } });
  const merge = (head: string, base = 'gatehouse/q') =>
    call('POST', `${REPO}/merges`, { body: { base, head, commit_message: 'speculative' } });

  const merged = await merge(headSha);
  const again = await merge('fix');
  const conflict = await merge('clash');
  const noHead = await merge('nothing');
  const noBase = await merge('fix', 'nothing');

  expect(merged.status).toBe(201);
  expect(merged.body.commit.message).toBe('speculative');
  expect(merged.body.parents.map((each: { sha: string }) => each.sha)).toEqual([sha, headSha]);
  expect(again.status).toBe(204);
  expect(conflict).toMatchObject({ status: 409, body: { message: 'Merge conflict' } });
  expect(noHead).toMatchObject({ status: 404, body: { message: 'Head does not exist' } });
  expect(noBase).toMatchObject({ status: 404, body: { message: 'Base does not exist' } });
  expect(on.sim.violations).toEqual([]);
});

test('a commit is built from blobs and a tree', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);

  const blob = await call('POST', `${REPO}/git/blobs`, {
    body: { content: Buffer.from('bytes').toString('base64'), encoding: 'base64' },
  });
  const base = await call('GET', `${REPO}/git/commits/${sha}`);
  const tree = await call('POST', `${REPO}/git/trees`, {
    body: {
      base_tree: base.body.tree.sha,
      tree: [
        { path: 'new/file.bin', mode: '100644', type: 'blob', sha: blob.body.sha },
        { path: 'README.md', mode: '100644', type: 'blob', sha: null },
      ],
    },
  });
  const commit = await call('POST', `${REPO}/git/commits`, {
    body: { message: 'built', tree: tree.body.sha, parents: [sha] },
  });
  const all = await call('GET', `${REPO}/git/trees/${commit.body.sha}?recursive=1`);
  const read = await call('GET', `${REPO}/git/blobs/${blob.body.sha}`);

  expect(commit.status).toBe(201);
  expect(all.body.tree.map((each: { path: string }) => each.path)).toEqual([
    'new',
    'new/file.bin',
    'src',
    'src/a.txt',
  ]);
  expect(Buffer.from(read.body.content, 'base64').toString()).toBe('bytes');
  expect(on.sim.violations).toEqual([]);
});

test('a comparison counts commits and lists files', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const { headSha } = await openBranchPull(on.act, 'fix');
  await on.act.pushCommit({
    repository: 'acme/api',
    branch: 'main',
    user: 'ada',
    files: { m: 'm' },
  });

  const compared = await call('GET', `${REPO}/compare/main...fix`);
  const pulls = await call('GET', `${REPO}/commits/${headSha}/pulls`);
  const unknown = await call('GET', `${REPO}/commits/nothing`);

  expect(compared.body).toMatchObject({
    status: 'diverged',
    ahead_by: 1,
    behind_by: 1,
    files: [{ filename: 'fix.txt', status: 'added' }],
  });
  expect(pulls.body).toMatchObject([{ number: 1 }]);
  expect(unknown).toMatchObject({
    status: 422,
    body: { message: 'No commit found for SHA: nothing' },
  });
  expect(on.sim.violations).toEqual([]);
});

test('rights are told with the old permission and the role', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const rights = async (user: string) => {
    const { body } = await call('GET', `${REPO}/collaborators/${user}/permission`);
    return [body.permission, body.role_name];
  };
  await on.act.createUser({ login: 'mia' });
  await on.act.setPermission({ repository: 'acme/api', user: 'mia', permission: 'maintain' });

  expect(await rights('ada')).toEqual(['write', 'write']);
  expect(await rights('mia')).toEqual(['write', 'maintain']);
  expect(await rights('sam')).toEqual(['read', 'read']);
  expect((await call('GET', `${REPO}/collaborators/nobody/permission`)).status).toBe(404);
  expect(on.sim.violations).toEqual([]);
});

test('protection and branches are told', async () => {
  await using on = await startTestSim();
  const permissions = { contents: 'read', administration: 'read' };
  const { asInstallation: call } = await buildWorld(on, { permissions });
  const requiredChecks = [{ context: 'unit', appId: null }];
  await on.act.setBranchProtection({
    repository: 'acme/api',
    branch: 'main',
    protection: { requiredChecks, strict: true, requiredReviews: 2 },
  });

  const branch = await call('GET', `${REPO}/branches/main`);
  const protection = await call('GET', `${REPO}/branches/main/protection`);
  const missing = await call('GET', `${REPO}/branches/nope`);

  expect(branch.body).toMatchObject({ protected: true, name: 'main' });
  expect(protection.body.required_status_checks).toMatchObject({
    strict: true,
    contexts: ['unit'],
  });
  expect(missing).toMatchObject({ status: 404, body: { message: 'Branch not found' } });
  expect(on.sim.violations).toEqual([]);
});

test('comments, reactions and labels live on the issue half of a pull request', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await openBranchPull(on.act, 'fix');

  const made = await call('POST', `${REPO}/issues/1/comments`, { body: { body: 'hello' } });
  const comment = `${REPO}/issues/comments/${made.body.id}`;
  const edited = await call('PATCH', comment, { body: { body: 'changed' } });
  const eyes = await call('POST', `${comment}/reactions`, { body: { content: 'eyes' } });
  const twice = await call('POST', `${comment}/reactions`, { body: { content: 'eyes' } });
  const labels = await call('POST', `${REPO}/issues/1/labels`, { body: { labels: ['a', 'b'] } });
  const left = await call('DELETE', `${REPO}/issues/1/labels/a`);
  const none = await call('DELETE', `${REPO}/issues/1/labels/a`);
  const list = await call('GET', `${REPO}/issues/1/comments`);
  const gone = await call('DELETE', comment);
  const empty = await call('POST', `${REPO}/issues/1/comments`, { body: { body: ' ' } });

  expect(made.body).toMatchObject({ user: { login: 'gatehouse[bot]', type: 'Bot' } });
  expect(made.body.performed_via_github_app.slug).toBe('gatehouse');
  expect(edited.body.body).toBe('changed');
  expect([eyes.status, twice.status]).toEqual([201, 200]);
  expect(labels.body.map((each: { name: string }) => each.name)).toEqual(['a', 'b']);
  expect(left.body.map((each: { name: string }) => each.name)).toEqual(['b']);
  expect(none).toMatchObject({ status: 404, body: { message: 'Label does not exist' } });
  expect(list.body[0].reactions).toMatchObject({ total_count: 1, eyes: 1 });
  expect(gone.status).toBe(204);
  expect(empty.status).toBe(422);
  expect(on.sim.violations).toEqual([]);
});

import { expect, test } from 'vitest';
import { fakeSha, pullBody } from './test/bodies.ts';
import { api, createHarness } from './test/harness.ts';
import { type StubAnswer, startStubGitHub } from './test/stub-github.ts';

const pull = 'GET /repos/acme/api/pulls/7';
const sha = fakeSha('state');

test.each([
  [{ state: 'closed' }, 'closed'],
  [{ mergeable: null }, 'computing'],
  [{ mergeable: false }, 'conflict'],
  [{ mergeable: true }, 'computing'],
])('a test merge of %j without its ref is %s', async (overrides, code) => {
  await using stub = await startStubGitHub();
  stub.on(pull, { body: pullBody(overrides) });
  const { github } = createHarness({ apiUrl: stub.url });

  const merge = await github.readTestMerge(api, 7);

  expect(merge).toEqual({ code });
});

test('a test merge names its commit and the parents, base first', async () => {
  await using stub = await startStubGitHub();
  stub.on(pull, { body: pullBody({ mergeable: true }) });
  stub.on('GET /repos/acme/api/git/ref/pull/7/merge', { body: { object: { sha } } });
  const parents = [{ sha: fakeSha('base') }, { sha: fakeSha('head') }];
  stub.on(`GET /repos/acme/api/git/commits/${sha}`, { body: { sha, parents } });
  const { github } = createHarness({ apiUrl: stub.url });

  const merge = await github.readTestMerge(api, 7);

  expect(merge).toEqual({
    code: 'merged',
    ref: 'refs/pull/7/merge',
    sha,
    parents: [fakeSha('base'), fakeSha('head')],
  });
});

test('a branch with slashes is read, a missing one is null', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api/git/ref/heads/gatehouse/gate/1', { body: { object: { sha } } });
  const { github } = createHarness({ apiUrl: stub.url });

  const tips = [
    await github.readBranch(api, 'gatehouse/gate/1'),
    await github.readBranch(api, 'missing'),
  ];

  expect(tips).toEqual([sha, null]);
});

test('a branch that exists is moved', async () => {
  await using stub = await startStubGitHub();
  const exists = { status: 422, body: { message: 'Reference already exists' } };
  const move = 'PATCH /repos/acme/api/git/refs/heads/gatehouse/1';
  stub.on('POST /repos/acme/api/git/refs', exists);
  stub.on(move, { body: {} });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.placeBranch(api, 'gatehouse/1', sha);

  expect(stub.asked('POST /repos/acme/api/git/refs')[0]?.body).toEqual({
    ref: 'refs/heads/gatehouse/1',
    sha,
  });
  expect(stub.asked(move)[0]?.body).toEqual({ sha, force: true });
});

test('a branch at a commit that does not exist is refused', async () => {
  await using stub = await startStubGitHub();
  const missing = { status: 422, body: { message: 'Object does not exist' } };
  stub.on('POST /repos/acme/api/git/refs', missing);
  const { github } = createHarness({ apiUrl: stub.url });

  await expect(github.placeBranch(api, 'gatehouse/1', sha)).rejects.toMatchObject({
    code: 'GATE_GITHUB_REFUSED',
  });
});

test.each<[StubAnswer, object]>([
  [
    { status: 201, body: { sha } },
    { code: 'merged', sha },
  ],
  [{ status: 204 }, { code: 'nothing-to-merge' }],
  [
    { status: 409, body: { message: 'Merge conflict' } },
    { code: 'conflict', message: 'Merge conflict' },
  ],
  [{ status: 404, body: { message: 'Head does not exist' } }, { code: 'missing' }],
])('a merge answered with %j ended as %j', async (answer, outcome) => {
  await using stub = await startStubGitHub();
  stub.on('POST /repos/acme/api/merges', answer);
  const { github } = createHarness({ apiUrl: stub.url });

  const merge = { headSha: fakeSha('head'), message: 'Merge 7' };
  const merged = await github.mergeInto(api, 'gatehouse/1', merge);

  expect(merged).toEqual(outcome);
  expect(stub.asked('POST /repos/acme/api/merges')[0]?.body).toEqual({
    base: 'gatehouse/1',
    head: fakeSha('head'),
    commit_message: 'Merge 7\n\n[skip ci]',
  });
});

test('removing a branch that is gone is no error', async () => {
  await using stub = await startStubGitHub();
  const route = 'DELETE /repos/acme/api/git/refs/heads/gatehouse/1';
  stub.on(route, { status: 422, body: { message: 'Reference does not exist' } });
  const { github } = createHarness({ apiUrl: stub.url });

  await github.removeBranch(api, 'gatehouse/1');

  expect(stub.asked(route)).toHaveLength(1);
});

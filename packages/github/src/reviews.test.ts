import { expect, test } from 'vitest';
import { fakeSha, pullBody } from './test/bodies.ts';
import { api, createHarness } from './test/harness.ts';
import { type StubGitHub, startStubGitHub } from './test/stub-github.ts';

const head = fakeSha('head');

function vote(login: string, state: string, at = 'head'): object {
  return { state, commit_id: fakeSha(at), user: { login, type: 'User' }, body: '' };
}

function serve(stub: StubGitHub, reviews: readonly object[]): void {
  stub.on('GET /repos/acme/api/pulls/7', { body: pullBody() });
  stub.on('GET /repos/acme/api/pulls/7/reviews', { body: reviews });
  for (const [login, role] of Object.entries({
    bob: 'maintain',
    eve: 'read',
    ada: 'admin',
    carl: 'write',
  })) {
    const permission = role === 'maintain' ? 'write' : role;
    stub.on(`GET /repos/acme/api/collaborators/${login}/permission`, {
      body: { permission, role_name: role, user: { login } },
    });
  }
}

test('approvals of exactly this head by people who may write count', async () => {
  await using stub = await startStubGitHub();
  const bot = { ...vote('x', 'APPROVED'), user: { login: 'lint[bot]', type: 'Bot' } };
  serve(stub, [
    vote('bob', 'APPROVED'),
    vote('eve', 'APPROVED'),
    vote('ada', 'APPROVED'),
    vote('carl', 'APPROVED', 'older'),
    bot,
  ]);
  const { github } = createHarness({ apiUrl: stub.url });

  const approvals = await github.readApprovals(api, 7, head);

  expect(approvals).toEqual([{ headSha: head, by: 'bob', via: 'review' }]);
});

test.each([
  ['CHANGES_REQUESTED', 0],
  ['DISMISSED', 0],
  ['COMMENTED', 1],
])('an approval followed by %s counts %i times', async (later, count) => {
  await using stub = await startStubGitHub();
  serve(stub, [vote('bob', 'APPROVED'), vote('bob', later)]);
  const { github } = createHarness({ apiUrl: stub.url });

  const approvals = await github.readApprovals(api, 7, head);

  expect(approvals).toHaveLength(count);
});

test.each([
  [{ permission: 'write', role_name: 'maintain' }, 'maintain'],
  [{ permission: 'read', role_name: 'triage' }, 'triage'],
  [{ permission: 'write', role_name: 'release-manager' }, 'write'],
  [{ permission: 'admin' }, 'admin'],
  [{ permission: 'none', role_name: '' }, 'none'],
])('the role %j is read as %s', async (body, expected) => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api/collaborators/bob/permission', { body });
  const { github } = createHarness({ apiUrl: stub.url });

  const permission = await github.readPermission(api, 'bob');

  expect(permission).toBe(expected);
});

test('somebody unknown may nothing', async () => {
  await using stub = await startStubGitHub();
  const { github } = createHarness({ apiUrl: stub.url });

  const permission = await github.readPermission(api, 'nobody');

  expect(permission).toBe('none');
});

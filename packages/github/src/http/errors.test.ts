import { GatehouseError } from '@gatehouse/model';
import { expect, test } from 'vitest';
import { fakeSha } from '../test/bodies.ts';
import { api, createHarness } from '../test/harness.ts';
import { type StubAnswer, startStubGitHub } from '../test/stub-github.ts';

/** The error that a commit status ends in when GitHub answers so. */
async function errorOf(answer: StubAnswer): Promise<GatehouseError> {
  await using stub = await startStubGitHub();
  const sha = fakeSha('head');
  stub.on(`POST /repos/acme/api/statuses/${sha}`, answer);
  const { github } = createHarness({ apiUrl: stub.url, limits: { rateLimitWaitMaxMs: 0 } });
  const status = { state: 'success', context: 'gatehouse/check', description: '', targetUrl: '' };
  const thrown = await github
    .createStatus(api, sha, { ...status, state: 'success' })
    .catch((error: unknown) => error);
  if (thrown instanceof GatehouseError) return thrown;
  throw new Error('expected one of our errors', { cause: thrown });
}

test('an answer that the server failed is transient', async () => {
  const error = await errorOf({ status: 502, body: { message: 'Server Error' } });

  expect(error).toMatchObject({ code: 'GATE_GITHUB_UNAVAILABLE', details: { status: 502 } });
});

test('a cut connection is transient and names the route', async () => {
  const error = await errorOf({ cut: 'before' });

  expect(error).toMatchObject({
    code: 'GATE_GITHUB_UNAVAILABLE',
    details: { route: 'POST /repos/{owner}/{repo}/statuses/{sha}' },
  });
});

test('a missing permission is named', async () => {
  const error = await errorOf({
    status: 403,
    headers: { 'x-accepted-github-permissions': 'statuses=write' },
    body: { message: 'Resource not accessible by integration' },
  });

  expect(error).toMatchObject({
    code: 'GATE_GITHUB_PERMISSION',
    details: { permission: 'statuses=write' },
  });
});

test('a refused workflow file is a missing permission', async () => {
  const error = await errorOf({
    status: 403,
    body: {
      message:
        'refusing to allow a GitHub App to create or update workflow `.github/workflows/a.yml` ' +
        'without `workflows` permission',
    },
  });

  expect(error).toMatchObject({
    code: 'GATE_GITHUB_PERMISSION',
    details: { permission: 'workflows=write' },
  });
});

test('an empty budget says when it is full again', async () => {
  const resetS = Math.ceil(Date.now() / 1000) + 600;
  const error = await errorOf({
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetS) },
    body: { message: 'API rate limit exceeded for installation ID 11.' },
  });

  expect(error.code).toBe('GATE_GITHUB_RATE_LIMITED');
  expect(error.retryAfterMs).toBeGreaterThan(590_000);
  expect(error.retryAfterMs).toBeLessThanOrEqual(602_000);
});

test.each([
  [{ 'retry-after': '90' }, 90_000],
  [{}, 60_000],
])('a secondary limit with headers %j is over in %i ms', async (headers, retryAfterMs) => {
  const error = await errorOf({
    status: 429,
    headers,
    body: { message: 'You have exceeded a secondary rate limit.' },
  });

  expect(error).toMatchObject({ code: 'GATE_GITHUB_RATE_LIMITED', retryAfterMs });
});

test('a refusal carries the words of GitHub', async () => {
  const error = await errorOf({
    status: 422,
    body: { message: 'Validation Failed', errors: [{ code: 'custom', message: 'over 1000' }] },
  });

  expect(error.code).toBe('GATE_GITHUB_REFUSED');
  expect(error.message).toContain('over 1000');
});

test('an error carries neither token nor body', async () => {
  const error = await errorOf({ status: 500, body: { message: 'oops', secret: 'in the body' } });

  const said = JSON.stringify({ ...error, cause: error.cause, message: error.message });
  expect(said).not.toContain('ghs_');
  expect(said).not.toContain('in the body');
});

test('a suspended installation is said in a clear sentence', async () => {
  await using stub = await startStubGitHub();
  const suspended = { id: 11, suspended_at: '2026-11-01T00:00:00Z' };
  stub.on('GET /repos/acme/api/installation', { body: suspended });
  const { github } = createHarness({ apiUrl: stub.url });

  await expect(github.readBranch(api, 'main')).rejects.toMatchObject({
    code: 'GATE_GITHUB_REFUSED',
    message: 'The installation of the App on acme is suspended',
  });
});

test('a repository without the App is refused by name', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api/installation', { status: 404, body: { message: 'Not Found' } });
  const { github } = createHarness({ apiUrl: stub.url });

  await expect(github.readBranch(api, 'main')).rejects.toMatchObject({
    code: 'GATE_GITHUB_REFUSED',
    message: 'The App is not installed on acme/api',
  });
});

test('a key that GitHub does not accept fails the connection', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /app', { status: 401, body: { message: 'Bad credentials' } });
  const { github } = createHarness({ apiUrl: stub.url });

  await expect(github.connect()).rejects.toMatchObject({ code: 'GATE_GITHUB_REFUSED' });
});

test('an answer without a field that is used is odd, not a crash', async () => {
  await using stub = await startStubGitHub();
  stub.on('GET /repos/acme/api', { body: { id: 1 } });
  const { github } = createHarness({ apiUrl: stub.url });

  await expect(github.readRepository(api)).rejects.toMatchObject({
    code: 'GATE_GITHUB_UNEXPECTED',
    details: { route: 'GET /repos/{owner}/{repo}', path: 'full_name' },
  });
});

import { expect, test } from 'vitest';
import { buildWorld, callerWith, openBranchPull, startTestSim } from '../testing.ts';

test('the API answers under /api/v3 and at the root', async () => {
  await using on = await startTestSim();
  await buildWorld(on);

  expect((await callerWith(on.apiUrl)('GET', '/repos/acme/api')).status).toBe(200);
  expect((await callerWith(on.url)('GET', '/repos/acme/api')).status).toBe(200);
});

test('an unknown route is not found and is recorded', async () => {
  await using on = await startTestSim();
  const { asInstallation } = await buildWorld(on);

  const answer = await asInstallation('GET', '/no/such/route');

  expect(answer.status).toBe(404);
  expect(answer.body.message).toBe('Not Found');
  expect(on.sim.violations).toMatchObject([{ kind: 'unknown_route', path: '/no/such/route' }]);
});

test('a request without a User-Agent is refused', async () => {
  await using on = await startTestSim();
  await buildWorld(on);

  const answer = await callerWith(on.apiUrl)('GET', '/meta', { headers: { 'user-agent': '' } });

  expect(answer.status).toBe(403);
});

test('an unknown API version is refused', async () => {
  await using on = await startTestSim();
  await buildWorld(on);

  const answer = await callerWith(on.apiUrl)('GET', '/meta', {
    headers: { 'x-github-api-version': '1999-01-01' },
  });

  expect(answer.status).toBe(400);
});

test('the newer API version has lost what GitHub took away', async () => {
  await using on = await startTestSim();
  const { asInstallation } = await buildWorld(on);
  await openBranchPull(on.act, 'fix');
  const headers = { 'x-github-api-version': '2026-03-10' };

  const older = await asInstallation('GET', '/repos/acme/api/pulls/1');
  const newer = await asInstallation('GET', '/repos/acme/api/pulls/1', { headers });
  const limit = await asInstallation('GET', '/rate_limit', { headers });

  expect(older.body).toHaveProperty('merge_commit_sha');
  expect(newer.body).not.toHaveProperty('merge_commit_sha');
  expect(newer.body).not.toHaveProperty('assignee');
  expect(newer.headers.get('x-github-api-version-selected')).toBe('2026-03-10');
  expect(limit.body).not.toHaveProperty('rate');
  expect(on.sim.violations).toEqual([]);
});

test('a body that breaks the description is refused in the words of GitHub and recorded', async () => {
  await using on = await startTestSim();
  const { asInstallation } = await buildWorld(on);
  const post = (body: unknown) => asInstallation('POST', '/repos/acme/api/check-runs', { body });

  const missing = await post({ name: 'x' });
  const wrong = await post({ name: 'x', head_sha: 'y', status: 'sleeping' });
  const stranger = await post({ name: 'x', head_sha: 'y', colour: 'red' });

  expect(missing.status).toBe(422);
  expect(missing.body.message).toContain('"head_sha" wasn\'t supplied.');
  expect(wrong.body.message).toContain('"sleeping" is not a member of');
  expect(stranger.body.message).toContain('"colour" is not a permitted key.');
  expect(on.sim.violations.map((each) => each.kind)).toEqual(['request', 'request', 'request']);
});

test('a body that is not JSON is refused', async () => {
  await using on = await startTestSim();
  const { token } = await buildWorld(on);

  const response = await fetch(`${on.apiUrl}/repos/acme/api/git/refs`, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'user-agent': 'test' },
    body: '{"ref":',
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ message: 'Problems parsing JSON' });
});

test('long lists come in pages with links', async () => {
  await using on = await startTestSim();
  const { asInstallation } = await buildWorld(on);
  for (const branch of ['a', 'b', 'c', 'd']) {
    await on.act.createBranch({ repository: 'acme/api', branch, user: 'ada' });
  }

  const first = await asInstallation('GET', '/repos/acme/api/branches?per_page=2');
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await asInstallation('GET', next);

  const names = (answer: typeof first) => answer.body.map((each: { name: string }) => each.name);
  expect(names(first)).toEqual(['a', 'b']);
  expect(first.headers.get('link')).toContain('rel="last"');
  expect(names(second)).toEqual(['c', 'd']);
  expect(second.headers.get('link')).toContain('rel="prev"');
  expect(on.sim.violations).toEqual([]);
});

test('an unchanged answer is 304 and costs nothing', async () => {
  await using on = await startTestSim();
  const { asInstallation } = await buildWorld(on);
  const first = await asInstallation('GET', '/repos/acme/api/branches/main');
  const etag = first.headers.get('etag') ?? '';
  const headers = { 'if-none-match': etag };

  const second = await asInstallation('GET', '/repos/acme/api/branches/main', { headers });
  await on.act.pushCommit({
    repository: 'acme/api',
    branch: 'main',
    user: 'ada',
    files: { b: 'c' },
  });
  const third = await asInstallation('GET', '/repos/acme/api/branches/main', { headers });

  expect(second.status).toBe(304);
  expect(second.body).toBeNull();
  expect(second.headers.get('x-ratelimit-used')).toBe(first.headers.get('x-ratelimit-used'));
  expect(third.status).toBe(200);
  expect(third.headers.get('etag')).not.toBe(etag);
});

test('a spent budget is refused until its hour is over', async () => {
  let nowMs = Date.now();
  await using on = await startTestSim({ clock: { now: () => new Date(nowMs) } });
  const { asInstallation, asApp, installation } = await buildWorld(on);
  await on.act.setRateLimit({ installation, remaining: 1 });

  const last = await asInstallation('GET', '/repos/acme/api');
  const refused = await asInstallation('GET', '/repos/acme/api');
  const look = await asInstallation('GET', '/rate_limit');

  expect(last.status).toBe(200);
  expect(last.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(refused.status).toBe(403);
  expect(refused.body.message).toContain(
    `API rate limit exceeded for installation ID ${installation}`,
  );
  expect(look.body.resources.core.remaining).toBe(0);

  nowMs += 3_540_000;
  const made = await asApp('POST', `/app/installations/${installation}/access_tokens`);
  nowMs += 70_000;
  const renewed = await callerWith(on.apiUrl, made.body.token)('GET', '/repos/acme/api');

  expect(renewed.status).toBe(200);
});

test('every call is in the log of requests', async () => {
  await using on = await startTestSim();
  const { asInstallation } = await buildWorld(on);
  const { total } = await on.act.requests();

  await asInstallation('GET', '/repos/acme/api');
  const after = await on.act.requests({ since: total });

  expect(after.total).toBe(total + 1);
  expect(after.requests).toMatchObject([
    {
      method: 'GET',
      path: '/repos/acme/api',
      operation: 'repos/get',
      status: 200,
      app: 'gatehouse',
    },
  ]);
});

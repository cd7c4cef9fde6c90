import { expect, test } from 'vitest';
import { buildWorld, startReceiver, startTestSim } from '../testing.ts';

const COMMENT = { repository: 'acme/api', branch: 'main', user: 'ada' };

test('a status fault answers without acting, as often as asked', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const path = '/repos/*/check-runs';
  await on.act.addFault({
    target: 'api',
    kind: 'status',
    status: 502,
    method: 'POST',
    path,
    count: 2,
  });
  const post = () =>
    call('POST', '/repos/acme/api/check-runs', { body: { name: 'a', head_sha: sha } });

  const answers = [await post(), await post(), await post()];
  const runs = await call('GET', '/repos/acme/api/commits/main/check-runs');

  expect(answers.map((each) => each.status)).toEqual([502, 502, 201]);
  expect(runs.body.total_count).toBe(1);
  expect(await on.act.faults()).toEqual([]);
});

test('a lost answer has its effect, and the connection is reset', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  await on.act.addFault({ target: 'api', kind: 'lost_answer', path: '*/check-runs' });

  const lost = call('POST', '/repos/acme/api/check-runs', { body: { name: 'a', head_sha: sha } });

  await expect(lost).rejects.toThrow();
  const runs = await call('GET', '/repos/acme/api/commits/main/check-runs');
  expect(runs.body.total_count).toBe(1);
  const { requests } = await on.act.requests();
  expect(requests.find((row) => row.fault === 'lost_answer')?.status).toBe(201);
});

test('both kinds of rate limit look as on GitHub', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await on.act.addFault({ target: 'api', kind: 'primary_limit', resetS: 30 });
  await on.act.addFault({ target: 'api', kind: 'secondary_limit', status: 429, retryAfterS: 7 });

  const primary = await call('GET', '/repos/acme/api');
  const secondary = await call('GET', '/repos/acme/api');

  expect(primary.status).toBe(403);
  expect(primary.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(Number(primary.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(Date.now());
  expect(secondary.status).toBe(429);
  expect(secondary.headers.get('retry-after')).toBe('7');
  expect(secondary.body.message).toContain('secondary rate limit');
});

test('a delayed answer comes whole', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await on.act.addFault({ target: 'api', kind: 'delay', delayMs: 40 });
  const startedMs = performance.now();

  const answer = await call('GET', '/repos/acme/api');

  expect(answer.status).toBe(200);
  expect(performance.now() - startedMs).toBeGreaterThan(35);
});

test('webhooks can be dropped, doubled and put out of order', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  await buildWorld(on, { webhookUrl: hooks.url });
  const push = async (name: string) => {
    await on.act.pushCommit({ ...COMMENT, files: { [name]: name }, message: name });
    await on.act.settled();
  };
  await on.act.settled();
  hooks.received.length = 0;
  await on.act.addFault({ target: 'webhook', kind: 'drop', event: 'push' });
  await push('dropped');
  await on.act.addFault({ target: 'webhook', kind: 'duplicate', event: 'push' });
  await push('doubled');
  await on.act.addFault({ target: 'webhook', kind: 'reorder', event: 'push' });
  await push('late');

  const pushes = hooks.received.filter((each) => each.event === 'push');
  const order = hooks.names();
  expect(pushes.map((each) => each.payload.head_commit.message)).toEqual([
    'doubled',
    'doubled',
    'late',
  ]);
  expect(pushes[0]?.headers['x-github-delivery']).toBe(pushes[1]?.headers['x-github-delivery']);
  expect(order.slice(-2)).toEqual(['check_suite.requested', 'push']);
  const [dropped] = (await on.act.deliveries({ event: 'push' })).slice(-1);
  expect(dropped?.status).toBe('failed to connect to host');
});

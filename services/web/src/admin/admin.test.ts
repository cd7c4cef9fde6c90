import { tenantId } from '@gatehouse/model';
import { fakeClock, type MemoryStore, memoryStore, recordingLog } from '@gatehouse/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { EnqueueAnswer, EnqueueRequest } from '../deps.ts';
import { item, START } from '../testing/items.ts';
import {
  ADMIN_TOKEN,
  type Overrides,
  storeItems,
  webUnderTest,
} from '../testing/web-under-test.ts';

const tenant = tenantId('acme');
const body = { repository: 'acme/api', number: 7, pipeline: 'check' };
let store: MemoryStore;

beforeEach(() => {
  store = memoryStore();
});

test.each(['dequeue', 'abort'])('202: %s asks the engine to take the run out', async (action) => {
  const web = await start();
  await storeItems(store.tenants, item());

  const answer = await ask(web, action, { body });

  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toEqual({ accepted: true, buildsets: ['run-1'] });
  const { events } = await store.tenants.openTurn(tenant, 10);
  expect(events.map((event) => event.body)).toEqual([
    {
      type: 'DequeueRequested',
      id: 'run-1/dequeue-requested',
      tenant,
      at: START,
      buildset: 'run-1',
      by: 'an administrator',
    },
  ]);
  expect(web.sent).toEqual([{ queue: 'turns', message: { tenant } }]);
});

test('the spelling of a repository does not matter', async () => {
  const web = await start();
  await storeItems(store.tenants, item());

  const answer = await ask(web, 'dequeue', { body: { ...body, repository: 'ACME/Api' } });

  expect(answer.statusCode).toBe(202);
});

test.each([
  ['another change', { ...body, number: 8 }],
  ['another pipeline', { ...body, pipeline: 'gate' }],
  ['a ref', { repository: 'acme/api', ref: 'refs/heads/main', pipeline: 'check' }],
  ['another owner', { ...body, repository: 'other/api' }],
])('404: %s has no run', async (_what, other) => {
  const web = await start();
  await storeItems(store.tenants, item());

  const answer = await ask(web, 'dequeue', { body: other });

  expect(answer.statusCode).toBe(404);
  expect(web.sent).toEqual([]);
});

test('202: enqueue is handed on, each time as a wish of its own', async () => {
  const { web, asked } = await startWithEnqueue('accepted');

  const answers = [await ask(web, 'enqueue', { body }), await ask(web, 'enqueue', { body })];

  expect(answers.map((answer) => answer.statusCode)).toEqual([202, 202]);
  expect(asked).toMatchObject([body, body]);
  expect(new Set(asked.map(({ requestId }) => requestId)).size).toBe(2);
});

test('a caller that names its wish makes it once', async () => {
  const { web, asked } = await startWithEnqueue('accepted');
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'idempotency-key': 'wish-1' };

  await web.app.inject({ method: 'POST', url: '/api/v1/admin/enqueue', headers, payload: body });

  expect(asked).toEqual([{ ...body, requestId: 'wish-1' }]);
});

test.each([
  [404, 'unknown-change'],
  [409, 'not-in-pipeline'],
] as const)('%i: enqueue of %s says why not', async (status, code) => {
  const { web } = await startWithEnqueue(code);

  const answer = await ask(web, 'enqueue', { body });

  expect(answer.statusCode).toBe(status);
  expect(answer.json().error.code).toBe(code.replaceAll('-', '_'));
});

test('501: a branch cannot be enqueued yet', async () => {
  const { web, asked } = await startWithEnqueue('accepted');
  const { number: _number, ...rest } = body;

  const answer = await ask(web, 'enqueue', { body: { ...rest, ref: 'refs/heads/main' } });

  expect(answer.statusCode).toBe(501);
  expect(asked).toEqual([]);
});

test('501: a process that cannot enqueue says so', async () => {
  const answer = await ask(await start(), 'enqueue', { body });

  expect(answer.statusCode).toBe(501);
  expect(answer.json().error.message).toContain('cannot enqueue');
});

test('409: promote says that there is no order to change yet', async () => {
  const answer = await ask(await start(), 'promote', { body });

  expect(answer.statusCode).toBe(409);
  expect(answer.json().error.message).toContain('queue of its own');
});

test.each([
  ['neither number nor ref', { repository: 'acme/api', pipeline: 'check' }],
  ['both', { ...body, ref: 'refs/heads/main' }],
  ['an unknown key', { ...body, force: true }],
  ['no body', undefined],
])('400: %s, with the reasons', async (_what, bad) => {
  const answer = await ask(await start(), 'dequeue', { body: bad });

  expect(answer.statusCode).toBe(400);
  expect(answer.json().error.reasons.length).toBeGreaterThan(0);
});

test('400: a body that is no JSON', async () => {
  const web = await start();

  const answer = await web.app.inject({
    method: 'POST',
    url: '/api/v1/admin/dequeue',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
    payload: '{',
  });

  expect(answer.statusCode).toBe(400);
});

test('401: no token, or another', async () => {
  const web = await start();

  const none = await web.app.inject({ method: 'POST', url: '/api/v1/admin/dequeue' });
  const other = await ask(web, 'dequeue', { body, token: `${ADMIN_TOKEN}x` });

  expect([none.statusCode, other.statusCode]).toEqual([401, 401]);
});

test('401: a session does not open the admin API, so no other site can use it', async () => {
  const web = await start();
  const signedIn = await web.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `token=${ADMIN_TOKEN}`,
  });

  const answer = await web.app.inject({
    method: 'POST',
    url: '/api/v1/admin/dequeue',
    headers: { cookie: String(signedIn.headers['set-cookie']).split(';')[0] ?? '' },
    payload: body,
  });

  expect(signedIn.statusCode).toBe(303);
  expect(answer.statusCode).toBe(401);
});

test('403: without an admin token the admin API is off and says so', async () => {
  const web = await start({ settings: { adminToken: null } });

  const answer = await ask(web, 'dequeue', { body, token: '' });

  expect(answer.statusCode).toBe(403);
  expect(answer.json().error.message).toContain('GATEHOUSE_ADMIN_TOKEN');
});

async function startWithEnqueue(code: EnqueueAnswer['code']) {
  const asked: EnqueueRequest[] = [];
  const web = await start({
    enqueue: async (request) => {
      asked.push(request);
      return { code };
    },
  });
  return { web, asked };
}

async function start(overrides: Overrides = {}) {
  const parts = { store, clock: fakeClock(START), log: recordingLog() };
  const web = await webUnderTest(parts, overrides);
  onTestFinished(() => web[Symbol.asyncDispose]());
  return web;
}

function ask(
  web: Awaited<ReturnType<typeof start>>,
  action: string,
  { body: payload, token = ADMIN_TOKEN }: { body?: object | undefined; token?: string },
) {
  return web.app.inject({
    method: 'POST',
    url: `/api/v1/admin/${action}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  });
}

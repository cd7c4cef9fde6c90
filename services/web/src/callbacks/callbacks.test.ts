import { connect } from 'node:net';
import { buildId, buildsetId, type Json, tenantId } from '@gatehouse/model';
import { fakeClock, type MemoryStore, memoryStore, recordingLog } from '@gatehouse/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { START } from '../testing/items.ts';
import { type WebUnderTest, webUnderTest } from '../testing/web-under-test.ts';
import { hashToken } from './report-hash.ts';

const tenant = tenantId('acme');
const build = buildId('run-1.0');
const token = 'secret-of-attempt-1';
let store: MemoryStore;
let web: WebUnderTest;

beforeEach(async () => {
  store = memoryStore();
  await openAttempt(1, token);
  web = await webUnderTest({ store, clock: fakeClock(START), log: recordingLog() });
});
afterEach(() => web[Symbol.asyncDispose]());

test('200: a result is taken and posted to the tenant, whose turn is asked for', async () => {
  const answer = await report('result', {
    result: 'FAILURE',
    log_url: 'https://ci.example.com/1',
    data: { image: 'x' },
  });

  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ accepted: true, state: 'accepted', dropped: [] });
  expect(await mailbox()).toEqual([
    {
      type: 'BuildCompleted',
      id: 'run-1.0/1/completed',
      tenant,
      at: START,
      buildset: 'run-1',
      build,
      attempt: 1,
      result: 'FAILURE',
      logUrl: 'https://ci.example.com/1',
      detail: null,
      data: { image: 'x' },
    },
  ]);
  expect(web.sent).toEqual([{ queue: 'turns', message: { tenant } }]);
});

test('200: a start is taken, with its link, and may be said again', async () => {
  const first = await report('started', { log_url: 'https://ci.example.com/1' });
  const second = await report('started', { log_url: 'https://ci.example.com/1' });

  expect([first.statusCode, second.statusCode]).toEqual([200, 200]);
  const [event, ...others] = await mailbox();
  expect(event).toMatchObject({
    type: 'BuildStarted',
    id: expect.stringMatching(/^run-1\.0\/1\/started\/[0-9a-f]{8}$/),
    logUrl: 'https://ci.example.com/1',
    hasLog: false,
  });
  expect(others).toEqual([]);
});

test('200: a start without a body is taken', async () => {
  const answer = await web.app.inject({
    method: 'POST',
    url: `/api/v1/builds/${build}/started`,
    headers: { authorization: `Bearer ${token}` },
  });

  expect(answer.statusCode).toBe(200);
});

test('200: the content type does not matter, as a bare curl sends the wrong one', async () => {
  const answer = await web.app.inject({
    method: 'POST',
    url: `/api/v1/builds/${build}/result`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: '{"result":"SUCCESS"}',
  });

  expect(answer.statusCode).toBe(200);
});

test('200: the log is taken from the data when it is not given beside it', async () => {
  await report('result', {
    result: 'SUCCESS',
    data: { zuul: { log_url: 'https://ci.example.com/inner' } },
  });

  expect((await mailbox())[0]).toMatchObject({ logUrl: 'https://ci.example.com/inner' });
});

test('200: a bad file comment is dropped and listed, and fails nothing', async () => {
  const answer = await report('result', {
    result: 'SUCCESS',
    data: { zuul: { file_comments: { 'a.ts': [{ line: 1, message: 'good' }, { line: 'x' }] } } },
  });

  expect(answer.statusCode).toBe(200);
  expect(answer.json().dropped).toEqual([
    { where: 'body.data.zuul.file_comments["a.ts"][1]', reason: expect.any(String) },
  ]);
  expect((await mailbox())[0]).toMatchObject({
    data: { zuul: { file_comments: { 'a.ts': [{ line: 1, message: 'good' }] } } },
  });
});

test('200: the same result again is accepted, posted once, and asks for a turn again', async () => {
  await report('result', { result: 'SUCCESS', data: { a: 1, b: 2 } });

  const again = await report('result', { data: { b: 2, a: 1 }, result: 'SUCCESS' });

  expect(again.statusCode).toBe(200);
  expect(again.json()).toMatchObject({ accepted: true, state: 'repeated' });
  expect(await mailbox()).toHaveLength(1);
  expect(web.sent).toHaveLength(2);
});

test.each(['RETRY', 'TIMED_OUT', 'ERROR', 'SKIPPED', 'CANCELED'])(
  '200: %s is a word of the contract',
  async (result) => {
    expect((await report('result', { result })).statusCode).toBe(200);
  },
);

test.each([
  ['no token', undefined],
  ['another token', 'Bearer wrong'],
  ['another scheme', `Basic ${token}`],
  ['an empty token', 'Bearer '],
])('401: %s', async (_what, authorization) => {
  const answer = await web.app.inject({
    method: 'POST',
    url: `/api/v1/builds/${build}/result`,
    headers: authorization === undefined ? {} : { authorization },
    payload: { result: 'SUCCESS' },
  });

  expect(answer.statusCode).toBe(401);
  expect(answer.json().error.code).toBe('wrong_token');
  expect(await mailbox()).toEqual([]);
});

test('401: a build without a token takes no report from outside', async () => {
  const here = buildId('run-1.1');
  const ticket = { build: here, buildset: buildsetId('run-1'), tenant, attempt: 1 };
  await store.builds.openAttempt({ ...ticket, tokenHash: null });

  const answer = await report('result', { result: 'SUCCESS' }, { id: here });

  expect(answer.statusCode).toBe(401);
});

test.each(['run-2.0', '..%2f..%2fetc', '%20', 'a'.repeat(150)])('404: build %s', async (id) => {
  const answer = await report('result', { result: 'SUCCESS' }, { id });

  expect(answer.statusCode).toBe(404);
});

test('409: another result after the first', async () => {
  await report('result', { result: 'SUCCESS' });

  const answer = await report('result', { result: 'FAILURE' });

  expect(answer.statusCode).toBe(409);
  expect(answer.json().error.code).toBe('finished');
  expect(await mailbox()).toHaveLength(1);
});

test('409: whatever is said about a build that was cancelled', async () => {
  await store.builds.closeBuild(build);

  const answers = [await report('started', {}), await report('result', { result: 'SUCCESS' })];

  expect(answers.map((answer) => answer.statusCode)).toEqual([409, 409]);
});

test('409: the token of an earlier attempt is known but stale, not wrong', async () => {
  await openAttempt(2, 'secret-of-attempt-2');

  const answers = [await report('started', {}), await report('result', { result: 'SUCCESS' })];

  expect(answers.map((answer) => answer.statusCode)).toEqual([409, 409]);
  expect(answers[1]?.json().error.code).toBe('stale_attempt');
  expect(await mailbox()).toEqual([]);
});

test.each([
  ['a word that is none', { result: 'GREAT' }, 'body.result'],
  ['a script for a link', { result: 'SUCCESS', log_url: 'javascript:alert(1)' }, 'body.log_url'],
  ['data that is no object', { result: 'SUCCESS', data: [] }, 'body.data'],
  ['a list', [], 'body'],
])('422: %s, with the reason', async (_what, body, place) => {
  const answer = await report('result', body);

  expect(answer.statusCode).toBe(422);
  expect(answer.json().error.reasons.join()).toContain(place);
  expect(await mailbox()).toEqual([]);
});

test('422: a result without a body', async () => {
  const answer = await web.app.inject({
    method: 'POST',
    url: `/api/v1/builds/${build}/result`,
    headers: { authorization: `Bearer ${token}` },
  });

  expect(answer.statusCode).toBe(422);
});

test('422: data that is nested without end', async () => {
  const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  const answer = await sendText(`{"result":"SUCCESS","data":{"x":${nested}}}`);

  expect(answer.statusCode).toBe(422);
});

test('400: a body that is no JSON', async () => {
  const answer = await sendText('{"result": "SUCC');

  expect(answer.statusCode).toBe(400);
  expect(answer.json().error.code).toBe('malformed_json');
});

test('413: more than 1 MiB', async () => {
  const answer = await sendText(
    JSON.stringify({ result: 'SUCCESS', data: { x: 'x'.repeat(1024 * 1024) } }),
  );

  expect(answer.statusCode).toBe(413);
  expect(answer.json().error.code).toBe('too_large');
});

test('refusals come in the order 404, 401, 422, 409', async () => {
  const unknown = await report('result', 'bad', { id: 'run-9.0', token: 'wrong' });
  const strange = await report('result', 'bad', { token: 'wrong' });
  await openAttempt(2, 'secret-of-attempt-2');
  const stale = await report('result', 'bad');

  expect([unknown, strange, stale].map((answer) => answer.statusCode)).toEqual([404, 401, 422]);
});

test('a stranger is answered before the body has arrived', async () => {
  const address = new URL(await web.app.listen({ port: 0, host: '127.0.0.1' }));

  const status = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(address.port), '127.0.0.1');
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().split('\r\n')[0] ?? '');
    });
    socket.write(
      `POST /api/v1/builds/${build}/result HTTP/1.1\r\nhost: x\r\n` +
        'authorization: Bearer wrong\r\ncontent-length: 900000\r\n\r\n{',
    );
  });

  expect(status).toBe('HTTP/1.1 401 Unauthorized');
});

test('no answer holds the token', async () => {
  const answers = [
    await report('result', { result: 'GREAT' }),
    await report('result', { result: 'SUCCESS' }),
    await report('result', { result: 'FAILURE' }),
  ];

  expect(answers.map((answer) => answer.body).join()).not.toContain(token);
});

async function openAttempt(attempt: number, secret: string): Promise<void> {
  await store.builds.openAttempt({
    build,
    buildset: buildsetId('run-1'),
    tenant,
    attempt,
    tokenHash: hashToken(secret),
  });
}

function report(
  kind: 'started' | 'result',
  body: unknown,
  { id = build as string, token: given = token } = {},
) {
  return web.app.inject({
    method: 'POST',
    url: `/api/v1/builds/${id}/${kind}`,
    headers: { authorization: `Bearer ${given}`, 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });
}

function sendText(payload: string) {
  return web.app.inject({
    method: 'POST',
    url: `/api/v1/builds/${build}/result`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload,
  });
}

async function mailbox(): Promise<readonly Json[]> {
  return (await store.tenants.openTurn(tenant, 100)).events.map((event) => event.body);
}

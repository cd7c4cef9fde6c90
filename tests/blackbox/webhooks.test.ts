/** Contracts, section 3, the webhook's route: every bad input has its answer and loses nothing. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, withJob } from './actions.ts';
import { type House, openHouse, until } from './house.ts';
import { openTcpRedis, type TcpRedis } from './tcp-redis.ts';

const BODY_BYTES_MAX = 25 * 1024 * 1024;

let redis: TcpRedis;
let house: House;
let deliveries = 0;

beforeAll(async () => {
  redis = await openTcpRedis();
  house = await openHouse({
    files: withJob('true'),
    environment: { GATEHOUSE_REDIS_URL: redis.url },
  });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

describe.concurrent('a webhook', () => {
  it('is refused without a signature, and with one of another secret or another body', async () => {
    const other = createHmac('sha256', 'another secret').update('{}').digest('hex');

    const answers = [
      await post('{}', { 'x-hub-signature-256': null }),
      await post('{}', { 'x-hub-signature-256': `sha256=${other}` }),
      await post('{}', { 'x-hub-signature-256': sign('{ }') }),
      await post('{}', { 'x-hub-signature-256': 'sha256=' }),
      await post('{}', { 'x-hub-signature-256': sign('{}').slice('sha256='.length) }),
    ];

    expect(answers).toEqual([401, 401, 401, 401, 401]);
  });

  it('is refused as too large before anything else is looked at', async () => {
    const declared = await postByHand([
      `content-length: ${BODY_BYTES_MAX + 1}`,
      'x-github-event: push',
    ]);
    const chunked = await postChunked(BODY_BYTES_MAX + 1);

    expect(declared).toMatch(/^HTTP\/1\.1 413 /);
    expect(chunked).toBe(413);
  });

  it('is refused for its signature before it is refused for its content', async () => {
    const garbage = '{"action": "ope';

    const unsigned = await post(garbage, { 'x-hub-signature-256': null, 'x-github-event': null });
    const signed = await post(garbage);

    expect([unsigned, signed]).toEqual([401, 400]);
  });

  it('is refused when it is cut off', async () => {
    const headers = ['content-length: 100', `x-hub-signature-256: ${sign('{}')}`];

    const answer = await postByHand(headers, '{}');

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('is refused when it is no JSON, or lacks what GitHub always sends', async () => {
    const answers = [
      await post(''),
      await post('payload=%7B%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
      await post('{}', { 'x-github-event': null }),
      await post('{}', { 'x-github-delivery': null }),
      await post('{}', { 'x-github-delivery': 'not a word' }),
    ];

    expect(answers).toEqual([400, 400, 400, 400, 400]);
  });

  it.each([
    ['an event that nobody knows', 'quantum', { action: 'entangled' }],
    ['an action that nobody uses', 'pull_request', { action: 'enqueued' }],
    ['JSON that is no object', 'pull_request', 'hello'],
    ['an object without anything in it', 'check_run', {}],
    ['a repository that we do not see', 'push', pushTo('nobody/nowhere')],
    ['wrong types all over', 'pull_request', { action: 'opened', repository: 7, number: [] }],
  ])('is taken and set aside when it is %s', async (_, event, payload) => {
    const id = nextId();

    const status = await post(JSON.stringify(payload), {
      'x-github-event': event,
      'x-github-delivery': id,
    });
    const line = await workedOn(id);

    expect(status).toBe(202);
    expect(line).toMatch(/"outcome":"ignored: /);
  });

  it('comes by POST and by nothing else', async () => {
    const route = `${house.url}/webhooks/github`;

    const get = await fetch(route);
    const put = await fetch(route, { method: 'PUT', body: '{}' });

    expect([get.status, put.status]).toEqual([404, 404]);
  });
});

describe('a webhook that takes its time', () => {
  it('may be as large as GitHub makes them', async () => {
    const body = JSON.stringify('x'.repeat(BODY_BYTES_MAX - 2));

    expect(Buffer.byteLength(body)).toBe(BODY_BYTES_MAX);
    expect(await post(body, { 'x-github-event': 'push' })).toBe(202);
    expect(await post(`${body} `)).toBe(413);
  });

  it('is answered as known, and not worked on twice, when it comes again', async () => {
    const { number } = await propose(house, { 'again.txt': 'x\n' }, 'again');
    await house.runThat(number, (run) => run.status === 'completed');
    const [sent] = await house.sim.act
      .deliveries({ event: 'pull_request', limit: 100 })
      .then((all) =>
        all.filter(({ payload }) => (payload as { number: number }).number === number),
      );
    const body = JSON.stringify(sent?.payload);

    // GitHub's redelivery, and the same by somebody who recorded it.
    await house.sim.act.redeliver({ delivery: sent?.id ?? 0 });
    const replays = [
      await post(body, { 'x-github-delivery': sent?.guid ?? '', 'x-github-event': 'pull_request' }),
      await post('{}', { 'x-github-delivery': sent?.guid ?? '', 'x-github-event': 'push' }),
    ];
    await house.sim.act.settled();
    await house.idle();

    expect(replays).toEqual([202, 202]);
    expect(await house.runs(number)).toHaveLength(1);
  });
});

describe('a webhook that cannot be taken', () => {
  it('is answered 503 while Redis is away, and works when it is sent again', async () => {
    const { act } = house.sim;
    await house.idle();

    await redis.goAway();
    const { number } = await propose(house, { 'away.txt': 'x\n' }, 'away');
    await act.settled();
    const failed = await act.deliveries({ limit: 20 });
    const whileAway = await Promise.all(['/readyz', '/healthz'].map(statusOf));
    await redis.comeBack();
    await until('readiness', async () => ((await statusOf('/readyz')) === 200 ? true : null));
    const opened = failed.find(
      ({ event, action }) => event === 'pull_request' && action === 'opened',
    );
    await act.redeliver({ delivery: opened?.id ?? 0 });
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(opened?.statusCode).toBe(503);
    expect(whileAway).toEqual([503, 200]);
    expect(run.conclusion).toBe('success');
  });

  it('is asked for when the service is back, so that nobody has to do anything', async () => {
    await house.stop();
    const { number } = await propose(house, { 'missed.txt': 'x\n' }, 'missed');
    for (const other of ['missed-2', 'missed-3']) await propose(house, { [other]: 'x\n' }, other);
    await house.sim.act.settled();

    const startedAt = performance.now();
    await house.restart();
    const run = await house.runThat(number, (one) => one.status === 'completed');
    const tookMs = performance.now() - startedAt;
    await house.idle();

    expect(run.conclusion).toBe('success');
    expect(await house.runs(number)).toHaveLength(1);
    expect(tookMs).toBeLessThan(60_000);
    const deliveries = await house.sim.act.deliveries({ limit: 1_000 });
    const again = deliveries.filter(({ redelivery }) => redelivery);
    expect(again.length).toBeGreaterThanOrEqual(3);
    expect(again.filter(({ statusCode }) => statusCode !== 202)).toEqual([]);
  });
});

function nextId(): string {
  deliveries += 1;
  return `by-hand-${deliveries}`;
}

function sign(body: string): string {
  return `sha256=${createHmac('sha256', house.webhookSecret).update(body).digest('hex')}`;
}

/** A webhook as GitHub would send it, apart from what is given; null leaves a header out. */
async function post(body: string, changed: Readonly<Record<string, string | null>> = {}) {
  const headers: Record<string, string | null> = {
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': nextId(),
    'x-hub-signature-256': sign(body),
    ...changed,
  };
  const given = Object.entries(headers).filter((one): one is [string, string] => one[1] !== null);
  const response = await fetch(`${house.url}/webhooks/github`, {
    method: 'POST',
    headers: given,
    body,
  });
  await response.text();
  return response.status;
}

/** Sends headers and part of a body, then ends its side; what no client library does. */
async function postByHand(headers: readonly string[], body = ''): Promise<string> {
  const socket = connect({ port: Number(new URL(house.url).port), host: '127.0.0.1' });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const lines = ['POST /webhooks/github HTTP/1.1', 'host: gatehouse', ...headers, '', body];
  socket.end(lines.join('\r\n'));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('utf8');
}

/** Sends a body whose length nobody declared. */
function postChunked(bytes: number): Promise<number> {
  return new Promise((answered, failed) => {
    const call = request(`${house.url}/webhooks/github`, { method: 'POST' }, (response) => {
      answered(response.statusCode ?? 0);
      response.resume();
    });
    call.on('error', failed);
    call.write(Buffer.alloc(bytes));
    call.end();
  });
}

/** The log line that says what became of a delivery. */
function workedOn(id: string): Promise<string> {
  return until(`delivery ${id} to be worked on`, async () => {
    const lines = house.output().split('\n');
    return lines.find((line) => line.includes(`"${id}"`) && line.includes('worked on')) ?? null;
  });
}

async function statusOf(path: string): Promise<number> {
  return (await fetch(`${house.url}${path}`)).status;
}

function pushTo(repository: string): object {
  const [owner = '', name = ''] = repository.split('/');
  return {
    ...{ ref: 'refs/heads/main', before: '0'.repeat(40), after: 'a'.repeat(40) },
    repository: { full_name: repository, name, owner: { login: owner }, private: false },
    ...{ sender: { login: owner, type: 'User' }, installation: { id: 1 }, deleted: false },
  };
}

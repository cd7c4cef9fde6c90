import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { deliveryId, GatehouseError } from '@gatehouse/model';
import type { DeliveryStore } from '@gatehouse/ports';
import { fakeClock, memoryStore, recordingLog } from '@gatehouse/testkit';
import { fastify } from 'fastify';
import { afterEach, expect, test, vi } from 'vitest';
import { registerWebhookRoute, WEBHOOK_PATH, type WebhookRouteDeps } from './webhook-route.ts';

const SECRET = 'it is a secret';
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface HarnessOptions {
  readonly limits?: NonNullable<WebhookRouteDeps['limits']>;
  readonly deliveries?: Partial<DeliveryStore>;
}

async function listen(options: HarnessOptions = {}) {
  const store = memoryStore();
  const clock = fakeClock();
  const log = recordingLog();
  const results: string[] = [];
  const app = fastify();
  registerWebhookRoute(app, {
    webhookSecret: SECRET,
    deliveries: { ...store.deliveries, ...options.deliveries },
    clock,
    log,
    metrics: { webhookAnswered: (result) => results.push(result) },
    limits: { bodyBytesMax: 1000, ...options.limits },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  open.push(() => app.close());
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}${WEBHOOK_PATH}`,
    store,
    clock,
    log,
    /** What waits for the engine. */
    waiting: async () => {
      const entries = await store.deliveries.readInbox(10);
      return entries.map(({ deliveryId: id, event }) => ({ id, event }));
    },
    results,
  };
}

function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function headersOf(body: string, overrides: Record<string, string | null> = {}) {
  const headers: Record<string, string | null> = {
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': 'd-1',
    'x-hub-signature-256': sign(body),
    ...overrides,
  };
  const given = Object.entries(headers).filter((entry) => entry[1] !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

async function post(url: string, body: string, overrides: Record<string, string | null> = {}) {
  const response = await fetch(url, { method: 'POST', body, headers: headersOf(body, overrides) });
  const answer: unknown = await response.json();
  return { status: response.status, answer, headers: response.headers };
}

/** Speaks HTTP by hand, for what no client sends. */
async function dial(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString();
  });
  socket.on('error', () => socket.destroy());
  open.push(async () => socket.destroy());
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { socket, closed, received: () => received };
}

function requestHead(headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${WEBHOOK_PATH} HTTP/1.1`, 'host: x', ...lines, '', ''].join('\r\n');
}

const opened = JSON.stringify({ action: 'opened', number: 7 });

test('a signed webhook is stored as it came and waits for the engine before 202', async () => {
  const { url, store, waiting, results, clock } = await listen();
  const body = '{ "action":"opened",\n "title": "ünïcode" }';

  const { status, answer } = await post(url, body);

  expect(status).toBe(202);
  expect(answer).toEqual({ delivery: 'd-1', state: 'queued' });
  expect(await waiting()).toEqual([{ id: 'd-1', event: 'pull_request' }]);
  const stored = await store.deliveries.readDelivery(deliveryId('d-1'));
  expect(stored).toMatchObject({ event: 'pull_request', receivedAt: clock.now() });
  expect(Buffer.from(stored?.body ?? []).toString()).toBe(body);
  expect(results).toEqual(['queued']);
});

test('an event that nobody uses is taken too', async () => {
  const { url, waiting } = await listen();

  const { status } = await post(url, '{"zen":"x"}', { 'x-github-event': 'brand_new_event' });

  expect(status).toBe(202);
  expect(await waiting()).toHaveLength(1);
});

test('a body that is JSON but no object is taken; what it means is seen later', async () => {
  const { url, waiting } = await listen();

  const { status } = await post(url, '"just text"');

  expect(status).toBe(202);
  expect(await waiting()).toHaveLength(1);
});

test('header names count in any case', async () => {
  const { port, waiting } = await listen();
  const client = await dial(port);

  client.socket.write(
    requestHead({
      'X-GITHUB-EVENT': 'push',
      'x-GitHub-Delivery': 'd-2',
      'X-Hub-Signature-256': sign(opened),
      'Content-Length': String(opened.length),
    }) + opened,
  );

  await vi.waitFor(() => expect(client.received()).toContain('HTTP/1.1 202'));
  expect(await waiting()).toHaveLength(1);
});

test('an unsigned webhook is refused', async () => {
  const { url, waiting, results } = await listen();

  const { status, answer } = await post(url, opened, { 'x-hub-signature-256': null });

  expect(status).toBe(401);
  expect(answer).toMatchObject({ error: { code: 'bad_signature' } });
  expect(await waiting()).toEqual([]);
  expect(results).toEqual(['forged']);
});

test.each([
  ['with another secret', sign(opened, 'guess')],
  ['over another body', sign(`${opened} `)],
  ['with malformed hexadecimal digits', `sha256=${'z'.repeat(64)}`],
  ['cut short', sign(opened).slice(0, -1)],
  ['with SHA-1', `sha1=${'0'.repeat(40)}`],
  ['given twice', `${sign(opened)}, ${sign(opened)}`],
])('a webhook signed %s is refused', async (_, signature) => {
  const { url, waiting } = await listen();

  const { status } = await post(url, opened, { 'x-hub-signature-256': signature });

  expect(status).toBe(401);
  expect(await waiting()).toEqual([]);
});

test('a body that declares too many bytes is refused without being read', async () => {
  const { port, results } = await listen();
  const client = await dial(port);

  client.socket.write(requestHead({ 'content-length': '1001' }));

  await vi.waitFor(() => expect(client.received()).toContain('body_too_large'));
  expect(client.received()).toContain('HTTP/1.1 413');
  expect(results).toEqual(['too_large']);
});

test('the sender of an oversized body gets to read the answer', async () => {
  const { url } = await listen();
  const body = 'x'.repeat(20_000_000);

  const { status, answer } = await post(url, body);

  expect(status).toBe(413);
  expect(answer).toMatchObject({ error: { code: 'body_too_large' } });
});

test('a chunked body that grows too large is refused as soon as it does', async () => {
  const { port, waiting } = await listen();
  const client = await dial(port);

  client.socket.write(
    requestHead({ 'transfer-encoding': 'chunked', 'x-hub-signature-256': sign('x') }),
  );
  for (let chunk = 0; chunk < 3; chunk += 1) client.socket.write(`190\r\n${'x'.repeat(400)}\r\n`);

  await vi.waitFor(() => expect(client.received()).toContain('HTTP/1.1 413'));
  expect(await waiting()).toEqual([]);
});

test('a chunked body within the limit is taken', async () => {
  const { port, waiting } = await listen();
  const client = await dial(port);
  const { 'content-type': _type, ...headers } = headersOf(opened);

  client.socket.write(requestHead({ ...headers, 'transfer-encoding': 'chunked' }));
  for (const letter of opened) client.socket.write(`1\r\n${letter}\r\n`);
  client.socket.write('0\r\n\r\n');

  await vi.waitFor(() => expect(client.received()).toContain('HTTP/1.1 202'));
  expect(await waiting()).toHaveLength(1);
});

test('an unsigned oversized body is too large first', async () => {
  const { url } = await listen();

  const { status } = await post(url, 'x'.repeat(1001), { 'x-hub-signature-256': null });

  expect(status).toBe(413);
});

test('a truncated body is not taken', async () => {
  const { port, waiting, results } = await listen();
  const client = await dial(port);

  client.socket.write(
    requestHead({ ...headersOf(opened), 'content-length': String(opened.length) }) +
      opened.slice(0, -5),
  );
  client.socket.end();
  await client.closed;

  await vi.waitFor(() => expect(results).toEqual(['truncated']));
  expect(client.received()).toMatch(/^(HTTP\/1.1 400|$)/);
  expect(await waiting()).toEqual([]);
});

test('a connection that breaks in the middle of a body does no harm', async () => {
  const { port, url, results } = await listen();
  const client = await dial(port);

  client.socket.write(requestHead({ ...headersOf(opened), 'content-length': '500' }));
  client.socket.write('{');
  client.socket.resetAndDestroy();

  await vi.waitFor(() => expect(results).toEqual(['truncated']));
  expect(await post(url, opened)).toMatchObject({ status: 202 });
});

test('a body that never comes is given up', async () => {
  const { port } = await listen({ limits: { bodyTimeoutMs: 20 } });
  const client = await dial(port);

  client.socket.write(requestHead({ ...headersOf(opened), 'content-length': '500' }));

  await vi.waitFor(() => expect(client.received()).toContain('HTTP/1.1 408'));
});

test.each([
  ['{"action":', 'malformed_json'],
  ['', 'malformed_json'],
  ['not json at all', 'malformed_json'],
])('the signed body %j is refused: it is not JSON', async (body, code) => {
  const { url, waiting, results } = await listen();

  const { status, answer } = await post(url, body);

  expect(status).toBe(400);
  expect(answer).toMatchObject({ error: { code } });
  expect(await waiting()).toEqual([]);
  expect(results).toEqual(['malformed']);
});

test('a form-encoded webhook is refused with what to change', async () => {
  const { url } = await listen();

  const { status, answer } = await post(url, `payload=${encodeURIComponent(opened)}`, {
    'content-type': 'application/x-www-form-urlencoded',
  });

  expect(status).toBe(400);
  expect(JSON.stringify(answer)).toContain('application/json');
});

test('an odd content type does not come before the signature', async () => {
  const { url } = await listen();
  const odd = { 'content-type': 'what/is this;;' };

  const forged = await post(url, opened, { ...odd, 'x-hub-signature-256': null });
  const genuine = await post(url, opened, odd);

  expect([forged.status, genuine.status]).toEqual([401, 202]);
});

test.each([
  ['x-github-event', null, 'missing_event'],
  ['x-github-event', 'two words', 'missing_event'],
  ['x-github-delivery', null, 'missing_delivery'],
  ['x-github-delivery', '../../etc', 'missing_delivery'],
])('a webhook whose %s is %j is refused', async (...[name, value, code]) => {
  const { url, waiting } = await listen();

  const { status, answer } = await post(url, opened, { [name]: value });

  expect(status).toBe(400);
  expect(answer).toMatchObject({ error: { code } });
  expect(await waiting()).toEqual([]);
});

test('a replay of a delivery that was worked on is answered and does not wait', async () => {
  const { url, store, waiting, results } = await listen();
  await post(url, opened);
  await store.deliveries.clearInbox(await store.deliveries.readInbox(1));
  await store.deliveries.finishDelivery(deliveryId('d-1'), 'done');

  const { status, answer } = await post(url, opened);

  expect(status).toBe(202);
  expect(answer).toEqual({ delivery: 'd-1', state: 'known' });
  expect(await waiting()).toEqual([]);
  expect(results).toEqual(['queued', 'known']);
});

test('a replay of a delivery that was stored and never worked on waits again', async () => {
  const { url, store, waiting } = await listen();
  await post(url, opened);
  await store.deliveries.clearInbox(await store.deliveries.readInbox(1));

  const { status, answer } = await post(url, opened);

  expect(status).toBe(202);
  expect(answer).toEqual({ delivery: 'd-1', state: 'queued' });
  expect(await waiting()).toEqual([{ id: 'd-1', event: 'pull_request' }]);
});

test('a delivery whose storing was never confirmed is refused, and taken when it comes again', async () => {
  const store = memoryStore();
  let isAnswerLost = true;
  const { url } = await listen({
    deliveries: {
      claimDelivery: async (delivery) => {
        const state = await store.deliveries.claimDelivery(delivery);
        if (isAnswerLost) throw new GatehouseError('GATE_REDIS_UNAVAILABLE', 'gone');
        return state;
      },
    },
  });
  const first = await post(url, opened);

  isAnswerLost = false;
  const second = await post(url, opened);

  expect([first.status, second.status]).toEqual([503, 202]);
  expect(await store.deliveries.readInbox(10)).not.toEqual([]);
});

test.each([
  ['refuses', async () => Promise.reject(new GatehouseError('GATE_REDIS_UNAVAILABLE', 'gone'))],
  ['does not answer', () => new Promise<never>(() => undefined)],
])('when Redis %s, the delivery is answered 503 so that it is sent again', async (_, claim) => {
  const { url, waiting, log } = await listen({
    deliveries: { claimDelivery: claim },
    limits: { storeTimeoutMs: 30 },
  });

  const { status, answer, headers } = await post(url, opened);

  expect(status).toBe(503);
  expect(answer).toMatchObject({ error: { code: 'unavailable' } });
  expect(headers.get('retry-after')).toBe('30');
  expect(await waiting()).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'error', fields: { reason: 'unavailable' } }]);
});

test('bodies of strangers together cannot fill the memory', async () => {
  const { port, url } = await listen({ limits: { bufferedBytesMax: 600 } });
  const hoarder = await dial(port);
  hoarder.socket.write(
    requestHead({ ...headersOf(opened), 'content-length': '900' }) + 'x'.repeat(590),
  );

  await vi.waitFor(async () => expect((await post(url, opened)).status).toBe(503));
  hoarder.socket.destroy();

  await vi.waitFor(async () => expect((await post(url, opened)).status).toBe(202));
});

test('a flood of forged webhooks leaves one log line per minute and no body in it', async () => {
  const { url, log, clock, results } = await listen();
  const body = 'stranger '.repeat(50);
  const flood = () =>
    Promise.all(
      Array.from({ length: 100 }, () => post(url, body, { 'x-hub-signature-256': null })),
    );

  await flood();
  clock.advance(60_000);
  await flood();

  expect(results).toHaveLength(200);
  expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
    ['warn', { reason: 'bad_signature', count: 1 }],
    ['warn', { reason: 'bad_signature', count: 100 }],
  ]);
});

import { deliveryId } from '@gatehouse/model';
import { expect, test, vi } from 'vitest';
import {
  dial,
  headersOf,
  listen,
  opened,
  post,
  requestHead,
  sign,
} from './testing/webhook-under-test.ts';

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

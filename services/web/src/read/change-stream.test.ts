import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { memoryStore, quietLog } from '@gatehouse/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { CHANGES_TOPIC } from '../deps.ts';
import { START } from '../testing/items.ts';
import { type Overrides, webUnderTest } from '../testing/web-under-test.ts';
import { STREAM_CLIENTS_MAX } from './change-stream.ts';

test('changes that come together reach every client as one tick without a name in it', async () => {
  const { announce, open } = await start();
  const clients = [await open(), await open()];

  await announce({ buildset: 'secret-run' });
  await announce({ buildset: 'secret-run' });
  const received = await Promise.all(clients.map((client) => readUntil(client, 'event: change')));

  expect(received.map((text) => text.split('event: change').length - 1)).toEqual([1, 1]);
  expect(received.join()).not.toContain('secret-run');
  expect(clients[0]?.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
});

test('there are as many clients as there may be, and room again when one leaves', async () => {
  const { open } = await start();
  const clients: IncomingMessage[] = [];
  for (let count = 0; count < STREAM_CLIENTS_MAX; count += 1) clients.push(await open());

  const refused = await open();
  clients[0]?.destroy();

  expect(refused.statusCode).toBe(503);
  await expect.poll(async () => (await open()).statusCode).toBe(200);
});

test('closing the server ends open streams and the subscription', async () => {
  let listeners = 0;
  const announcements: Overrides['announcements'] = {
    announce: async () => undefined,
    listen: async () => {
      listeners += 1;
      return async () => {
        listeners -= 1;
      };
    },
  };
  const { open, web } = await start({ announcements });
  const client = await open();
  client.resume();
  const isListening = listeners;

  await Promise.all([once(client, 'end'), web.app.close()]);

  expect([isListening, listeners]).toEqual([1, 0]);
});

test('when changes cannot be followed the client is told to come back', async () => {
  const { open } = await start({
    announcements: {
      announce: async () => undefined,
      listen: () => Promise.reject(Object.assign(new Error('away'))),
    },
  });

  const answer = await open();

  expect(answer.statusCode).toBe(500);
});

async function start(overrides: Overrides = {}) {
  const store = memoryStore();
  const parts = { store, clock: { now: () => START }, log: quietLog };
  const web = await webUnderTest(parts, { settings: { isPublicDashboard: true }, ...overrides });
  const address = await web.app.listen({ port: 0, host: '127.0.0.1' });
  const opened: IncomingMessage[] = [];
  onTestFinished(async () => {
    for (const client of opened) client.destroy();
    await web[Symbol.asyncDispose]();
  });
  return {
    web,
    announce: (message: { buildset: string }) =>
      store.announcements.announce(CHANGES_TOPIC, message),
    open: async (): Promise<IncomingMessage> => {
      const [response] = await once(get(`${address}/api/v1/events`), 'response');
      opened.push(response);
      return response;
    },
  };
}

async function readUntil(stream: IncomingMessage, end: string): Promise<string> {
  let received = '';
  for await (const chunk of stream) {
    received += String(chunk);
    if (received.includes(end)) break;
  }
  return received;
}

import { createHmac } from 'node:crypto';
import type { MessageCatalogue } from '@gatehouse/ports';
import { createWorkQueue, type OpenWorkQueue } from '@gatehouse/queue';
import { createStore, type Store } from '@gatehouse/store';
import { fakeClock, type IsolatedRedis, isolatedRedis, quietLog } from '@gatehouse/testkit';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { registerWebhookRoute, WEBHOOK_PATH } from './webhook-route.ts';

const SECRET = 'it is a secret';
let redis: IsolatedRedis;
let store: Store;
let queue: OpenWorkQueue;
let app: FastifyInstance;
let url = '';

beforeAll(async () => {
  redis = await isolatedRedis();
  store = createStore(redis.redis, quietLog);
  queue = createWorkQueue({ redis: redis.redis, log: quietLog });
  app = fastify();
  registerWebhookRoute(app, {
    webhookSecret: SECRET,
    deliveries: store.deliveries,
    queue,
    clock: fakeClock(),
    log: quietLog,
    metrics: { webhookAnswered: () => undefined },
  });
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}${WEBHOOK_PATH}`;
});
afterAll(async () => {
  await app.close();
  await queue.close();
  await redis[Symbol.asyncDispose]();
});

async function post(body: string, delivery: string): Promise<number> {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'x-github-event': 'push',
      'x-github-delivery': delivery,
      'x-hub-signature-256': `sha256=${signature}`,
    },
  });
  await response.arrayBuffer();
  return response.status;
}

test('what is answered with 202 is in Redis, body and message, once per delivery', async () => {
  const body = JSON.stringify({ text: 'ü'.repeat(100_000) });

  const statuses = await Promise.all([post(body, 'd-1'), post(body, 'd-1'), post(body, 'd-2')]);

  expect(statuses).toEqual([202, 202, 202]);
  expect(await queue.count('events')).toMatchObject({ waiting: 2 });
  const messages: MessageCatalogue['events'][] = [];
  const worker = queue.work('events', {
    concurrency: 1,
    handle: async (message) => {
      messages.push(message);
      if (message.kind !== 'delivery') return 'done';
      const stored = await store.deliveries.readDelivery(message.deliveryId);
      expect(Buffer.from(stored?.body ?? []).toString()).toBe(body);
      await store.deliveries.finishDelivery(message.deliveryId, 'done');
      return 'done';
    },
    onExhausted: async () => undefined,
  });
  await worker.start();
  await vi.waitFor(() => expect(messages).toHaveLength(2), 10_000);
  await worker.stop();

  expect(await post(body, 'd-1')).toBe(202);
  expect(await queue.count('events')).toMatchObject({ waiting: 0, active: 0 });
});

test('while Redis is away every webhook is answered 503 in time, and taken when it is back', async () => {
  await redis.goAway();
  const startedAt = performance.now();

  const statuses = await Promise.all([post('{}', 'd-3'), post('{}', 'd-4')]);

  expect(statuses).toEqual([503, 503]);
  expect(performance.now() - startedAt).toBeLessThan(5000);
  await redis.comeBack();
  await vi.waitFor(async () => expect(await post('{}', 'd-3')).toBe(202), 15_000);
});

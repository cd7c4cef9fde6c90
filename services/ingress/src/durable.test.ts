import { createHmac } from 'node:crypto';
import { deliveryId } from '@gatehouse/model';
import { createStore, type Store } from '@gatehouse/store';
import { fakeClock, type IsolatedRedis, isolatedRedis, quietLog } from '@gatehouse/testkit';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { registerWebhookRoute, WEBHOOK_PATH } from './webhook-route.ts';

const SECRET = 'it is a secret';
let redis: IsolatedRedis;
let store: Store;
let app: FastifyInstance;
let url = '';

beforeAll(async () => {
  redis = await isolatedRedis();
  store = createStore(redis.redis, quietLog);
  app = fastify();
  registerWebhookRoute(app, {
    webhookSecret: SECRET,
    deliveries: store.deliveries,
    clock: fakeClock(),
    log: quietLog,
    metrics: { webhookAnswered: () => undefined },
  });
  url = `${await app.listen({ port: 0, host: '127.0.0.1' })}${WEBHOOK_PATH}`;
});
afterAll(async () => {
  await app.close();
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

test('what is answered with 202 is in Redis, body and place in the inbox', async () => {
  const { deliveries } = store;
  const body = JSON.stringify({ text: 'ü'.repeat(100_000) });

  const statuses = await Promise.all([post(body, 'd-1'), post(body, 'd-1'), post(body, 'd-2')]);

  expect(statuses).toEqual([202, 202, 202]);
  const waiting = await deliveries.readInbox(10);
  expect(new Set(waiting.map((entry) => String(entry.deliveryId)))).toEqual(
    new Set(['d-1', 'd-2']),
  );
  for (const entry of waiting) {
    const stored = await deliveries.readDelivery(entry.deliveryId);
    expect(Buffer.from(stored?.body ?? []).toString()).toBe(body);
  }
});

test('a delivery that was worked on does not come into the inbox again', async () => {
  const { deliveries } = store;
  await post('{}', 'd-5');
  await deliveries.clearInbox(await deliveries.readInbox(10));
  await deliveries.finishDelivery(deliveryId('d-5'), 'done');

  expect(await post('{}', 'd-5')).toBe(202);

  expect(await deliveries.countInbox()).toBe(0);
});

test('while Redis is away every webhook is answered 503 in time, and taken when it is back', async () => {
  await redis.goAway();
  const startedAt = performance.now();

  const statuses = await Promise.all([post('{}', 'd-3'), post('{}', 'd-4')]);

  expect(statuses).toEqual([503, 503]);
  // GitHub waits ten seconds for an answer.
  expect(performance.now() - startedAt).toBeLessThan(9_000);
  await redis.comeBack();
  await vi.waitFor(async () => expect(await post('{}', 'd-3')).toBe(202), 15_000);
});

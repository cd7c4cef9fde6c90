/** Deliveries that come again, and a Redis that is not there. */
import { deliveryId, GatehouseError } from '@gatehouse/model';
import { memoryStore } from '@gatehouse/testkit';
import { expect, test } from 'vitest';
import { listen, opened, post } from './testing/webhook-under-test.ts';

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

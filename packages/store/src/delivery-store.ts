import type { DeliveryId } from '@gatehouse/model';
import type { Announcements, DeliveryStore, RawDelivery } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { clearInbox, countInbox, readInbox } from './inbox.ts';
import { deliveryBodyKey, deliveryKey } from './keys.ts';
import { deliveryMemoryMs } from './limits.ts';
import { onRedis } from './redis-errors.ts';
import { claimDelivery, inboxTopic } from './scripts/claim-delivery.ts';
import { parseStored } from './stored.ts';

const text = z.instanceof(Buffer).transform((bytes) => bytes.toString());

/** Fields in the order they are asked for. */
const DeliveryEntry = z.tuple([
  text.pipe(z.literal('1')),
  text,
  text.pipe(z.coerce.number()),
  z.instanceof(Buffer),
]);

/** Outcomes are words for people; a longer one is cut. */
const outcomeCharactersMax = 200;

/** Deliveries, with their bodies until they have been worked on, and the inbox. */
export function createDeliveryStore(redis: Redis, announcements: Announcements): DeliveryStore {
  return {
    claimDelivery: (delivery) => claimDelivery(redis, delivery),
    readDelivery: (deliveryId) => readDelivery(redis, deliveryId),
    finishDelivery: (deliveryId, outcome) => finishDelivery(redis, deliveryId, outcome),
    isKnownDelivery: (deliveryId) =>
      onRedis('is-known-delivery', async () => (await redis.exists(deliveryKey(deliveryId))) === 1),
    readInbox: (entriesMax) => readInbox(redis, entriesMax),
    clearInbox: (entries) => clearInbox(redis, entries),
    countInbox: () => countInbox(redis),
    watchInbox: (onEntry) => announcements.listen(inboxTopic, onEntry),
  };
}

async function readDelivery(redis: Redis, deliveryId: DeliveryId): Promise<RawDelivery | null> {
  const names = ['schema', 'event', 'received', 'body'];
  const fields = await onRedis('read-delivery', () =>
    redis.hmgetBuffer(deliveryBodyKey(deliveryId), ...names),
  );
  if (fields[3] == null) return null;
  const [, event, receivedAt, body] = parseStored(DeliveryEntry, fields, 'a delivery');
  return { deliveryId, event, receivedAt, body };
}

async function finishDelivery(
  redis: Redis,
  deliveryId: DeliveryId,
  outcome: string,
): Promise<void> {
  const state = `processed ${outcome.slice(0, outcomeCharactersMax)}`;
  await onRedis('finish-delivery', async () => {
    const results = await redis
      .multi()
      .set(deliveryKey(deliveryId), state, 'PX', deliveryMemoryMs)
      .unlink(deliveryBodyKey(deliveryId))
      .exec();
    for (const [error] of results ?? []) if (error !== null) throw error;
  });
}

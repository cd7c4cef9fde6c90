/** The deliveries that wait to be queued, as a stream that `claim-delivery` appends to. */
import { deliveryId } from '@gatehouse/model';
import type { InboxEntry } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { inboxKey } from './keys.ts';
import { onRedis } from './redis-errors.ts';
import { parseStored } from './stored.ts';

/** A stream's entries: position, then names and values in turn. */
const Entries = z.array(
  z.tuple([
    z.string(),
    z.tuple([
      z.literal('schema'),
      z.literal('1'),
      z.literal('delivery'),
      z.string().transform((text) => deliveryId(text)),
      z.literal('event'),
      z.string(),
    ]),
  ]),
);

/** Oldest first. */
export async function readInbox(redis: Redis, entriesMax: number): Promise<readonly InboxEntry[]> {
  const entries = await onRedis('read-inbox', () =>
    redis.xrange(inboxKey, '-', '+', 'COUNT', entriesMax),
  );
  return parseStored(Entries, entries, 'the inbox').map(([position, fields]) => {
    const [, , , delivery, , event] = fields;
    return { position, deliveryId: delivery, event };
  });
}

/** Removes just these; what came in meanwhile stays. */
export async function clearInbox(redis: Redis, entries: readonly InboxEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const positions = entries.map(({ position }) => position);
  await onRedis('clear-inbox', () => redis.xdel(inboxKey, ...positions));
}

export async function countInbox(redis: Redis): Promise<number> {
  return await onRedis('count-inbox', () => redis.xlen(inboxKey));
}

import type { RawDelivery } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { deliveryBodyKey, deliveryKey } from '../keys.ts';
import { deliveryMemoryMs } from '../limits.ts';
import { defineScript, runScript } from './script.ts';

const script = defineScript(
  'claim-delivery',
  `
-- KEYS 1 state, 2 body
-- ARGV 1 memory (ms), 2 event, 3 received at (ms since 1970), 4 body (bytes)
-- Returns 0 new, 1 pending, 2 processed. One step: state and body come together or not at all.
local state = redis.call('GET', KEYS[1])
if state == 'pending' then return 1 end
if state then return 2 end
redis.call('SET', KEYS[1], 'pending', 'PX', ARGV[1])
redis.call('HSET', KEYS[2], 'schema', 1, 'event', ARGV[2], 'received', ARGV[3], 'body', ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 0
`,
);

const answers = ['new', 'pending', 'processed'] as const;

/** Stores a delivery unless its id is known. */
export async function claimDelivery(
  redis: Redis,
  delivery: RawDelivery,
): Promise<(typeof answers)[number]> {
  const { body } = delivery;
  const answer = await runScript(redis, script, {
    keys: [deliveryKey(delivery.deliveryId), deliveryBodyKey(delivery.deliveryId)],
    args: [
      deliveryMemoryMs,
      delivery.event,
      delivery.receivedAt,
      // A view, not a copy: bodies reach 25 MB.
      Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    ],
  });
  return answers[Number(answer)] ?? 'new';
}

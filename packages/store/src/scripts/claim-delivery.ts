import { isAscii } from 'node:buffer';
import type { RawDelivery } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { deliveryBodyKey, deliveryKey, inboxKey, topicChannel } from '../keys.ts';
import { deliveryMemoryMs } from '../limits.ts';
import { defineScript, runScript } from './script.ts';

/** Whoever watches the inbox listens here. */
export const inboxTopic = 'inbox';

const script = defineScript(
  'claim-delivery',
  `
-- KEYS 1 state, 2 body, 3 inbox
-- ARGV 1 delivery id, 2 event, 3 received at (ms since 1970), 4 body (bytes)
-- Returns 0 new, 1 pending, 2 processed. One step: state, body and the place in the inbox come
-- together or not at all. What is pending comes into the inbox once more. Whoever watches is told
-- when it was empty.
local state = redis.call('GET', KEYS[1])
if state and state ~= 'pending' then return 2 end
if not state then
  redis.call('SET', KEYS[1], 'pending', 'PX', ${deliveryMemoryMs})
  redis.call('HSET', KEYS[2], 'schema', 1, 'event', ARGV[2], 'received', ARGV[3], 'body', ARGV[4])
  redis.call('PEXPIRE', KEYS[2], ${deliveryMemoryMs})
end
if redis.call('XLEN', KEYS[3]) == 0 then redis.call('PUBLISH', '${topicChannel(inboxTopic)}', 'null') end
redis.call('XADD', KEYS[3], '*', 'schema', 1, 'delivery', ARGV[1], 'event', ARGV[2])
return state and 1 or 0
`,
);

/** Larger strings are kept apart by the collector, too, so that nothing would be gained. */
const TEXT_BYTES_MAX = 64 * 1024;

const answers = ['new', 'pending', 'processed'] as const;

/** Stores a delivery unless its id is known, and has it wait unless it was worked on. */
export async function claimDelivery(
  redis: Redis,
  delivery: RawDelivery,
): Promise<(typeof answers)[number]> {
  const { body, deliveryId } = delivery;
  const answer = await runScript(redis, script, {
    keys: [deliveryKey(deliveryId), deliveryBodyKey(deliveryId), inboxKey],
    args: [deliveryId, delivery.event, delivery.receivedAt, bodyArgument(body)],
  });
  return answers[Number(answer)] ?? 'new';
}

/**
 * The body for the client to send. Buffers are copied by ioredis into one more, outside the
 * collector's heap, and such memory is collected late and dearly; text is not. Only ASCII is the
 * same bytes as text; most payloads are.
 */
function bodyArgument(body: Uint8Array): Buffer | string {
  // A view, not a copy: bodies reach 25 MB.
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.length <= TEXT_BYTES_MAX && isAscii(bytes) ? bytes.toString('latin1') : bytes;
}

import type { TenantId } from '@gatehouse/model';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { tenantKeys } from '../keys.ts';
import { parseStored } from '../stored.ts';
import { defineScript, runScript } from './script.ts';

const script = defineScript(
  'open-turn',
  `
-- KEYS 1 version, 2 mailbox, 3 events
-- ARGV 1 most events
-- Returns {version, ids, bodies}; one step, so that version and events belong together.
local version = redis.call('GET', KEYS[1]) or '0'
local ids = redis.call('ZRANGE', KEYS[2], 0, ARGV[1] - 1)
if #ids == 0 then return {version, {}, {}} end
return {version, ids, redis.call('HMGET', KEYS[3], unpack(ids))}
`,
);

const Answer = z.tuple([z.coerce.number().int(), z.array(z.string()), z.array(z.string())]);

/** Lua hands at most about 8,000 values to one call. */
const eventsLimit = 5_000;

/** The version and the oldest events, as text. */
export async function readTurn(redis: Redis, tenant: TenantId, eventsMax: number) {
  const keys = tenantKeys(tenant);
  const answer = await runScript(redis, script, {
    keys: [keys.version, keys.mailbox, keys.events],
    args: [Math.min(eventsMax, eventsLimit)],
  });
  const [version, ids, bodies] = parseStored(Answer, answer, 'a turn');
  return { version, ids, bodies };
}

import type { EffectKey, TenantId } from '@gatehouse/model';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { busyKey, tenantKeys, tenantPrefix } from '../keys.ts';
import { parseStored } from '../stored.ts';
import { defineScript, runScript } from './script.ts';

const readScript = defineScript(
  'read-outbox',
  `
-- KEYS 1 outbox, 2 effects
-- ARGV 1 most effects
-- Returns {keys, bodies}, oldest first.
local keys = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)
if #keys == 0 then return {{}, {}} end
return {keys, redis.call('HMGET', KEYS[2], unpack(keys))}
`,
);

const clearScript = defineScript(
  'clear-outbox',
  `
-- KEYS 1 outbox, 2 effects, 3 mailbox, 4 busy tenants
-- ARGV 1 tenant, then the effect keys
-- Returns how many were there.
local cleared = 0
for i = 2, #ARGV do
  cleared = cleared + redis.call('ZREM', KEYS[1], ARGV[i])
  redis.call('HDEL', KEYS[2], ARGV[i])
end
if redis.call('EXISTS', KEYS[1], KEYS[3]) == 0 then redis.call('SREM', KEYS[4], ARGV[1]) end
return cleared
`,
);

const countScript = defineScript(
  'count-waiting',
  `
-- KEYS 1 busy tenants
-- ARGV 1 what stands before a tenant's name in its keys
-- Returns {events, effects} over all tenants. Cost: linear in the tenants that have work.
local events, effects = 0, 0
for _, tenant in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  events = events + redis.call('ZCARD', ARGV[1] .. tenant .. '}:mailbox')
  effects = effects + redis.call('ZCARD', ARGV[1] .. tenant .. '}:outbox')
end
return {events, effects}
`,
);

const Entries = z.tuple([z.array(z.string()), z.array(z.string())]);
const Counts = z.tuple([z.number(), z.number()]);

/** Lua hands at most about 8,000 values to one call. */
const effectsLimit = 5_000;

/** Keys and texts of the oldest effects. */
export async function readOutboxEntries(redis: Redis, tenant: TenantId, effectsMax: number) {
  const own = tenantKeys(tenant);
  const answer = await runScript(redis, readScript, {
    keys: [own.outbox, own.effects],
    args: [Math.min(effectsMax, effectsLimit)],
  });
  const [keys, texts] = parseStored(Entries, answer, 'an outbox');
  return keys.map((key, i) => ({ key, text: texts[i] ?? '' }));
}

/** Removes effects, and the tenant from those with work when nothing is left. */
export async function removeEffects(
  redis: Redis,
  tenant: TenantId,
  keys: readonly EffectKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const own = tenantKeys(tenant);
  await runScript(redis, clearScript, {
    keys: [own.outbox, own.effects, own.mailbox, busyKey],
    args: [tenant, ...keys],
  });
}

/** Events and effects waiting over all tenants. */
export async function countWaiting(redis: Redis) {
  const answer = await runScript(redis, countScript, { keys: [busyKey], args: [tenantPrefix] });
  const [events, effects] = parseStored(Counts, answer, 'counts');
  return { events, effects };
}

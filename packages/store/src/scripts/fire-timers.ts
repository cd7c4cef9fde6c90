import { type TenantId, tenantId } from '@gatehouse/model';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { busyKey, tenantPrefix, timerBodiesKey, timerIdsKey, timersKey } from '../keys.ts';
import { parseStored } from '../stored.ts';
import { postFunction } from './post-function.ts';
import { defineScript, runScript } from './script.ts';

const script = defineScript(
  'fire-timers',
  `
-- KEYS 1 timers, 2 event ids, 3 event bodies, 4 busy tenants
-- ARGV 1 now (ms since 1970), 2 most timers, 3 what stands before a tenant's name in its keys
-- Returns the tenants whose timers were due, each once. A timer is posted and forgotten in the
-- same step, so that a crash neither loses nor repeats it.
${postFunction}
local tenants, known = {}, {}
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(due) do
  local tenant = string.match(member, '^[^|]*')
  local id = redis.call('HGET', KEYS[2], member)
  local body = redis.call('HGET', KEYS[3], member)
  if id and body then post(ARGV[3] .. tenant .. '}:', KEYS[4], tenant, id, body) end
  redis.call('ZREM', KEYS[1], member)
  redis.call('HDEL', KEYS[2], member)
  redis.call('HDEL', KEYS[3], member)
  if not known[tenant] then
    known[tenant] = true
    tenants[#tenants + 1] = tenant
  end
end
return tenants
`,
);

const Tenants = z.array(z.string());

/** Posts what is due. */
export async function fireTimers(
  redis: Redis,
  now: number,
  timersMax: number,
): Promise<readonly TenantId[]> {
  const answer = await runScript(redis, script, {
    keys: [timersKey, timerIdsKey, timerBodiesKey, busyKey],
    args: [now, timersMax, tenantPrefix],
  });
  return parseStored(Tenants, answer, 'tenants').map(tenantId);
}

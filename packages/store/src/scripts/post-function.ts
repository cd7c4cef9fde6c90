/**
 * The one way an event gets into a mailbox, as Lua to be put before scripts that post. Numbers and
 * JSON stay text throughout: Lua's cjson would turn empty lists into objects.
 */
import { eventMemoryMs } from '../limits.ts';

/** Ids that are forgotten per call at most, so that no call after a long pause takes long. */
const forgottenMax = 200;

/**
 * `post(base, busy, tenant, id, body)`: appends unless the id was seen in the last days.
 * `base` is the tenant's key prefix, `busy` the key of the set of tenants with work.
 */
export const postFunction = `
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function post(base, busy, tenant, id, body)
  local now = now_ms()
  local old = redis.call('ZRANGEBYSCORE', base .. 'seen', '-inf',
    string.format('%.0f', now - ${eventMemoryMs}), 'LIMIT', 0, ${forgottenMax})
  if #old > 0 then redis.call('ZREM', base .. 'seen', unpack(old)) end
  if redis.call('ZADD', base .. 'seen', 'NX', string.format('%.0f', now), id) == 0 then
    return 0
  end
  local position = redis.call('INCR', base .. 'sequence')
  redis.call('ZADD', base .. 'mailbox', position, id)
  redis.call('HSET', base .. 'events', id, body)
  redis.call('SADD', busy, tenant)
  return 1
end
`;

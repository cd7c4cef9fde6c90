/** The one write of the engine: everything a turn changes, or nothing. */
import type { TenantId } from '@gatehouse/model';
import type { TurnCommit } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { buildsetKey, busyKey, recordKey, tenantKeys, tenantsKey } from '../keys.ts';
import { buildsetMemoryMs, recentBuildsetsMax } from '../limits.ts';
import { effectText } from '../stored-effect.ts';
import { defineScript, runScript, type ScriptArgument } from './script.ts';

const fixedKeys = 10;

const script = defineScript(
  'commit-turn',
  `
-- KEYS 1 version, 2 mailbox, 3 events, 4 sequence, 5 outbox, 6 effects, 7 live, 8 tenants, 9 busy,
--      10 recent,
--      then one for each record written, each record removed, each buildset added, each removed
-- ARGV 1 expected version, 2 tenant, 3 how long a finished buildset's tenant is kept (ms),
--      then, each list led by its length:
--      consumed event ids; written records as (body, time to live in ms or -1); the number of
--      removed records (their keys say all); effects as (key, body); buildsets added; removed
-- Returns 1 committed, 0 stale: nothing was written.
-- Cost: linear in what the turn changes, times the logarithm of what waits.
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
local tenant, memory = ARGV[2], ARGV[3]
local key, arg = ${fixedKeys}, 3
local function next_arg() arg = arg + 1; return ARGV[arg] end
local function next_key() key = key + 1; return KEYS[key] end

for _ = 1, next_arg() do
  local id = next_arg()
  redis.call('ZREM', KEYS[2], id)
  redis.call('HDEL', KEYS[3], id)
end
for _ = 1, next_arg() do
  local body, ttl = next_arg(), next_arg()
  if ttl == '-1' then
    redis.call('SET', next_key(), body)
  else
    redis.call('SET', next_key(), body, 'PX', ttl)
  end
end
for _ = 1, next_arg() do redis.call('DEL', next_key()) end
for _ = 1, next_arg() do
  local name, body = next_arg(), next_arg()
  redis.call('HSET', KEYS[6], name, body)
  if not redis.call('ZSCORE', KEYS[5], name) then
    redis.call('ZADD', KEYS[5], redis.call('INCR', KEYS[4]), name)
  end
end
for _ = 1, next_arg() do
  redis.call('SADD', KEYS[7], next_arg())
  redis.call('SET', next_key(), tenant)
end
for _ = 1, next_arg() do
  local ended = next_arg()
  redis.call('SREM', KEYS[7], ended)
  redis.call('ZADD', KEYS[10], 'NX', redis.call('INCR', KEYS[4]), ended)
  redis.call('SET', next_key(), tenant, 'PX', memory)
end
redis.call('ZREMRANGEBYRANK', KEYS[10], 0, -${recentBuildsetsMax + 1})
redis.call('INCR', KEYS[1])
redis.call('SADD', KEYS[8], tenant)
if redis.call('EXISTS', KEYS[2], KEYS[5]) == 0 then
  redis.call('SREM', KEYS[9], tenant)
else
  redis.call('SADD', KEYS[9], tenant)
end
return 1
`,
);

/** @returns `stale` when the version moved on; then nothing was written. */
export async function commitTurn(
  redis: Redis,
  tenant: TenantId,
  commit: TurnCommit,
): Promise<'committed' | 'stale'> {
  const { keys, args } = commitInput(tenant, commit);
  return (await runScript(redis, script, { keys, args })) === 1 ? 'committed' : 'stale';
}

function commitInput(tenant: TenantId, commit: TurnCommit) {
  const own = tenantKeys(tenant);
  const written = commit.writes.filter((write) => write.body !== null);
  const removed = commit.writes.filter((write) => write.body === null);
  const { added, removed: ended } = commit.live;
  const keys = [
    ...[own.version, own.mailbox, own.events, own.sequence, own.outbox, own.effects, own.live],
    ...[tenantsKey, busyKey, own.recent],
    ...written.map((write) => recordKey(tenant, write.key)),
    ...removed.map((write) => recordKey(tenant, write.key)),
    ...added.map(buildsetKey),
    ...ended.map(buildsetKey),
  ];
  const args: ScriptArgument[] = [
    ...[commit.expectedVersion, tenant, buildsetMemoryMs],
    ...[commit.consumed.length, ...commit.consumed],
    written.length,
    ...written.flatMap((write) => [JSON.stringify(write.body), lifetime(write.timeToLiveMs)]),
    removed.length,
    ...[commit.effects.length, ...commit.effects.flatMap((e) => [e.key, effectText(e)])],
    ...[added.length, ...added],
    ...[ended.length, ...ended],
  ];
  return { keys, args };
}

/** Redis takes whole milliseconds from 1 on. */
function lifetime(timeToLiveMs: number | null): number {
  return timeToLiveMs === null ? -1 : Math.max(1, Math.ceil(timeToLiveMs));
}

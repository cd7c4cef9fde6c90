import type { Redis } from 'ioredis';
import * as z from 'zod';
import {
  soundStandingMemoryMs,
  standingMemoryMs,
  standingRefreshMs,
  standingsMax,
} from '../limits.ts';
import { parseStored } from '../stored.ts';
import { defineScript, runScript } from './script.ts';

const script = defineScript(
  'tell-standing',
  `
-- KEYS 1 standing of the repository, 2 repositories of the tenant that have problems
-- ARGV 1 repository in lower case, 2 read at (ms since 1970), 3 digest of the problems ('' none),
--   4 repository, 5 body (JSON), 6 what stands before a repository in the key of its standing,
--   7... sources: name, then hash
-- Returns 'changed', 'same', 'stale' or 'full', and after it the names of repositories whose
-- standing knows another hash of one of these sources. Always keeps when it was read, because a
-- slower reading that began earlier may still come; the rest of a standing that stays the same is
-- written only when its sources differ, or when it would be forgotten otherwise.
local at = tonumber(ARGV[2])
local names, hashes = {}, {}
for i = 7, #ARGV, 2 do
  names[#names + 1] = 'from:' .. ARGV[i]
  hashes[#hashes + 1] = ARGV[i + 1]
end
local function differs(key)
  for i, hash in ipairs(redis.call('HMGET', key, unpack(names))) do
    if hash and hash ~= hashes[i] then return true end
  end
  return false
end
local known = redis.call('HMGET', KEYS[1], 'problems', 'read', 'written')
local before, read = known[1] or '', tonumber(known[2] or '0')
-- Without it, it was kept before such a time was.
local written = tonumber(known[3] or '0')
if read > at then return { 'stale' } end
local answer = { before == ARGV[3] and 'same' or 'changed' }
if ARGV[3] == '' then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'schema', 1, 'problems', '', 'read', at)
  redis.call('PEXPIRE', KEYS[1], ${soundStandingMemoryMs})
  redis.call('ZREM', KEYS[2], ARGV[1])
elseif before == ARGV[3] and at - written <= ${standingRefreshMs} and not differs(KEYS[1]) then
  redis.call('HSET', KEYS[1], 'read', at)
else
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', at - ${standingMemoryMs})
  local isListed = redis.call('ZSCORE', KEYS[2], ARGV[1])
  if not isListed and redis.call('ZCARD', KEYS[2]) >= ${standingsMax} then
    answer[1] = 'full'
  else
    redis.call('DEL', KEYS[1])
    redis.call('HSET', KEYS[1], 'schema', 1, 'repository', ARGV[4], 'problems', ARGV[3],
      'read', at, 'written', at, 'body', ARGV[5])
    for i, name in ipairs(names) do redis.call('HSET', KEYS[1], name, hashes[i]) end
    redis.call('PEXPIRE', KEYS[1], ${standingMemoryMs})
    redis.call('ZADD', KEYS[2], at, ARGV[1])
    redis.call('PEXPIRE', KEYS[2], ${standingMemoryMs})
  end
end
for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local key = ARGV[6] .. member
  if member ~= ARGV[1] and differs(key) then
    answer[#answer + 1] = redis.call('HGET', key, 'repository') or member
  end
end
return answer
`,
);

const Answer = z.tuple([z.enum(['changed', 'same', 'stale', 'full'])], z.string());

/** What the script is given. */
export interface ToldStanding {
  readonly key: string;
  readonly indexKey: string;
  readonly prefix: string;
  readonly repository: string;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  /** Empty: there are no problems. */
  readonly digest: string;
  /** JSON. */
  readonly body: string;
  /** At least one. */
  readonly sources: readonly { readonly name: string; readonly hash: string }[];
}

/** Keeps how it stands; gives how it was taken and the repositories that are outdated. */
export async function tellStanding(
  redis: Redis,
  told: ToldStanding,
): Promise<z.infer<typeof Answer>> {
  const { repository, readAt, digest, body, prefix, sources } = told;
  const answer = await runScript(redis, script, {
    keys: [told.key, told.indexKey],
    args: [
      repository.toLowerCase(),
      readAt,
      digest,
      repository,
      body,
      prefix,
      ...sources.flatMap(({ name, hash }) => [name, hash]),
    ],
  });
  return parseStored(Answer, answer, 'the answer about a standing');
}

/**
 * The register's three writes. A build's hash holds: `schema`, `buildset`, `tenant`, `attempt` (the
 * newest), `tokenHash` (that attempt's, empty: none), `token:<hash>` → attempt for every token that
 * was ever given out, `result` (hash of the newest attempt's accepted result), `closed`.
 */
import type { BuildId } from '@gatehouse/model';
import type { BuildReport, BuildTicket, ReportAnswer } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { buildKey, busyKey, tenantPrefix } from '../keys.ts';
import { closedBuildMemoryMs, openBuildMemoryMs } from '../limits.ts';
import { parseStored } from '../stored.ts';
import { postFunction } from './post-function.ts';
import { defineScript, runScript } from './script.ts';

const openScript = defineScript(
  'open-attempt',
  `
-- KEYS 1 build
-- ARGV 1 attempt, 2 buildset, 3 tenant, 4 token hash or '', 5 how long it is kept (ms)
-- Returns 1 opened, 0 finished: the build is closed, or this attempt is over already.
local known = redis.call('HMGET', KEYS[1], 'attempt', 'closed', 'result')
if known[2] then return 0 end
local attempt, current = tonumber(ARGV[1]), tonumber(known[1] or '0')
if attempt < current then return 0 end
if attempt == current and known[3] then return 0 end
redis.call('HDEL', KEYS[1], 'result')
redis.call('HSET', KEYS[1], 'schema', 1, 'buildset', ARGV[2], 'tenant', ARGV[3],
  'attempt', ARGV[1], 'tokenHash', ARGV[4])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'token:' .. ARGV[4], ARGV[1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
`,
);

const acceptScript = defineScript(
  'accept-report',
  `
-- KEYS 1 build, 2 busy tenants
-- ARGV 1 attempt or '', 2 token hash or '', 3 kind (result or start), 4 result hash,
--      5 event id, 6 event body (JSON), 7 what stands before a tenant's name in its keys,
--      8 how long a build that has its result is kept (ms)
-- Returns the answer as text. A result is claimed and posted in the same step, so that of two
-- equal reports exactly one counts and none is claimed without being posted.
${postFunction}
local known = redis.call('HMGET', KEYS[1], 'attempt', 'tokenHash', 'tenant', 'closed', 'result')
local current = tonumber(known[1] or '0')
if current == 0 then return 'unknown-build' end
local attempt = tonumber(ARGV[1])
if not attempt then
  attempt = tonumber(redis.call('HGET', KEYS[1], 'token:' .. ARGV[2]) or '')
  if not attempt then return 'wrong-token' end
  if attempt == current and known[2] ~= ARGV[2] then return 'stale-attempt' end
end
if attempt > current then return 'wrong-token' end
if attempt < current then return 'stale-attempt' end
local is_result = ARGV[3] == 'result'
if is_result and known[5] == ARGV[4] then return 'repeated' end
if known[4] or known[5] then return 'finished' end
post(ARGV[7] .. known[3] .. '}:', KEYS[2], known[3], ARGV[5], ARGV[6])
if is_result then
  redis.call('HSET', KEYS[1], 'result', ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[8])
end
return 'accepted'
`,
);

const closeScript = defineScript(
  'close-build',
  `
-- KEYS 1 build
-- ARGV 1 how long it is kept (ms)
-- Also notes a build that no attempt was opened for yet: its launch may still be on the way.
redis.call('HSET', KEYS[1], 'schema', 1, 'closed', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
`,
);

const Answer: z.ZodType<ReportAnswer> = z.enum([
  'accepted',
  'repeated',
  'unknown-build',
  'wrong-token',
  'stale-attempt',
  'finished',
]);

/** Opens an attempt, or says that it is over. */
export async function openAttempt(
  redis: Redis,
  ticket: BuildTicket,
): Promise<'opened' | 'finished'> {
  const { build, buildset, tenant, attempt, tokenHash } = ticket;
  const answer = await runScript(redis, openScript, {
    keys: [buildKey(build)],
    args: [attempt, buildset, tenant, tokenHash ?? '', openBuildMemoryMs],
  });
  return answer === 1 ? 'opened' : 'finished';
}

/** Takes a report and posts its event, in one step. */
export async function acceptReport(
  redis: Redis,
  kind: 'result' | 'start',
  report: BuildReport,
): Promise<ReportAnswer> {
  const answer = await runScript(redis, acceptScript, {
    keys: [buildKey(report.build), busyKey],
    args: [
      ...[report.attempt ?? '', report.tokenHash ?? '', kind, report.resultHash],
      ...[report.event.id, JSON.stringify(report.event.body), tenantPrefix, closedBuildMemoryMs],
    ],
  });
  return parseStored(Answer, answer, 'an answer');
}

/** Later reports are `finished`. */
export async function closeBuild(redis: Redis, build: BuildId): Promise<void> {
  await runScript(redis, closeScript, { keys: [buildKey(build)], args: [closedBuildMemoryMs] });
}

import { type BuildId, buildsetId, tenantId } from '@gatehouse/model';
import type { BuildRegister, ReadTicket } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import { buildKey } from './keys.ts';
import { onRedis } from './redis-errors.ts';
import { acceptReport, closeBuild, openAttempt } from './scripts/build-register.ts';
import { parseStored } from './stored.ts';

/** Fields in the order they are asked for; null where the hash has none. */
const BuildEntry = z.tuple([
  z.literal('1'),
  z.string(),
  z.string(),
  z.coerce.number().int().positive(),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
]);

/** Who may report on which attempt. The rules are in the scripts. */
export function createBuildRegister(redis: Redis): BuildRegister {
  return {
    openAttempt: (ticket) => openAttempt(redis, ticket),
    acceptResult: (report) => acceptReport(redis, 'result', report),
    acceptStart: (report) => acceptReport(redis, 'start', report),
    closeBuild: (build) => closeBuild(redis, build),
    readTicket: (build) => readTicket(redis, build),
  };
}

async function readTicket(redis: Redis, build: BuildId): Promise<ReadTicket | null> {
  const names = ['schema', 'buildset', 'tenant', 'attempt', 'tokenHash', 'closed', 'result'];
  const fields = await onRedis('read-ticket', () => redis.hmget(buildKey(build), ...names));
  // Closed before any attempt was opened: there is no ticket.
  if (fields[3] == null) return null;
  const entry = parseStored(BuildEntry, fields, 'a build');
  const [, buildset, tenant, attempt, tokenHash, closed, result] = entry;
  return {
    build,
    buildset: buildsetId(buildset),
    tenant: tenantId(tenant),
    attempt,
    tokenHash: tokenHash === '' ? null : tokenHash,
    isClosed: closed !== null || result !== null,
    hasResult: result !== null,
  };
}

import type { TenantId } from '@gatehouse/model';
import type { StoredEvent } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { busyKey, tenantKeys } from '../keys.ts';
import { postFunction } from './post-function.ts';
import { defineScript, runScript } from './script.ts';

const script = defineScript(
  'post-events',
  `
-- KEYS 1 version (names the tenant's slot), 2 busy tenants
-- ARGV 1 tenant, 2 the tenant's key prefix, then for each event: id, body (JSON)
-- Returns how many were new.
${postFunction}
local posted = 0
for i = 3, #ARGV, 2 do
  posted = posted + post(ARGV[2], KEYS[2], ARGV[1], ARGV[i], ARGV[i + 1])
end
return posted
`,
);

/** Appends events to a mailbox; ids seen before are left out. */
export async function postEvents(
  redis: Redis,
  tenant: TenantId,
  events: readonly StoredEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const keys = tenantKeys(tenant);
  await runScript(redis, script, {
    keys: [keys.version, busyKey],
    args: [tenant, keys.base, ...events.flatMap((e) => [e.id, JSON.stringify(e.body)])],
  });
}

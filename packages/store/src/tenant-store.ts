import { type BuildsetId, buildsetId, eventId, type TenantId, tenantId } from '@gatehouse/model';
import type { TenantStore, TurnStart } from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { buildsetKey, busyKey, recordKey, tenantKeys, tenantsKey } from './keys.ts';
import { onRedis } from './redis-errors.ts';
import { commitTurn } from './scripts/commit-turn.ts';
import { readTurn } from './scripts/open-turn.ts';
import { countWaiting, readOutboxEntries, removeEffects } from './scripts/outbox.ts';
import { postEvents } from './scripts/post-events.ts';
import { parseStoredJson } from './stored.ts';
import { readEffect } from './stored-effect.ts';

/** Mailboxes, records and outboxes. Every change is one script or one command. */
export function createTenantStore(redis: Redis): TenantStore {
  return {
    post: (tenant, events) => postEvents(redis, tenant, events),
    openTurn: (tenant, eventsMax) => openTurn(redis, tenant, eventsMax),
    readRecords: (tenant, keys) => readRecords(redis, tenant, keys),
    commit: (tenant, commit) => commitTurn(redis, tenant, commit),
    readOutbox: async (tenant, effectsMax) => {
      const entries = await readOutboxEntries(redis, tenant, effectsMax);
      return entries.map(({ key, text }) => readEffect(key, text));
    },
    clearOutbox: (tenant, keys) => removeEffects(redis, tenant, keys),
    tenantsWithWork: async () => (await members(redis, busyKey)).map(tenantId),
    tenants: async () => (await members(redis, tenantsKey)).map(tenantId),
    liveBuildsets: async (tenant) =>
      (await members(redis, tenantKeys(tenant).live)).map(buildsetId),
    recentBuildsets: (tenant, buildsetsMax) => recentBuildsets(redis, tenant, buildsetsMax),
    tenantOfBuildset: (buildset) => tenantOfBuildset(redis, buildset),
    countWaiting: () => countWaiting(redis),
  };
}

async function openTurn(redis: Redis, tenant: TenantId, eventsMax: number): Promise<TurnStart> {
  const { version, ids, bodies } = await readTurn(redis, tenant, eventsMax);
  const events = ids.map((id, i) => ({
    id: eventId(id),
    body: parseStoredJson(bodies[i] ?? '', 'an event'),
  }));
  return { version, events };
}

async function readRecords(redis: Redis, tenant: TenantId, keys: readonly string[]) {
  if (keys.length === 0) return [];
  const names = keys.map((key) => recordKey(tenant, key));
  const texts = await onRedis('read-records', () => redis.mget(...names));
  return texts.map((text) => (text === null ? null : parseStoredJson(text, 'a record')));
}

async function recentBuildsets(
  redis: Redis,
  tenant: TenantId,
  buildsetsMax: number,
): Promise<readonly BuildsetId[]> {
  const { recent } = tenantKeys(tenant);
  const ids = await onRedis('recent-buildsets', () => redis.zrevrange(recent, 0, buildsetsMax - 1));
  return ids.map(buildsetId);
}

async function tenantOfBuildset(redis: Redis, buildset: BuildsetId): Promise<TenantId | null> {
  const name = await onRedis('tenant-of-buildset', () => redis.get(buildsetKey(buildset)));
  return name === null ? null : tenantId(name);
}

function members(redis: Redis, key: string): Promise<string[]> {
  return onRedis('read-set', () => redis.smembers(key));
}

import { type BuildsetId, eventId, type TenantId } from '@gatehouse/model';
import type { StoredEffect, TenantStore, TurnCommit } from '@gatehouse/ports';
import { type MemoryTenants, postInto } from './shared-mailboxes.ts';

interface Tenant {
  version: number;
  readonly records: Map<string, string>;
  readonly outbox: Map<string, StoredEffect>;
  readonly live: Set<BuildsetId>;
  readonly recent: Set<BuildsetId>;
}

/** Mailboxes, records and outboxes in maps, which keep the order of insertion. */
export function memoryTenantStore(shared: MemoryTenants): TenantStore {
  const tenants = new Map<TenantId, Tenant>();
  const known = (tenant: TenantId): Tenant => {
    const found = tenants.get(tenant) ?? emptyTenant();
    tenants.set(tenant, found);
    return found;
  };
  const eventsOf = (tenant: TenantId) => shared.mailboxes.get(tenant)?.size ?? 0;
  const effectsOf = (tenant: TenantId) => tenants.get(tenant)?.outbox.size ?? 0;
  const everybody = () => [...new Set([...shared.mailboxes.keys(), ...tenants.keys()])];
  return {
    post: async (tenant, events) => {
      for (const event of events) postInto(shared, { tenant, event });
    },
    openTurn: async (tenant, eventsMax) => {
      const waiting = [...(shared.mailboxes.get(tenant) ?? [])].slice(0, eventsMax);
      const events = waiting.map(([id, text]) => ({ id: eventId(id), body: JSON.parse(text) }));
      return { version: tenants.get(tenant)?.version ?? 0, events };
    },
    readRecords: async (tenant, keys) =>
      keys.map((key) => JSON.parse(tenants.get(tenant)?.records.get(key) ?? 'null')),
    commit: async (tenant, commit) => {
      if ((tenants.get(tenant)?.version ?? 0) !== commit.expectedVersion) return 'stale';
      for (const id of commit.consumed) shared.mailboxes.get(tenant)?.delete(id);
      apply(known(tenant), commit);
      for (const buildset of commit.live.added) shared.tenantOfBuildset.set(buildset, tenant);
      return 'committed';
    },
    readOutbox: async (tenant, effectsMax) =>
      [...(tenants.get(tenant)?.outbox.values() ?? [])].slice(0, effectsMax),
    clearOutbox: async (tenant, keys) => {
      for (const key of keys) tenants.get(tenant)?.outbox.delete(key);
    },
    tenantsWithWork: async () =>
      everybody().filter((tenant) => eventsOf(tenant) + effectsOf(tenant) > 0),
    tenants: async () => [...tenants].filter(([, { version }]) => version > 0).map(([id]) => id),
    liveBuildsets: async (tenant) => [...(tenants.get(tenant)?.live ?? [])],
    recentBuildsets: async (tenant, buildsetsMax) =>
      [...(tenants.get(tenant)?.recent ?? [])].reverse().slice(0, buildsetsMax),
    tenantOfBuildset: async (buildset) => shared.tenantOfBuildset.get(buildset) ?? null,
    countWaiting: async () => ({
      events: everybody().reduce((sum, tenant) => sum + eventsOf(tenant), 0),
      effects: everybody().reduce((sum, tenant) => sum + effectsOf(tenant), 0),
    }),
  };
}

function emptyTenant(): Tenant {
  return { version: 0, records: new Map(), outbox: new Map(), live: new Set(), recent: new Set() };
}

function apply(tenant: Tenant, commit: TurnCommit): void {
  for (const { key, body } of commit.writes) {
    if (body === null) tenant.records.delete(key);
    else tenant.records.set(key, JSON.stringify(body));
  }
  for (const effect of commit.effects) tenant.outbox.set(effect.key, structuredClone(effect));
  for (const buildset of commit.live.added) tenant.live.add(buildset);
  for (const buildset of commit.live.removed) {
    tenant.live.delete(buildset);
    tenant.recent.add(buildset);
  }
  tenant.version += 1;
}

/**
 * Every Redis key of the store. One prefix; what belongs to a tenant carries `{tenant}`, so that
 * it shares a hash slot and can be moved together. Keys outside a tenant's slot are written by the
 * same scripts, so that the store runs on one Redis server (with replicas), not on a cluster.
 */
import type { BuildId, BuildsetId, TenantId } from '@gatehouse/model';

/** In front of every key and channel. */
export const keyPrefix = 'gatehouse:';

/** Keys of one tenant. */
export interface TenantKeys {
  /** What they all begin with; scripts that post append the rest. */
  readonly base: string;
  /** Number: commits so far. */
  readonly version: string;
  /** Number: the last position given to an event or effect. */
  readonly sequence: string;
  /** Sorted set: event ids by position. */
  readonly mailbox: string;
  /** Hash: event id → body as JSON. */
  readonly events: string;
  /** Sorted set: event ids by the time they were seen, milliseconds since 1970. */
  readonly seen: string;
  /** Sorted set: effect keys by position. */
  readonly outbox: string;
  /** Hash: effect key → stored effect. */
  readonly effects: string;
  /** Set: buildsets that are not finished. */
  readonly live: string;
  /** Sorted set: the newest finished buildsets by position. */
  readonly recent: string;
}

/** The keys of a tenant that do not depend on anything else. */
export function tenantKeys(tenant: TenantId): TenantKeys {
  const base = tenantBase(tenant);
  return {
    base,
    version: `${base}version`,
    sequence: `${base}sequence`,
    mailbox: `${base}mailbox`,
    events: `${base}events`,
    seen: `${base}seen`,
    outbox: `${base}outbox`,
    effects: `${base}effects`,
    live: `${base}live`,
    recent: `${base}recent`,
  };
}

/** Key of one record: JSON as a string. */
export function recordKey(tenant: TenantId, key: string): string {
  return `${tenantBase(tenant)}record:${key}`;
}

/** Sorted set: repositories in lower case whose configuration has problems, by when it was read. */
export function standingsKey(tenant: TenantId): string {
  return `${tenantBase(tenant)}standings`;
}

/** What stands before a repository's name, in lower case, in the key of its standing. */
export function standingPrefix(tenant: TenantId): string {
  return `${tenantBase(tenant)}standing:`;
}

function tenantBase(tenant: TenantId): string {
  return `${tenantPrefix}${tenant}}:`;
}

/** What stands before a tenant's name; scripts that meet tenants in data build keys with it. */
export const tenantPrefix = `${keyPrefix}{`;

/** Set: every tenant that was ever committed. */
export const tenantsKey = `${keyPrefix}tenants`;
/** Set: tenants with something in mailbox or outbox. */
export const busyKey = `${keyPrefix}tenants:busy`;
/** Sorted set: `tenant|key` by due time, milliseconds since 1970. */
export const timersKey = `${keyPrefix}timers`;
/** Hash: `tenant|key` → id of the event. */
export const timerIdsKey = `${keyPrefix}timers:ids`;
/** Hash: `tenant|key` → body of the event as JSON. */
export const timerBodiesKey = `${keyPrefix}timers:bodies`;

/** String: the tenant of a buildset. */
export function buildsetKey(buildset: BuildsetId): string {
  return `${keyPrefix}buildset:${buildset}`;
}

/** Hash: the register's entry of a build. */
export function buildKey(build: BuildId): string {
  return `${keyPrefix}build:{${build}}`;
}

/** String: `pending`, or `processed` and how. */
export function deliveryKey(deliveryId: string): string {
  return `${keyPrefix}delivery:{${deliveryId}}`;
}

/** Hash: a delivery as it came. */
export function deliveryBodyKey(deliveryId: string): string {
  return `${keyPrefix}delivery:{${deliveryId}}:body`;
}

/** Stream: deliveries that wait to be queued. */
export const inboxKey = `${keyPrefix}inbox`;

/** String: JSON. */
export function noteKey(key: string): string {
  return `${keyPrefix}note:${key}`;
}

/** String: as it was given. */
export function responseKey(key: string): string {
  return `${keyPrefix}response:${key}`;
}

/** Channel of an announcement. Channels are shared by all databases of a server. */
export function topicChannel(topic: string): string {
  return `${keyPrefix}topic:${topic}`;
}

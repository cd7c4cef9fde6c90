/**
 * Every port that the store keeps in Redis, in memory: for tests of what stands on it. Held to the
 * same conformance suites. Nothing expires here, whatever time to live is asked for.
 */
import type { Json } from '@gatehouse/model';
import type {
  Announcements,
  BuildRegister,
  DeliveryStore,
  InboxEntry,
  NoteStore,
  RawDelivery,
  ResponseCache,
  StandingProblems,
  TenantStore,
  TimerStore,
} from '@gatehouse/ports';
import { memoryBuildRegister } from './memory-build-register.ts';
import { memoryStandingProblems } from './memory-standing-problems.ts';
import { memoryTenantStore } from './memory-tenant-store.ts';
import { memoryTimerStore } from './memory-timer-store.ts';
import type { MemoryTenants } from './shared-mailboxes.ts';

/** The same parts as the store of `@gatehouse/store`. */
export interface MemoryStore {
  readonly deliveries: DeliveryStore;
  readonly tenants: TenantStore;
  readonly timers: TimerStore;
  readonly builds: BuildRegister;
  readonly notes: NoteStore;
  readonly announcements: Announcements;
  readonly responses: ResponseCache;
  readonly standings: StandingProblems;
}

/** Makes an empty one. */
export function memoryStore(): MemoryStore {
  const shared: MemoryTenants = {
    mailboxes: new Map(),
    seen: new Set(),
    tenantOfBuildset: new Map(),
  };
  const announcements = memoryAnnouncements();
  return {
    deliveries: memoryDeliveries(announcements),
    tenants: memoryTenantStore(shared),
    timers: memoryTimerStore(shared),
    builds: memoryBuildRegister(shared),
    notes: memoryNotes(),
    announcements,
    responses: memoryResponses(),
    standings: memoryStandingProblems(),
  };
}

function memoryDeliveries(announcements: Announcements): DeliveryStore {
  const pending = new Map<string, RawDelivery>();
  const processed = new Map<string, string>();
  const inbox = new Map<string, InboxEntry>();
  let positions = 0;

  async function putIntoInbox({ deliveryId, event }: RawDelivery): Promise<void> {
    positions += 1;
    const position = String(positions);
    inbox.set(position, { position, deliveryId, event });
    if (inbox.size === 1) await announcements.announce('inbox', null);
  }

  return {
    claimDelivery: async (delivery) => {
      const { deliveryId } = delivery;
      if (processed.has(deliveryId)) return 'processed';
      const isNew = !pending.has(deliveryId);
      if (isNew) pending.set(deliveryId, { ...delivery, body: Uint8Array.from(delivery.body) });
      await putIntoInbox(delivery);
      return isNew ? 'new' : 'pending';
    },
    readInbox: async (entriesMax) => [...inbox.values()].slice(0, entriesMax),
    clearInbox: async (entries) => {
      for (const { position } of entries) inbox.delete(position);
    },
    countInbox: async () => inbox.size,
    watchInbox: (onEntry) => announcements.listen('inbox', onEntry),
    readDelivery: async (id) => pending.get(id) ?? null,
    finishDelivery: async (id, outcome) => {
      pending.delete(id);
      processed.set(id, outcome);
    },
    isKnownDelivery: async (id) => pending.has(id) || processed.has(id),
  };
}

function memoryNotes(): NoteStore {
  const notes = new Map<string, string>();
  return {
    readNote: async (key) => JSON.parse(notes.get(key) ?? 'null'),
    writeNote: async (key, body) => {
      notes.set(key, JSON.stringify(body));
    },
    exchangeNote: async (key, { from, to }) => {
      if ((notes.get(key) ?? 'null') !== JSON.stringify(from)) return false;
      notes.set(key, JSON.stringify(to));
      return true;
    },
  };
}

function memoryResponses(): ResponseCache {
  const responses = new Map<string, string>();
  return {
    get: async (key) => responses.get(key) ?? null,
    set: async (key, value) => {
      responses.set(key, value);
    },
    delete: async (key) => {
      responses.delete(key);
    },
  };
}

function memoryAnnouncements(): Announcements {
  const listeners = new Map<string, Set<(message: Json) => void>>();
  return {
    announce: async (topic, message) => {
      for (const listener of listeners.get(topic) ?? []) listener(message);
    },
    listen: async (topic, onMessage) => {
      const listener = (message: Json) => onMessage(message);
      listeners.set(topic, (listeners.get(topic) ?? new Set()).add(listener));
      return async () => {
        listeners.get(topic)?.delete(listener);
      };
    },
  };
}

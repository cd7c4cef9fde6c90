import { deliveryId, type EventId, type Json, type TenantId, tenantId } from '@gatehouse/model';
import { asJson, type EngineEvent, type Item, itemRecordKey, readEvent } from '@gatehouse/pipeline';
import { noTrigger } from '@gatehouse/pipeline/testing';
import type { MessageContext, Notice } from '@gatehouse/ports';
import { createMetrics } from '@gatehouse/telemetry';
import {
  type FakeClock,
  fakeClock,
  type MemoryCodeHost,
  type MemoryStore,
  memoryCodeHost,
  memoryStore,
  memoryWorkQueue,
  type RecordingLog,
  recordingLog,
} from '@gatehouse/testkit';
import type { EngineDeps } from '../deps.ts';

/** The tenant of every repository here. */
export const acme: TenantId = tenantId('acme');

/** The engine's surroundings. A delivery's body is the notice that is read from it. */
export interface World {
  readonly host: MemoryCodeHost;
  readonly store: MemoryStore;
  readonly clock: FakeClock;
  readonly log: RecordingLog;
  readonly deps: EngineDeps;
  /** Accounts that were forgotten. */
  readonly forgotten: string[];
  /** Stores a delivery; gives its id. */
  claim(notice: Notice | string, id?: string): Promise<ReturnType<typeof deliveryId>>;
  /** What waits in the tenant's mailbox. */
  mailbox(): Promise<readonly EngineEvent[]>;
  keep(item: Item): Promise<void>;
}

/** The smallest useful configuration. */
export const configuration = `
- job: {name: unit, run: npm test}
- project:
    check: {jobs: [unit]}
`;

/** A world with the repository `acme/api` and its change 7. */
export function world(): World {
  const host = memoryCodeHost();
  host.commit('acme/api', 'main', { '.gatehouse.yaml': configuration });
  host.open({ repository: 'acme/api', number: 7 });
  const store = memoryStore();
  const clock = fakeClock();
  const log = recordingLog();
  const forgotten: string[] = [];
  const deps: EngineDeps = {
    queue: memoryWorkQueue({ attemptsMax: 3, pauseMs: 1 }),
    tenants: store.tenants,
    timers: store.timers,
    deliveries: store.deliveries,
    deliveryReader: { readDelivery: (_event, payload) => payload as unknown as Notice }, // as claimed
    changes: host,
    configuration: host,
    accounts: { forgetAccount: (login) => forgotten.push(login) },
    announcements: store.announcements,
    standings: store.standings,
    metrics: createMetrics({ version: 'test', hasProcessMetrics: false }),
    clock,
    log,
  };
  let deliveries = 0;
  return {
    host,
    store,
    clock,
    log,
    deps,
    forgotten,
    claim: async (notice, id) => {
      deliveries += 1;
      const body = typeof notice === 'string' ? notice : JSON.stringify(notice);
      const claimed = deliveryId(id ?? `delivery-${deliveries}`);
      await store.deliveries.claimDelivery({
        deliveryId: claimed,
        event: 'any',
        body: new TextEncoder().encode(body),
        receivedAt: 0,
      });
      return claimed;
    },
    mailbox: async () => {
      const { events } = await store.tenants.openTurn(acme, 100);
      return events.map(({ body }) => readEvent(body));
    },
    keep: (item) => keep(store, itemRecordKey(item.buildset), asJson(item)),
  };
}

/** Writes one record beside whatever is there. */
export async function keep(store: MemoryStore, key: string, body: Json): Promise<void> {
  const { version } = await store.tenants.openTurn(acme, 0);
  const consumed: EventId[] = [];
  await store.tenants.commit(acme, {
    expectedVersion: version,
    consumed,
    writes: [{ key, body, timeToLiveMs: null }],
    effects: [],
    live: { added: [], removed: [] },
  });
}

/** The try that a message is delivered for. */
export function onTry(attempt: number): MessageContext {
  return { attempt, isLastAttempt: false, signal: new AbortController().signal };
}

/** Ada, who is no bot. */
export const ada = { login: 'ada', isBot: false, isSelf: false } as const;

/** Change 7 was opened, or whatever the differences say. */
export function changeNotice(
  different: Partial<Extract<Notice, { kind: 'change' }>> & { readonly repository?: never } = {},
): Extract<Notice, { kind: 'change' }> {
  return {
    kind: 'change',
    repository: 'acme/api' as Extract<Notice, { kind: 'change' }>['repository'], // plainly one
    sender: ada,
    trigger: { ...noTrigger, action: 'opened' },
    number: 7,
    headSha: null,
    commentId: null,
    ...different,
  };
}

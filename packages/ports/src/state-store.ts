/**
 * Where everything lasting is kept: deliveries, each tenant's mailbox, records and outbox, timers
 * and the register of builds. What is stored is JSON; its owner parses it when it is read back.
 * Every method may throw `GATE_REDIS_UNAVAILABLE` (transient).
 */
import type {
  BuildId,
  BuildsetId,
  DeliveryId,
  EffectKey,
  EventId,
  Json,
  TenantId,
} from '@gatehouse/model';

/** A webhook delivery exactly as it came. */
export interface RawDelivery {
  readonly deliveryId: DeliveryId;
  readonly event: string;
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** A delivery that waits to be handed to the queue `events`. */
export interface InboxEntry {
  /** Names the entry; a delivery that came in twice may have two. */
  readonly position: string;
  readonly deliveryId: DeliveryId;
  readonly event: string;
}

/**
 * Keeps deliveries from the moment they are verified until they have been worked on. Between the
 * two a delivery waits in the inbox, until the queue has it.
 */
export interface DeliveryStore {
  /**
   * Stores the body under its id unless that is known, and puts the delivery into the inbox, all in
   * one step. `pending`: it was stored before, never worked on, and is in the inbox again;
   * `processed`: it was worked on before and nothing was changed.
   */
  claimDelivery(delivery: RawDelivery): Promise<'new' | 'pending' | 'processed'>;
  /** What waits in the inbox, oldest first. */
  readInbox(entriesMax: number): Promise<readonly InboxEntry[]>;
  /** Removes entries that the queue has; others than those stay. */
  clearInbox(entries: readonly InboxEntry[]): Promise<void>;
  countInbox(): Promise<number>;
  /**
   * Tells when something comes into an empty inbox. Whoever is cut off misses it, so that the inbox
   * has to be looked at now and then as well.
   * @returns a function that ends the watching.
   */
  watchInbox(onEntry: () => void): Promise<() => Promise<void>>;
  /** Null: unknown, or its body has been dropped after processing. */
  readDelivery(deliveryId: DeliveryId): Promise<RawDelivery | null>;
  /** Marks as worked on and drops the body; the id is remembered for the redelivery window. */
  finishDelivery(deliveryId: DeliveryId, outcome: string): Promise<void>;
  /** True when the delivery is known, whether worked on or waiting. */
  isKnownDelivery(deliveryId: string): Promise<boolean>;
}

/** An event waiting in a mailbox. */
export interface StoredEvent {
  readonly id: EventId;
  readonly body: Json;
}

/** The queue that an effect is relayed to. */
export type EffectLane = 'merges' | 'launches' | 'reports' | 'timers';

/** An effect waiting in an outbox. */
export interface StoredEffect {
  readonly key: EffectKey;
  readonly lane: EffectLane;
  readonly body: Json;
}

/** Start of a turn: the version to commit against and the oldest events. */
export interface TurnStart {
  readonly version: number;
  readonly events: readonly StoredEvent[];
}

/** One record to write; `body` null removes it. */
export interface RecordWrite {
  readonly key: string;
  readonly body: Json | null;
  /** Milliseconds after which the record may go; null: it stays. */
  readonly timeToLiveMs: number | null;
}

/** Everything a turn changes, taken whole or not at all. */
export interface TurnCommit {
  readonly expectedVersion: number;
  /** Events that were worked on; they leave the mailbox. */
  readonly consumed: readonly EventId[];
  readonly writes: readonly RecordWrite[];
  readonly effects: readonly StoredEffect[];
  /** Buildsets that became live, and that are no longer. */
  readonly live: { readonly added: readonly BuildsetId[]; readonly removed: readonly BuildsetId[] };
}

/** A tenant's mailbox, records and outbox. */
export interface TenantStore {
  /** Appends events; one whose id was seen in the last days is left out. */
  post(tenant: TenantId, events: readonly StoredEvent[]): Promise<void>;
  openTurn(tenant: TenantId, eventsMax: number): Promise<TurnStart>;
  /** In the order of `keys`; null where there is none. */
  readRecords(tenant: TenantId, keys: readonly string[]): Promise<readonly (Json | null)[]>;
  /** `stale`: the version moved on since the turn was opened; nothing was written. */
  commit(tenant: TenantId, commit: TurnCommit): Promise<'committed' | 'stale'>;
  /** Oldest first. */
  readOutbox(tenant: TenantId, effectsMax: number): Promise<readonly StoredEffect[]>;
  /** Removes effects that were handed on. */
  clearOutbox(tenant: TenantId, keys: readonly EffectKey[]): Promise<void>;
  /** Tenants with something in mailbox or outbox, for the sweep and for `idle`. */
  tenantsWithWork(): Promise<readonly TenantId[]>;
  /** Every tenant that was ever committed. */
  tenants(): Promise<readonly TenantId[]>;
  /** Buildsets that are not finished, in no order. */
  liveBuildsets(tenant: TenantId): Promise<readonly BuildsetId[]>;
  /** The newest finished ones, newest first; a bounded list, for people who look back. */
  recentBuildsets(tenant: TenantId, buildsetsMax: number): Promise<readonly BuildsetId[]>;
  /** The tenant of a buildset; null when it is unknown or was dropped. */
  tenantOfBuildset(buildset: BuildsetId): Promise<TenantId | null>;
  /** Events and effects waiting over all tenants. */
  countWaiting(): Promise<{ readonly events: number; readonly effects: number }>;
}

/** A wake-up that has been asked for. */
export interface Timer {
  readonly tenant: TenantId;
  readonly key: EffectKey;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** Posted to the tenant's mailbox when due. */
  readonly event: StoredEvent;
}

/** Wake-ups that survive restarts. */
export interface TimerStore {
  /** Setting a key again moves it. */
  setTimer(timer: Timer): Promise<void>;
  cancelTimer(tenant: TenantId, key: EffectKey): Promise<void>;
  /** Posts what is due to the mailboxes and forgets it; gives the tenants that got something. */
  fireDueTimers(now: number, timersMax: number): Promise<readonly TenantId[]>;
  /** When the next timer is due, milliseconds since 1970; null: none is set. */
  nextTimerAt(): Promise<number | null>;
}

/** One attempt of a build, as its executor has to know it. */
export interface BuildTicket {
  readonly build: BuildId;
  readonly buildset: BuildsetId;
  readonly tenant: TenantId;
  readonly attempt: number;
  /** SHA-256 of the attempt's callback token, hexadecimal; null: results only come from within. */
  readonly tokenHash: string | null;
}

/** How a report about a build was taken. */
export type ReportAnswer =
  | 'accepted'
  | 'repeated'
  | 'unknown-build'
  | 'wrong-token'
  | 'stale-attempt'
  | 'finished';

/** The register of builds: who may report on which attempt, and whether it is over. */
export interface BuildRegister {
  /** Opens an attempt; earlier attempts become stale. Opening the same attempt again replaces its token. */
  openAttempt(ticket: BuildTicket): Promise<'opened' | 'finished'>;
  /**
   * Takes a result and posts `event` to the tenant's mailbox in one step. `attempt` null: from
   * outside, where `tokenHash` tells the attempt. The same `resultHash` again is `repeated`.
   */
  acceptResult(report: BuildReport): Promise<ReportAnswer>;
  /** As {@link BuildRegister.acceptResult}, for the start of an attempt; it may come any number of times. */
  acceptStart(report: BuildReport): Promise<ReportAnswer>;
  /** Closes a build without a result (cancelled, superseded): later reports are `finished`. */
  closeBuild(build: BuildId): Promise<void>;
  /** Null: unknown. */
  readTicket(build: BuildId): Promise<ReadTicket | null>;
}

/** A ticket, and what became of the build. */
export interface ReadTicket extends BuildTicket {
  /** It has its result, or was closed without one. */
  readonly isClosed: boolean;
  readonly hasResult: boolean;
}

/** A report about a build. Exactly one of `attempt` and `tokenHash` is given. */
export interface BuildReport {
  readonly build: BuildId;
  readonly attempt: number | null;
  readonly tokenHash: string | null;
  /** SHA-256 over the report's content. */
  readonly resultHash: string;
  readonly event: StoredEvent;
}

/** What a worker keeps between runs about one thing it is responsible for. */
export interface NoteStore {
  readNote(key: string): Promise<Json | null>;
  /** @param timeToLiveMs after which the note may go. */
  writeNote(key: string, body: Json, timeToLiveMs: number): Promise<void>;
  /**
   * Writes the note if it still is what {@link NoteStore.readNote} gave, in one step.
   * @param change `from` null: there is no note yet.
   * @returns false when another note stands there; then nothing was written. A command that is sent
   * again because its answer was lost may give false although the note is the one it wrote.
   */
  exchangeNote(
    key: string,
    change: { readonly from: Json | null; readonly to: Json },
    timeToLiveMs: number,
  ): Promise<boolean>;
}

/** Tells every process at once; who is not listening misses it. */
export interface Announcements {
  announce(topic: string, message: Json): Promise<void>;
  /** @returns a function that ends the subscription. */
  listen(topic: string, onMessage: (message: Json) => void): Promise<() => Promise<void>>;
}

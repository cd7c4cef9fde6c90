/**
 * Work handed from role to role. A message says what to look at, not what to do with it in
 * detail; it is delivered at least once, and an equal message that is waiting is not doubled.
 */
import type { BuildId, BuildsetId, DeliveryId, EffectKey, Json, TenantId } from '@gatehouse/model';

/** Every queue with the message it carries. */
export interface MessageCatalogue {
  /** To intake: a delivery to read, or a result that needs facts before the engine sees it. */
  readonly events:
    | { readonly kind: 'delivery'; readonly deliveryId: DeliveryId; readonly event: string }
    | {
        readonly kind: 'state-built';
        readonly tenant: TenantId;
        readonly buildset: BuildsetId;
        readonly key: EffectKey;
        readonly outcome: Json;
      };
  /** To the engine: this tenant's mailbox or outbox is not empty. One active, one waiting. */
  readonly turns: { readonly tenant: TenantId };
  readonly merges: {
    readonly key: EffectKey;
    readonly tenant: TenantId;
    readonly buildset: BuildsetId;
    readonly action: 'build-state' | 'release-state';
  };
  readonly launches: {
    readonly key: EffectKey;
    readonly tenant: TenantId;
    readonly buildset: BuildsetId;
    readonly build: BuildId;
    readonly attempt: number;
    readonly action: 'launch' | 'cancel';
  };
  /** To the reporter: show this buildset as it is now. One active, one waiting. */
  readonly reports: { readonly tenant: TenantId; readonly buildset: BuildsetId };
}

/** Name of a queue. */
export type QueueName = keyof MessageCatalogue;

/** What became of a message: done, or to be delivered again after a while. */
export type MessageOutcome = 'done' | { readonly againInMs: number };

/** Facts about a delivery of a message. */
export interface MessageContext {
  /** 1 for the first try. */
  readonly attempt: number;
  /** True when a thrown error will not be followed by another try. */
  readonly isLastAttempt: boolean;
  /** Aborted when the worker has to stop at once. */
  readonly signal: AbortSignal;
}

/** Works on messages of one queue until stopped. */
export interface QueueWorker extends AsyncDisposable {
  start(): Promise<void>;
  /** Takes no new message, waits for those in hand. */
  stop(): Promise<void>;
  readonly isRunning: boolean;
}

/** How a queue is worked on. */
export interface WorkOptions<Name extends QueueName> {
  readonly concurrency: number;
  /** A transient error leads to another try with growing delays, any other to none. */
  handle(message: MessageCatalogue[Name], context: MessageContext): Promise<MessageOutcome>;
  /** Called when a message is given up; what it meant must become visible somewhere. */
  onExhausted(message: MessageCatalogue[Name], error: Error): Promise<void>;
}

/** How much is waiting and in hand. */
export interface QueueCount {
  readonly waiting: number;
  readonly active: number;
  /** Waiting for another try. */
  readonly delayed: number;
}

/** The queues. Methods may throw `GATE_REDIS_UNAVAILABLE` (transient). */
export interface WorkQueue {
  /** Resolves when the message is stored. @param delayMs earliest delivery; 0: at once. */
  send<Name extends QueueName>(
    queue: Name,
    message: MessageCatalogue[Name],
    delayMs?: number,
  ): Promise<void>;
  work<Name extends QueueName>(queue: Name, options: WorkOptions<Name>): QueueWorker;
  count(queue: QueueName): Promise<QueueCount>;
}

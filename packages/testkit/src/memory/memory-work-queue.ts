/**
 * The work queue in memory: for tests of what stands on it. Held to the same conformance suite.
 * Pauses are real but short; `stop()` waits for work in hand and does not cut it short.
 */
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import type {
  MessageCatalogue,
  QueueName,
  QueueWorker,
  WorkOptions,
  WorkQueue,
} from '@gatehouse/ports';

/** How often a memory queue tries, and how long it waits in between (milliseconds). */
export interface MemoryRetry {
  readonly attemptsMax: number;
  readonly pauseMs: number;
}

interface Entry {
  readonly message: MessageCatalogue[QueueName];
  readonly id: string;
  failures: number;
  state: 'waiting' | 'active' | 'delayed';
  timer: NodeJS.Timeout | null;
  /** Sent again while active: deliver once more. */
  isAgain: boolean;
}

interface Lane {
  readonly entries: Map<string, Entry>;
  readonly workers: Set<() => void>;
}

type AnyOptions = Pick<WorkOptions<QueueName>, 'concurrency'> & {
  handle: WorkOptions<QueueName>['handle'];
  onExhausted: WorkOptions<QueueName>['onExhausted'];
};

/** Makes empty queues. */
export function memoryWorkQueue(retry: MemoryRetry = { attemptsMax: 3, pauseMs: 5 }): WorkQueue {
  const lanes = new Map<QueueName, Lane>();
  const laneOf = (name: QueueName): Lane => {
    const lane = lanes.get(name) ?? { entries: new Map(), workers: new Set() };
    lanes.set(name, lane);
    return lane;
  };
  return {
    send: async (name, message, delayMs = 0) => send(laneOf(name), { name, message, delayMs }),
    // A lane holds messages of its own queue only; the maps cannot say so.
    work: (name, options) => memoryWorker(laneOf(name), options as unknown as AnyOptions, retry),
    count: async (name) => {
      const states = [...laneOf(name).entries.values()].map((entry) => entry.state);
      const count = (state: Entry['state']) => states.filter((one) => one === state).length;
      return { waiting: count('waiting'), active: count('active'), delayed: count('delayed') };
    },
  };
}

function send(
  lane: Lane,
  sending: {
    readonly name: QueueName;
    readonly message: MessageCatalogue[QueueName];
    readonly delayMs: number;
  },
): void {
  const { name, delayMs } = sending;
  const message = structuredClone(sending.message);
  const isLatest = name === 'turns' || name === 'reports';
  const id = identityOf(name, message);
  const known = lane.entries.get(id);
  if (known !== undefined) {
    known.isAgain ||= isLatest && known.state === 'active';
    if (name === 'turns' && known.state === 'delayed') put(lane, known, delayMs);
    return;
  }
  const entry: Entry = { message, id, failures: 0, state: 'waiting', timer: null, isAgain: false };
  lane.entries.set(id, entry);
  put(lane, entry, delayMs);
}

function identityOf(name: QueueName, message: MessageCatalogue[QueueName]): string {
  if ('deliveryId' in message) return message.deliveryId;
  if ('key' in message) return message.key;
  return name === 'reports' && 'buildset' in message ? message.buildset : message.tenant;
}

/** Makes an entry ready, now or later. */
function put(lane: Lane, entry: Entry, delayMs: number): void {
  if (entry.timer !== null) clearTimeout(entry.timer);
  entry.timer = null;
  entry.state = delayMs > 0 ? 'delayed' : 'waiting';
  if (delayMs > 0) entry.timer = setTimeout(() => put(lane, entry, 0), delayMs);
  else for (const wake of lane.workers) wake();
}

function memoryWorker(lane: Lane, options: AnyOptions, retry: MemoryRetry): QueueWorker {
  const inHand = new Set<Promise<void>>();
  let state: 'idle' | 'running' | 'stopped' = 'idle';
  const takeMore = (): void => {
    if (state !== 'running') return;
    for (const entry of lane.entries.values()) {
      if (inHand.size >= options.concurrency) return;
      if (entry.state !== 'waiting') continue;
      entry.state = 'active';
      const handling = workOn(lane, entry, { options, retry }).finally(() => {
        inHand.delete(handling);
        takeMore();
      });
      inHand.add(handling);
    }
  };
  const stop = async (): Promise<void> => {
    state = 'stopped';
    lane.workers.delete(takeMore);
    await Promise.allSettled(inHand);
  };
  return {
    start: async () => {
      if (state !== 'idle') return;
      state = 'running';
      lane.workers.add(takeMore);
      takeMore();
    },
    stop,
    get isRunning() {
      return state === 'running';
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function workOn(
  lane: Lane,
  entry: Entry,
  { options, retry }: { readonly options: AnyOptions; readonly retry: MemoryRetry },
): Promise<void> {
  const attempt = entry.failures + 1;
  const isLastAttempt = attempt >= retry.attemptsMax;
  const { signal } = new AbortController();
  try {
    const message = structuredClone(entry.message);
    const outcome = await options.handle(message, { attempt, isLastAttempt, signal });
    if (outcome === 'done') finish(lane, entry);
    else put(lane, entry, Math.max(1, outcome.againInMs));
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (conductOf(kindOf(error)).isRetried && !isLastAttempt) {
      entry.failures += 1;
      const asked = error instanceof GatehouseError ? error.retryAfterMs : null;
      put(lane, entry, asked ?? retry.pauseMs);
      return;
    }
    await options.onExhausted(entry.message, error).then(
      () => finish(lane, entry),
      // Not visible anywhere yet: come back to it.
      () => put(lane, entry, retry.pauseMs),
    );
  }
}

function finish(lane: Lane, entry: Entry): void {
  lane.entries.delete(entry.id);
  if (!entry.isAgain) return;
  const next: Entry = { ...entry, failures: 0, isAgain: false };
  lane.entries.set(next.id, next);
  put(lane, next, 0);
}

/**
 * Queues as the service may rely on them, and no better: any order, at least once, sometimes twice
 * at the same time, and now and then without the message that only wakes somebody. Reports of one
 * run alone are never worked on side by side.
 */
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import type { MessageCatalogue, QueueName, WorkOptions, WorkQueue } from '@gatehouse/ports';
import type { FakeClock } from '@gatehouse/testkit';
import type { Faults, Process } from './processes.ts';
import type { Chance } from './random.ts';

/** Pause before a message is tried again, in milliseconds. */
const RETRY_PAUSE_MS = 500;
/** Tries of a message before it is given up; more than there are faults. */
const TRIES_MAX = 60;

type AnyOptions = {
  concurrency: number;
  handle: WorkOptions<QueueName>['handle'];
  onExhausted: WorkOptions<QueueName>['onExhausted'];
};

interface Entry {
  readonly name: QueueName;
  readonly message: MessageCatalogue[QueueName];
  readonly id: string;
  state: 'waiting' | 'active';
  dueAt: number;
  failures: number;
  isAgain: boolean;
  owner: Process | null;
}

interface Worker {
  readonly process: Process;
  readonly life: number;
  readonly name: QueueName;
  readonly options: AnyOptions;
}

/** The queues of all processes. */
export interface UnreliableQueue {
  /** The queues as a process sees them. */
  in(process: Process): WorkQueue;
  /** Deliveries that could be made now. */
  deliverable(): readonly (() => void)[];
  /** When the next message that waits for its time is due; null: none waits. */
  nextDueAt(): number | null;
  /** Gives back what a dead process had in hand. */
  bury(process: Process): void;
}

/** What the queues work with. */
export interface QueueDeps {
  readonly chance: Chance;
  readonly faults: Faults;
  readonly clock: FakeClock;
}

/** Empty queues. */
export function unreliableQueue(deps: QueueDeps): UnreliableQueue {
  const { clock } = deps;
  const entries: Entry[] = [];
  let workers: Worker[] = [];
  const isFree = (worker: Worker): boolean => {
    const inHand = entries.filter(
      (one) => one.state === 'active' && one.name === worker.name && one.owner === worker.process,
    );
    return worker.life === worker.process.life && inHand.length < worker.options.concurrency;
  };
  return {
    in: (process) => ({
      send: async (name, message, delayMs = 0) =>
        send(entries, { name, message: structuredClone(message), dueAt: clock.now() + delayMs }),
      count: () => Promise.reject(new Error('nobody counts here')),
      work: (name, options) => {
        const { life } = process;
        // Workers are kept by their queue's name, which says what the messages are.
        const worker = { process, life, name, options: options as unknown as AnyOptions };
        const stop = async () => {
          workers = workers.filter((one) => one !== worker);
        };
        const start = async () => {
          workers.push(worker);
        };
        return { start, stop, isRunning: true, [Symbol.asyncDispose]: stop };
      },
    }),
    deliverable: () =>
      entries
        .filter((entry) => entry.state === 'waiting' && entry.dueAt <= clock.now())
        .flatMap((entry) => {
          const worker = workers.find((one) => one.name === entry.name && isFree(one));
          return worker === undefined ? [] : [() => deliver(deps, entries, { entry, worker })];
        }),
    nextDueAt: () => {
      const due = entries.filter((one) => one.state === 'waiting').map((one) => one.dueAt);
      return due.length === 0 ? null : Math.min(...due);
    },
    bury: (process) => {
      workers = workers.filter((one) => one.process !== process);
      for (const entry of entries.filter((one) => one.owner === process)) {
        entry.owner = null;
        entry.state = 'waiting';
      }
    },
  };
}

function send(entries: Entry[], sent: Pick<Entry, 'name' | 'message' | 'dueAt'>): void {
  const { name, message } = sent;
  const isLatest = name === 'turns' || name === 'reports';
  const id = identityOf(name, message);
  const known = entries.find((one) => one.name === name && one.id === id);
  if (known === undefined) {
    entries.push({ ...sent, id, state: 'waiting', failures: 0, isAgain: false, owner: null });
    return;
  }
  if (isLatest && known.state === 'active') known.isAgain = true;
  if (name === 'turns' && known.state === 'waiting') known.dueAt = sent.dueAt;
}

function identityOf(name: QueueName, message: MessageCatalogue[QueueName]): string {
  if ('deliveryId' in message) return message.deliveryId;
  if ('key' in message) return message.key;
  return name === 'reports' && 'buildset' in message ? message.buildset : message.tenant;
}

interface Delivery {
  readonly entry: Entry;
  readonly worker: Worker;
}

function deliver(deps: QueueDeps, entries: Entry[], { entry, worker }: Delivery): void {
  const { chance, faults } = deps;
  if (strikes(chance, faults)) {
    if (entry.name === 'turns') {
      remove(entries, entry);
      return;
    }
    if (entry.name !== 'reports') entries.push({ ...entry, id: `${entry.id} again` });
  }
  entry.state = 'active';
  entry.owner = worker.process;
  void workOn(deps, entries, { entry, worker });
}

async function workOn(deps: QueueDeps, entries: Entry[], delivery: Delivery): Promise<void> {
  const { entry, worker } = delivery;
  const { life } = worker.process;
  const attempt = entry.failures + 1;
  const isLastAttempt = attempt >= TRIES_MAX;
  const { signal } = new AbortController();
  const isAlive = (): boolean => worker.process.life === life;
  try {
    const message = structuredClone(entry.message);
    const outcome = await worker.options.handle(message, { attempt, isLastAttempt, signal });
    if (!isAlive()) return;
    if (outcome === 'done') finish(deps, entries, entry);
    else wait(deps, entry, outcome.againInMs);
  } catch (thrown) {
    if (!isAlive()) return;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    entry.failures += 1;
    if (conductOf(kindOf(error)).isRetried && !isLastAttempt) {
      const asked = error instanceof GatehouseError ? error.retryAfterMs : null;
      return wait(deps, entry, asked ?? RETRY_PAUSE_MS);
    }
    await worker.options.onExhausted(entry.message, error).then(
      () => isAlive() && remove(entries, entry),
      () => isAlive() && wait(deps, entry, RETRY_PAUSE_MS),
    );
  }
}

function finish({ chance, faults }: QueueDeps, entries: Entry[], entry: Entry): void {
  const isDoubled = strikes(chance, faults);
  remove(entries, entry);
  if (!entry.isAgain && !isDoubled) return;
  const again = { state: 'waiting', failures: 0, isAgain: false, owner: null } as const;
  entries.push({ ...entry, ...again });
}

function wait({ clock }: QueueDeps, entry: Entry, forMs: number): void {
  entry.state = 'waiting';
  entry.owner = null;
  entry.dueAt = clock.now() + forMs;
}

function remove(entries: Entry[], entry: Entry): void {
  entries.splice(entries.indexOf(entry), 1);
}

function strikes(chance: Chance, faults: Faults): boolean {
  if (faults.left === 0 || !chance.happens(faults.probability)) return false;
  faults.left -= 1;
  return true;
}

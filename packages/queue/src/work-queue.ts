/**
 * The queues over BullMQ. Sending uses the connection that the process shares, because a body that
 * was stored on it before must be there when the message arrives; workers have their own, which
 * waits as long as Redis is away.
 */
import type { Log, MessageCatalogue, QueueName, WorkQueue } from '@gatehouse/ports';
import { type JobsOptions, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Identity, identityOf, type StoredMessage } from './messages.ts';
import { onRedis } from './redis-errors.ts';
import { type RetryPlan, retryPlans } from './retry.ts';
import { createWorker, defaultTuning, type WorkerTuning } from './worker.ts';

/** What the queues are made from. */
export interface WorkQueueDeps {
  /** Whoever opened it closes it, after the queues. Commands on it must fail within seconds. */
  readonly redis: Redis;
  readonly log: Log;
  /** Replaces single plans; for tests. */
  readonly retryPlans?: Partial<Record<QueueName, RetryPlan>>;
  /** Replaces single times; for tests. */
  readonly tuning?: Partial<WorkerTuning>;
}

/** The queues, and their end. */
export interface OpenWorkQueue extends WorkQueue, AsyncDisposable {
  /** Stops every worker that was made here and closes the connections of the queues. */
  close(): Promise<void>;
}

/** In front of every key of BullMQ. */
const prefix = 'gatehouse:queue';

/** Failed messages are kept for looking at: this many, this long (seconds). */
const failedKept = { count: 1_000, age: 8 * 24 * 60 * 60 };

/** BullMQ tells of each step in a stream that nobody here reads. */
const eventsKept = 100;

/** Opens the queues. Nothing is sent to Redis before the first use. */
export function createWorkQueue(deps: WorkQueueDeps): OpenWorkQueue {
  const queues = new Map<QueueName, Queue>();
  const workers: AsyncDisposable[] = [];
  let closed: Promise<void> | null = null;

  const queueOf = (name: QueueName): Queue => {
    const queue = queues.get(name) ?? openQueue(deps, name);
    queues.set(name, queue);
    return queue;
  };
  const connect = (): Redis =>
    deps.redis
      // BullMQ's workers block and wait by design.
      .duplicate({ maxRetriesPerRequest: null, commandTimeout: undefined })
      // The shared connection reports that Redis is away; this one only comes back with it.
      .on('error', () => undefined);
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
    await Promise.all([...queues.values()].map((queue) => queue.close()));
  };

  return {
    send: (name, message, delayMs = 0) => send(queueOf(name), { name, message, delayMs }),
    work: (name, options) => {
      const plan = planOf(deps, name);
      const tuning = { ...defaultTuning, ...deps.tuning };
      const own = { connect, prefix, plan, tuning, log: deps.log };
      const worker = createWorker(own, name, options);
      workers.push(worker);
      return worker;
    },
    count: (name) => count(queueOf(name)),
    close: () => {
      closed ??= close();
      return closed;
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

function planOf(deps: WorkQueueDeps, name: QueueName): RetryPlan {
  return deps.retryPlans?.[name] ?? retryPlans[name];
}

function openQueue(deps: WorkQueueDeps, name: QueueName): Queue {
  const queue = new Queue(name, {
    connection: deps.redis,
    prefix,
    // A queue that waits for a connection would hang for as long as Redis is away.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: eventsKept } },
    defaultJobOptions: {
      attempts: planOf(deps, name).attemptsMax,
      backoff: { type: 'growing' },
      removeOnComplete: true,
      removeOnFail: failedKept,
    },
  });
  // Whoever sends gets the error; the connection reports that Redis is away.
  queue.on('error', () => undefined);
  return queue;
}

async function send<Name extends QueueName>(
  queue: Queue,
  sending: {
    readonly name: Name;
    readonly message: MessageCatalogue[Name];
    readonly delayMs: number;
  },
): Promise<void> {
  const { name, message, delayMs } = sending;
  const data: StoredMessage<Name> = { schema: 1, message };
  const options = optionsOf(name, identityOf(name, message));
  if (delayMs > 0) options.delay = Math.ceil(delayMs);
  await onRedis('a message', name, () => queue.add(name, data, options));
}

function optionsOf(name: QueueName, identity: Identity): JobsOptions {
  if ('id' in identity) return { jobId: identity.id };
  return {
    deduplication: {
      id: identity.latest,
      keepLastIfActive: true,
      // News ends a turn's pause. A report's pause was asked for by GitHub and stays.
      reschedule: name === 'turns',
    },
  };
}

async function count(queue: Queue) {
  const counts = await onRedis('a count', queue.name, () =>
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed'),
  );
  const { waiting = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
  return { waiting: waiting + prioritized, active, delayed };
}

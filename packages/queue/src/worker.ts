/**
 * Works on one queue.
 *
 * Modes: idle → `start()` → running → `stop()` → stopping (nothing new is taken; what is in hand
 * goes on, and is asked to end when the grace is over) → stopped. A stopped worker stays stopped.
 *
 * A message is in hand under a lock that is renewed while the process lives, however long the work
 * takes. When the process dies the lock runs out and another worker gets the message.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Log, QueueName, QueueWorker, WorkOptions } from '@gatehouse/ports';
import { type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { endConnection } from './end-connection.ts';
import { giveUpUnseen, handleJob } from './handle-job.ts';
import { type RetryPlan, retryDelayMs } from './retry.ts';

/** What a worker needs besides its work. */
export interface WorkerDeps {
  /** Opens a connection for one worker, which closes it. */
  readonly connect: () => Redis;
  readonly prefix: string;
  readonly plan: RetryPlan;
  readonly tuning: WorkerTuning;
  readonly log: Log;
}

/** Times of a worker, milliseconds. */
export interface WorkerTuning {
  /** How long a dead process keeps a message. */
  readonly lockMs: number;
  /** How often messages of dead processes are looked for. */
  readonly stalledEveryMs: number;
  /** How long `stop()` waits before work in hand is asked to end. */
  readonly stopGraceMs: number;
  /** How long `stop()` then waits for work to heed that, and for Redis to take what became of it. */
  readonly farewellMs: number;
}

/**
 * A renewal is tried twice within a lock's life. Stopping takes the grace and three farewells at
 * most, which leaves some of the 20 seconds of a service to the rest of it.
 */
export const defaultTuning: WorkerTuning = {
  lockMs: 15_000,
  stalledEveryMs: 10_000,
  stopGraceMs: 8_000,
  farewellMs: 2_000,
};

/**
 * A message whose process died this often is given up: it may be what kills them. High enough for
 * a day of hard restarts.
 */
const stalledMax = 20;

/** Makes a worker that does nothing before `start()`. */
export function createWorker<Name extends QueueName>(
  deps: WorkerDeps,
  name: Name,
  options: WorkOptions<Name>,
): QueueWorker {
  const log = deps.log.child({ queue: name });
  const ending = new AbortController();
  const running: Running = { ending, inHand: new Set(), connection: null, worker: null };
  let stopped: Promise<void> | null = null;

  const start = async (): Promise<void> => {
    if (running.worker !== null || stopped !== null) return;
    running.connection = deps.connect();
    const work = { options: tracked(options, running.inHand), running };
    running.worker = openWorker({ ...deps, log }, name, work);
    const failed = running.worker.run().catch((error: unknown) => {
      log.fatal({ error: String(error) }, 'the worker of a queue ended');
    });
    await Promise.race([running.worker.waitUntilReady(), failed]);
  };

  const stop = (): Promise<void> => {
    stopped ??= close(running, deps.tuning, log);
    return stopped;
  };

  return {
    start,
    stop,
    get isRunning() {
      return running.worker?.isRunning() === true && stopped === null;
    },
    [Symbol.asyncDispose]: stop,
  };
}

interface Running {
  readonly ending: AbortController;
  readonly inHand: Set<Promise<unknown>>;
  connection: Redis | null;
  worker: Worker | null;
}

async function close(running: Running, tuning: WorkerTuning, log: Log): Promise<void> {
  const { worker, connection } = running;
  if (worker === null || connection === null) return;
  const grace = setTimeout(() => running.ending.abort(), tuning.stopGraceMs);
  const leaveAt = performance.now() + tuning.stopGraceMs + tuning.farewellMs;
  const closed = worker.close();
  void endBlocking(worker);
  let isClosed = false;
  do {
    const leftMs = Math.max(0, leaveAt - performance.now());
    await isSettledWithin(leftMs, Promise.race([closed, emptied(running.inHand)]));
    isClosed = await isSettledWithin(tuning.farewellMs, closed);
    // A message that was asked for before the stop comes in hand after it.
  } while (!isClosed && running.inHand.size > 0 && performance.now() < leaveAt);
  clearTimeout(grace);
  if (!isClosed) {
    // While Redis is away BullMQ waits for it, to say what became of the work; and for work that
    // does not heed the end of its grace, such as a call to GitHub that waits for its budget.
    log.warn({ inHand: running.inHand.size }, 'a worker left its work, which is handed out again');
    await endConnection(connection);
    await isSettledWithin(tuning.farewellMs, closed);
  }
  connection.disconnect();
}

async function endBlocking(worker: Worker): Promise<void> {
  const client = await worker.getBackend().blockingClient?.catch(() => undefined); // never opened
  if (client?.status === 'reconnecting') await endConnection(client);
}

function tracked<Name extends QueueName>(
  options: WorkOptions<Name>,
  inHand: Set<Promise<unknown>>,
): WorkOptions<Name> {
  const handle: WorkOptions<Name>['handle'] = (message, context) => {
    const handling = options.handle(message, context);
    inHand.add(handling);
    const forget = () => inHand.delete(handling);
    handling.then(forget, forget);
    return handling;
  };
  return {
    ...options,
    handle,
    onExhausted: (message, error) => options.onExhausted(message, error),
  };
}

async function emptied(inHand: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (inHand.size > 0) await Promise.allSettled(inHand);
}

async function isSettledWithin(patienceMs: number, work: Promise<unknown>): Promise<boolean> {
  const end = new AbortController();
  const late = delay(patienceMs, false, { signal: end.signal }).catch(() => false);
  const isSettled = await Promise.race([work.then(() => true), late]);
  end.abort();
  return isSettled;
}

function openWorker<Name extends QueueName>(
  deps: WorkerDeps,
  name: Name,
  work: { readonly options: WorkOptions<Name>; readonly running: Running },
): Worker {
  const { options, running } = work;
  const { log, plan, tuning } = deps;
  const seen = new WeakSet<Job>();
  const worker = new Worker(
    name,
    // Three parameters: that is how BullMQ knows to hand over a signal.
    async (job, token, signal) => {
      seen.add(job);
      const { ending } = running;
      const signals = signal === undefined ? [ending.signal] : [signal, ending.signal];
      const inHand = { job, token, ending: AbortSignal.any(signals) };
      await handleJob({ log, plan, options }, name, inHand);
    },
    {
      connection: running.connection ?? deps.connect(),
      prefix: deps.prefix,
      autorun: false,
      concurrency: options.concurrency,
      lockDuration: tuning.lockMs,
      stalledInterval: tuning.stalledEveryMs,
      maxStalledCount: stalledMax,
      settings: {
        backoffStrategy: (failures, _type, error) =>
          retryDelayMs(plan, failures, { error, spread: Math.random() }),
      },
    },
  );
  worker.on('error', (error) => log.debug({ error: error.message }, 'a queue has trouble'));
  worker.on('stalled', (id) => log.warn({ message: id }, 'a message was left by its worker'));
  worker.on('lockRenewalFailed', (ids) => {
    // Somebody else may have it by now; two at once would waste GitHub's budget.
    for (const id of ids) worker.cancelJob(id, 'the lock on the message was lost');
  });
  worker.on('failed', (job, error) => {
    if (job === undefined || seen.has(job)) return;
    void giveUpUnseen({ log, options }, name, { job, error });
  });
  return worker;
}

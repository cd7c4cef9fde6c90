/**
 * Works on one queue.
 *
 * Modes: idle → `start()` → running → `stop()` → stopping (nothing new is taken; what is in hand
 * goes on, and is asked to end when the grace is over) → stopped. A stopped worker stays stopped.
 *
 * A message is in hand under a lock that is renewed while the process lives, however long the work
 * takes. When the process dies the lock runs out and another worker gets the message.
 */
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import type { Log, MessageCatalogue, QueueName, QueueWorker, WorkOptions } from '@gatehouse/ports';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { readMessage } from './messages.ts';
import { isRetried, type RetryPlan, retryDelayMs } from './retry.ts';

/** What a worker needs besides its work. */
export interface WorkerDeps {
  readonly connection: () => Redis;
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
}

/** A renewal is tried twice within a lock's life. */
export const defaultTuning: WorkerTuning = {
  lockMs: 15_000,
  stalledEveryMs: 10_000,
  stopGraceMs: 20_000,
};

/**
 * A message whose process died this often is given up: it may be what kills them. High enough for
 * a day of hard restarts.
 */
const stalledMax = 20;

type Handling<Name extends QueueName> = Pick<WorkOptions<Name>, 'handle' | 'onExhausted'>;

/** Makes a worker that does nothing before `start()`. */
export function createWorker<Name extends QueueName>(
  deps: WorkerDeps,
  name: Name,
  options: WorkOptions<Name>,
): QueueWorker {
  const log = deps.log.child({ queue: name });
  const stopping = new AbortController();
  let worker: Worker | null = null;
  let stopped: Promise<void> | null = null;

  const start = async (): Promise<void> => {
    if (worker !== null || stopped !== null) return;
    worker = openWorker({ ...deps, log }, name, { options, stopping: stopping.signal });
    const failed = worker.run().catch((error: unknown) => {
      log.fatal({ error: String(error) }, 'the worker of a queue ended');
    });
    await Promise.race([worker.waitUntilReady(), failed]);
  };

  const stop = (): Promise<void> => {
    stopped ??= worker === null ? Promise.resolve() : close(worker, stopping, deps.tuning);
    return stopped;
  };

  return {
    start,
    stop,
    get isRunning() {
      return worker?.isRunning() === true && stopped === null;
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function close(
  worker: Worker,
  stopping: AbortController,
  tuning: WorkerTuning,
): Promise<void> {
  const grace = setTimeout(() => stopping.abort(), tuning.stopGraceMs);
  try {
    await worker.close();
  } finally {
    clearTimeout(grace);
  }
}

function openWorker<Name extends QueueName>(
  deps: WorkerDeps,
  name: Name,
  work: { readonly options: WorkOptions<Name>; readonly stopping: AbortSignal },
): Worker {
  const { options, stopping } = work;
  const { log, plan, tuning } = deps;
  const seen = new WeakSet<Job>();
  const worker = new Worker(
    name,
    // Three parameters: that is how BullMQ knows to hand over a signal.
    async (job, token, signal) => {
      seen.add(job);
      const ending = signal === undefined ? stopping : AbortSignal.any([signal, stopping]);
      await handleJob({ log, plan, options }, name, { job, token, ending });
    },
    {
      connection: deps.connection(),
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

interface InHand {
  readonly job: Job;
  readonly token: string | undefined;
  readonly ending: AbortSignal;
}

interface JobDeps<Name extends QueueName> {
  readonly log: Log;
  readonly plan: RetryPlan;
  readonly options: Handling<Name>;
}

async function handleJob<Name extends QueueName>(
  deps: JobDeps<Name>,
  name: Name,
  inHand: InHand,
): Promise<void> {
  const { job, token, ending } = inHand;
  const read = readMessage(name, job.data);
  if (!read.isReadable) {
    const error = new GatehouseError('GATE_MESSAGE_UNREADABLE', `A message cannot be read`);
    deps.log.fatal({ code: error.code, message: job.id, reason: read.reason }, error.message);
    // Kept among the failed, where it can be looked at; nobody could act on it.
    throw new UnrecoverableError(`${error.code}: ${read.reason}`);
  }
  const attempt = job.attemptsMade + 1;
  const isLastAttempt = attempt >= deps.plan.attemptsMax;
  try {
    const context = { attempt, isLastAttempt, signal: ending };
    const outcome = await deps.options.handle(read.message, context);
    if (outcome === 'done') return;
    await job.moveToDelayed(Date.now() + outcome.againInMs, token);
  } catch (error) {
    // Cut short by a stop: not the message's failure, and its next worker takes it at once.
    if (ending.aborted) await job.moveToDelayed(Date.now(), token);
    else await afterFailure(deps, { ...inHand, message: read.message }, { error, attempt });
  }
  throw new DelayedError();
}

/** @throws for BullMQ to try again or to drop the message, unless it was put back here. */
async function afterFailure<Name extends QueueName>(
  deps: JobDeps<Name>,
  inHand: InHand & { readonly message: MessageCatalogue[Name] },
  failure: { readonly error: unknown; readonly attempt: number },
): Promise<void> {
  const { job, token, message } = inHand;
  const error = failure.error instanceof Error ? failure.error : new Error(String(failure.error));
  const fields = { message: job.id, attempt: failure.attempt, ...errorFields(error) };
  if (isRetried(error) && failure.attempt < deps.plan.attemptsMax) {
    deps.log.debug(fields, 'a message is tried again');
    throw error;
  }
  const level = isRetried(error) ? 'warn' : conductOf(kindOf(error)).logLevel;
  deps.log[level](fields, 'a message is given up');
  try {
    await deps.options.onExhausted(message, error);
  } catch (second) {
    // What it meant is not visible anywhere yet, so that it must not go.
    deps.log.error({ ...fields, second: String(second) }, 'giving up a message failed');
    await job.moveToDelayed(Date.now() + deps.plan.mostMs, token);
    return;
  }
  // Gone for good: a redelivery under the same id has to count as new.
  job.opts.removeOnFail = true;
  throw new UnrecoverableError(error.message);
}

/** A message that died with its workers too often fails without having been handed to us. */
async function giveUpUnseen<Name extends QueueName>(
  deps: { readonly log: Log; readonly options: Handling<Name> },
  name: Name,
  given: { readonly job: Job; readonly error: Error },
): Promise<void> {
  const { job, error } = given;
  deps.log.error({ message: job.id, error: error.message }, 'a message is given up');
  const read = readMessage(name, job.data);
  if (!read.isReadable) return;
  try {
    await deps.options.onExhausted(read.message, error);
    await job.remove();
  } catch (second) {
    deps.log.error({ message: job.id, second: String(second) }, 'giving up a message failed');
  }
}

function errorFields(error: Error): object {
  return error instanceof GatehouseError
    ? { code: error.code, error: error.message, details: error.details }
    : { error: error.message, stack: error.stack };
}

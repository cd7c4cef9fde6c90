/**
 * What becomes of one message: done, put back for later, tried again, or given up. A message that
 * is given up goes only after its meaning has become visible.
 */
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import type {
  Log,
  MessageCatalogue,
  MessageOutcome,
  QueueName,
  WorkOptions,
} from '@gatehouse/ports';
import { DelayedError, type Job, UnrecoverableError } from 'bullmq';
import { readMessage } from './messages.ts';
import { isRetried, type RetryPlan } from './retry.ts';

type Handling<Name extends QueueName> = Pick<WorkOptions<Name>, 'handle' | 'onExhausted'>;

/** A message that was handed to us. */
export interface InHand {
  readonly job: Job;
  readonly token: string | undefined;
  readonly ending: AbortSignal;
}

/** What working on a message needs. */
export interface JobDeps<Name extends QueueName> {
  readonly log: Log;
  readonly plan: RetryPlan;
  readonly options: Handling<Name>;
}

/** @throws for BullMQ, which takes the kind of error for an order. */
export async function handleJob<Name extends QueueName>(
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
  let outcome: MessageOutcome = 'done';
  try {
    const context = { attempt, isLastAttempt, signal: ending };
    outcome = await deps.options.handle(read.message, context);
  } catch (error) {
    // Cut short by a stop: not the message's failure, and its next worker takes it at once.
    if (ending.aborted) outcome = { againInMs: 0 };
    else outcome = await afterFailure(deps, { job, message: read.message }, { error, attempt });
  }
  if (outcome === 'done') return;
  await job.moveToDelayed(Date.now() + outcome.againInMs, token);
  throw new DelayedError();
}

/** @throws for BullMQ to try again or to drop the message; else says when to come back to it. */
async function afterFailure<Name extends QueueName>(
  deps: JobDeps<Name>,
  given: { readonly job: Job; readonly message: MessageCatalogue[Name] },
  failure: { readonly error: unknown; readonly attempt: number },
): Promise<MessageOutcome> {
  const { job, message } = given;
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
    return { againInMs: deps.plan.mostMs };
  }
  // Gone for good: a redelivery under the same id has to count as new.
  job.opts.removeOnFail = true;
  throw new UnrecoverableError(error.message);
}

/** A message that died with its workers too often fails without having been handed to us. */
export async function giveUpUnseen<Name extends QueueName>(
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

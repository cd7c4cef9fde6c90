/** What is done with one message of the `launches` queue. */
import { assertNever, type BuildId, GatehouseError, kindOf } from '@gatehouse/model';
import type { MessageCatalogue, MessageContext, MessageOutcome } from '@gatehouse/ports';
import { type Attempt, type AttemptEnd, attemptFields, endWith } from './attempt.ts';
import { type CommandDeps, runCommandJob } from './command/run-command-job.ts';
import type { RunnerDeps } from './deps.ts';
import { findAttempt, findBuild, pauseBefore } from './find-attempt.ts';
import { cancelElsewhere, launchElsewhere } from './http/call-runner.ts';
import type { Places } from './places.ts';
import type { BuildReports } from './reports.ts';
import type { StopSwitches } from './stop-switches.ts';
import { messageOf } from './words.ts';

type LaunchMessage = MessageCatalogue['launches'];
type Execution = Attempt['build']['job']['execution'];
type ExecutionOf<Kind extends Execution['kind']> = Extract<Execution, { kind: Kind }>;

/** What the handler works with beside the runner's own deps. */
export interface HandlerDeps extends RunnerDeps, CommandDeps {
  readonly reports: BuildReports;
  readonly places: Places;
  readonly switches: StopSwitches;
  /** Aborts when the runner stops. */
  readonly stopping: AbortSignal;
  announceCancel(build: BuildId): Promise<void>;
}

/** Handles messages; both methods may throw what the queue is to try again. */
export interface LaunchHandler {
  handle(message: LaunchMessage, context: MessageContext): Promise<MessageOutcome>;
  giveUp(message: LaunchMessage, error: Error): Promise<void>;
}

/** A handler for the messages of one process. */
export function createLaunchHandler(deps: HandlerDeps): LaunchHandler {
  const inHand = new Map<string, Promise<MessageOutcome>>();

  /** A message that comes again while the first is in hand shares its fate. */
  function once(message: LaunchMessage, act: () => Promise<MessageOutcome>) {
    const key = keyOf(message);
    const known = inHand.get(key);
    if (known !== undefined) return known;
    const outcome = act().finally(() => inHand.delete(key));
    inHand.set(key, outcome);
    return outcome;
  }

  return {
    async handle(message, context) {
      if (message.action === 'launch') return once(message, () => launch(deps, message, context));
      // First the register, which refuses whatever is still said about the build.
      await deps.builds.closeBuild(message.build);
      deps.switches.stop(message.build);
      await deps.announceCancel(message.build);
      // A cancellation that overtook the launch would mean nothing to an external runner.
      await inHand.get(keyOf(message))?.catch(() => undefined);
      await cancel(deps, message, context);
      return 'done';
    },

    async giveUp(message, error) {
      const fields = { build: message.build, attempt: message.attempt, err: error };
      if (message.action === 'cancel') {
        return deps.log.warn(fields, 'a cancellation was given up');
      }
      deps.log.warn(fields, 'a launch was given up');
      const attempt = await findAttempt(deps.tenants, message);
      if (attempt === null || !(await deps.reports.open(attempt, null))) return;
      const isOurs = kindOf(error) === 'invariant';
      const end = isOurs
        ? endWith('ERROR', 'internal error in the runner')
        : endWith('RETRY', `the runner could not run the job: ${messageOf(error)}`);
      await deps.reports.completed(attempt, end);
    },
  };
}

function keyOf({ build, attempt }: LaunchMessage): string {
  return `${build}/${attempt}`;
}

async function launch(
  deps: HandlerDeps,
  message: LaunchMessage,
  context: MessageContext,
): Promise<MessageOutcome> {
  const attempt = await findAttempt(deps.tenants, message);
  if (attempt === null) {
    deps.log.debug({ build: message.build, attempt: message.attempt }, 'a launch is stale');
    return 'done';
  }
  const waitMs = pauseBefore(attempt, deps.clock.now());
  if (waitMs > 0) return { againInMs: waitMs };
  const { execution } = attempt.build.job;
  const refusal = whyRefused(attempt);
  if (refusal !== null) return conclude(deps, attempt, endWith('ERROR', refusal));
  switch (execution.kind) {
    case 'noop':
      return conclude(deps, attempt, endWith('SUCCESS', null));
    case 'workflow':
      return conclude(deps, attempt, endWith('ERROR', 'workflow jobs are not run by this version'));
    case 'http':
      return runElsewhere(deps, { attempt, execution }, context.signal);
    case 'command':
      return runHere(deps, { message, execution }, context);
    default:
      return assertNever(execution);
  }
}

/** The engine lets no such build come here; this holds even if it should. */
function whyRefused({ item, build }: Attempt): string | null {
  if (item.trust.isTrusted) return null;
  const { execution, isAlteredByChange, secrets } = build.job;
  if (execution.kind === 'noop') return null;
  const isHarmless = execution.kind === 'http' && !isAlteredByChange && secrets.length === 0;
  return isHarmless ? null : 'the head is not trusted, so this job is not run';
}

async function conclude(
  deps: HandlerDeps,
  attempt: Attempt,
  end: AttemptEnd,
): Promise<MessageOutcome> {
  if (await deps.reports.open(attempt, null)) await deps.reports.completed(attempt, end);
  return 'done';
}

async function runElsewhere(
  deps: HandlerDeps,
  job: { readonly attempt: Attempt; readonly execution: ExecutionOf<'http'> },
  signal: AbortSignal,
): Promise<MessageOutcome> {
  const { attempt } = job;
  // It was accepted before; launching it again would take the running job's token away.
  if (attempt.build.phase === 'running') return 'done';
  const launched = await launchElsewhere(deps, deps.reports, job);
  if (launched.code === 'dropped') return 'done';
  if (launched.code === 'failed') await deps.reports.completed(attempt, launched.end);
  else await deps.reports.started(attempt, false);
  // Another process may have told the runner of a cancellation before it knew the build. A launch
  // whose answer was lost may have been taken all the same.
  if (await deps.reports.isAbandoned(attempt)) await cancelElsewhere(deps, job, signal);
  return 'done';
}

async function runHere(
  deps: HandlerDeps,
  job: { readonly message: LaunchMessage; readonly execution: ExecutionOf<'command'> },
  context: MessageContext,
): Promise<MessageOutcome> {
  const stop = AbortSignal.any([deps.stopping, context.signal]);
  const place = await deps.places.take(stop);
  if (typeof place !== 'function') return place;
  try {
    // The wait for the place may have been long.
    const attempt = await findAttempt(deps.tenants, job.message);
    if (attempt === null || !(await deps.reports.open(attempt, null))) return 'done';
    if (!(await deps.reports.started(attempt, true))) return 'done';
    const end = await runWatched(deps, { attempt, execution: job.execution }, stop);
    if (end !== null) await deps.reports.completed(attempt, end);
    else if (stop.aborted) return { againInMs: 0 };
    return 'done';
  } finally {
    place();
  }
}

async function runWatched(
  deps: HandlerDeps,
  job: { readonly attempt: Attempt; readonly execution: ExecutionOf<'command'> },
  stop: AbortSignal,
): Promise<AttemptEnd | null> {
  const { attempt } = job;
  const stopSwitch = deps.switches.add(attempt, () => deps.reports.isWanted(attempt));
  try {
    const signal = AbortSignal.any([stopSwitch.signal, stop]);
    const isWanted = async () => !signal.aborted && (await stopSwitch.check());
    return await runCommandJob(deps, { ...job, signal, isWanted });
  } catch (error) {
    if (error instanceof GatehouseError) throw error;
    deps.log.error({ ...attemptFields(attempt), err: error }, 'a command job could not be run');
    return endWith('RETRY', `the runner could not run the job: ${messageOf(error)}`);
  } finally {
    stopSwitch.release();
  }
}

async function cancel(
  deps: HandlerDeps,
  message: LaunchMessage,
  context: MessageContext,
): Promise<void> {
  const found = await findBuild(deps.tenants, message);
  if (found === null || found.build.job.execution.kind !== 'http') return;
  const { execution } = found.build.job;
  // The message says which attempt; the build may have been ended with another number.
  const attempt = { ...found, build: { ...found.build, attempt: message.attempt } };
  await cancelElsewhere(deps, { attempt, execution }, context.signal);
}

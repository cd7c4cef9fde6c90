/**
 * The course of a command job: `pre-run`, `run`, `post-run`. A failing preparation is worth another
 * try; a failing run is the result. What collects results runs whatever happened before it, unless
 * the build was stopped: then nobody wants them.
 */
import type { AttemptResult, CommandExecution } from '@gatehouse/model';
import { POST_RUN_TIMEOUT_MS } from '../limits.ts';
import { durationInWords } from '../words.ts';
import { runStep, type StepEnd, type StepSetting } from './step.ts';

/** Result of all steps. */
export type StepsEnd =
  | { readonly code: 'over'; readonly result: AttemptResult; readonly detail: string | null }
  | { readonly code: 'aborted' };

/** What the steps are. */
export interface StepsPlan {
  readonly execution: CommandExecution;
  /** For `pre-run` and `run` together. */
  readonly timeoutMs: number;
  /** Asked before each step: false stops the job. */
  isWanted(): Promise<boolean>;
}

type Phase = 'pre-run' | 'run' | 'post-run';

/** Runs every step that is to be run. */
export async function runSteps(setting: StepSetting, plan: StepsPlan): Promise<StepsEnd> {
  const main = await runMain(setting, plan);
  if (main.code === 'aborted') return main;
  const post = await runPhase(setting, plan, {
    phase: 'post-run',
    commands: plan.execution.postRun,
    timeLeft: () => POST_RUN_TIMEOUT_MS,
    goesOn: true,
  });
  if (post.code === 'aborted') return { code: 'aborted' };
  if (post.code === 'passed' || main.result !== 'SUCCESS') return main;
  return { code: 'over', result: 'POST_FAILURE', detail: post.detail };
}

async function runMain(setting: StepSetting, plan: StepsPlan): Promise<StepsEnd> {
  const deadline = performance.now() + plan.timeoutMs;
  const timeLeft = () => Math.max(0, deadline - performance.now());
  const { preRun, run } = plan.execution;
  const common = { timeLeft, goesOn: false };
  const before = await runPhase(setting, plan, { ...common, phase: 'pre-run', commands: preRun });
  if (before.code === 'aborted') return { code: 'aborted' };
  if (before.code !== 'passed') return over('RETRY', before.detail);
  const main = await runPhase(setting, plan, { ...common, phase: 'run', commands: run });
  switch (main.code) {
    case 'passed':
      return over('SUCCESS', null);
    case 'aborted':
      return { code: 'aborted' };
    case 'timed-out':
      return over('TIMED_OUT', `no end within ${durationInWords(plan.timeoutMs)}`);
    case 'not-started':
      return over('ERROR', main.detail);
    case 'failed':
      return over('FAILURE', main.detail);
  }
}

function over(result: AttemptResult, detail: string | null): Extract<StepsEnd, { code: 'over' }> {
  return { code: 'over', result, detail };
}

interface PhasePlan {
  readonly phase: Phase;
  readonly commands: readonly string[];
  timeLeft(): number;
  /** True: the entries after a failed one run all the same. */
  readonly goesOn: boolean;
}

/** The first end that is not `passed`, or `passed`. */
async function runPhase(
  setting: StepSetting,
  plan: StepsPlan,
  { phase, commands, timeLeft, goesOn }: PhasePlan,
): Promise<StepEnd> {
  let first: StepEnd = { code: 'passed' };
  for (const [index, command] of commands.entries()) {
    if (!(await plan.isWanted())) return { code: 'aborted', detail: 'not wanted any more' };
    const title = `${phase} ${index + 1} of ${commands.length}`;
    const end = await runStep(setting, { title, command, timeoutMs: timeLeft() });
    if (end.code === 'aborted') return end;
    if (first.code === 'passed') first = end;
    if (end.code !== 'passed' && !goesOn) return end;
  }
  return first;
}

/**
 * The states of a build.
 *
 *   waiting   --launch--> launched    --skip--> completed   --cancel--> completed
 *   launched  --start--> running      --finish--> completed
 *             --retry--> launched     --cancel--> completed --time-out--> completed
 *   running   --start--> running      --finish--> completed
 *             --retry--> launched     --cancel--> completed --time-out--> completed
 *   completed : over; whatever is still said about it is ignored
 *
 * Reports of an attempt that does not count any more never reach this table: they are refused by
 * attempt in `report.ts`. What is impossible here is therefore our own mistake.
 */
import { invariant } from '@gatehouse/model';
import type { BuildPhase } from '../state.ts';

/** What can happen to a build. */
export type BuildInput = 'launch' | 'start' | 'finish' | 'retry' | 'skip' | 'cancel' | 'time-out';

/** An answer of the table: the next phase, ignored with the reason, or impossible. */
export type BuildTransition =
  | { readonly to: BuildPhase }
  | { readonly ignored: string }
  | 'impossible';

const over: BuildTransition = { ignored: 'build-is-over' };

/** Every pair of phase and input. */
export const buildTransitions: Readonly<
  Record<BuildPhase, Readonly<Record<BuildInput, BuildTransition>>>
> = {
  waiting: {
    launch: { to: 'launched' },
    start: 'impossible',
    finish: 'impossible',
    retry: 'impossible',
    skip: { to: 'completed' },
    cancel: { to: 'completed' },
    'time-out': 'impossible',
  },
  launched: {
    launch: 'impossible',
    start: { to: 'running' },
    finish: { to: 'completed' },
    retry: { to: 'launched' },
    skip: 'impossible',
    cancel: { to: 'completed' },
    'time-out': { to: 'completed' },
  },
  running: {
    launch: 'impossible',
    start: { to: 'running' },
    finish: { to: 'completed' },
    retry: { to: 'launched' },
    skip: 'impossible',
    cancel: { to: 'completed' },
    'time-out': { to: 'completed' },
  },
  completed: {
    launch: 'impossible',
    start: over,
    finish: over,
    retry: over,
    skip: 'impossible',
    cancel: over,
    'time-out': over,
  },
};

/** The phase that follows; null when the input is ignored. @throws invariant when impossible. */
export function nextBuildPhase(phase: BuildPhase, input: BuildInput): BuildPhase | null {
  const transition = buildTransitions[phase][input];
  invariant(transition !== 'impossible', `a ${phase} build cannot ${input}`);
  return 'to' in transition ? transition.to : null;
}

/**
 * Where runs and jobs stand, as a word, a tone and an icon: a state is never told by colour alone.
 */
import type { BuildsetView, BuildView } from '@gatehouse/contracts';

/** Chooses colour and icon. */
export type Tone = 'good' | 'bad' | 'wait' | 'running' | 'still';

/** What is drawn before the word. */
export type Icon = 'check' | 'cross' | 'alert' | 'spin' | 'clock' | 'skip' | 'stop';

/** A state for people. */
export interface Status {
  readonly word: string;
  readonly tone: Tone;
  readonly icon: Icon;
}

type Verdict = NonNullable<BuildsetView['verdict']>;
type Result = NonNullable<BuildView['result']>;

const verdicts: Readonly<Record<Verdict, Status>> = {
  success: { word: 'Passed', tone: 'good', icon: 'check' },
  failure: { word: 'Failed', tone: 'bad', icon: 'cross' },
  timed_out: { word: 'Timed out', tone: 'bad', icon: 'cross' },
  cancelled: { word: 'Cancelled', tone: 'still', icon: 'stop' },
  skipped: { word: 'Skipped', tone: 'still', icon: 'skip' },
  action_required: { word: 'Needs approval', tone: 'wait', icon: 'alert' },
  misconfigured: { word: 'Configuration error', tone: 'bad', icon: 'alert' },
  conflict: { word: 'Merge conflict', tone: 'bad', icon: 'alert' },
  internal_error: { word: 'Internal error', tone: 'bad', icon: 'alert' },
};

const results: Readonly<Record<Result, Status>> = {
  SUCCESS: { word: 'Passed', tone: 'good', icon: 'check' },
  FAILURE: { word: 'Failed', tone: 'bad', icon: 'cross' },
  TIMED_OUT: { word: 'Timed out', tone: 'bad', icon: 'cross' },
  POST_FAILURE: { word: 'Failed afterwards', tone: 'bad', icon: 'cross' },
  RETRY_LIMIT: { word: 'Gave up after retries', tone: 'bad', icon: 'cross' },
  NODE_FAILURE: { word: 'No machine', tone: 'bad', icon: 'alert' },
  SKIPPED: { word: 'Skipped', tone: 'still', icon: 'skip' },
  CANCELED: { word: 'Cancelled', tone: 'still', icon: 'stop' },
  DISK_FULL: { word: 'Disk full', tone: 'bad', icon: 'alert' },
  ERROR: { word: 'Error', tone: 'bad', icon: 'alert' },
};

const phases: Readonly<Record<Exclude<BuildView['phase'], 'completed'>, Status>> = {
  waiting: { word: 'Waiting', tone: 'still', icon: 'clock' },
  launched: { word: 'Starting', tone: 'running', icon: 'clock' },
  running: { word: 'Running', tone: 'running', icon: 'spin' },
};

/** True for a voting job that fails its run, also while others still go on. */
export function isFailing(build: BuildView): boolean {
  const passes = build.result === null || results[build.result].tone !== 'bad';
  return build.voting && !passes;
}

/** Where a run stands. One that can only fail says so before its last job is done. */
export function statusOfRun(run: BuildsetView): Status {
  if (run.verdict !== null) return verdicts[run.verdict];
  if (run.phase === 'wedged') return { word: 'Stopped', tone: 'wait', icon: 'alert' };
  if (run.builds.some(isFailing)) return { word: 'Failing', tone: 'bad', icon: 'spin' };
  if (run.phase === 'preparing') return { word: 'Preparing', tone: 'running', icon: 'clock' };
  return run.builds.some(({ phase }) => phase !== 'waiting' && phase !== 'launched')
    ? { word: 'Running', tone: 'running', icon: 'spin' }
    : { word: 'Queued', tone: 'running', icon: 'clock' };
}

/** Where a job stands. */
export function statusOfBuild({ phase, result }: BuildView): Status {
  if (result !== null) return results[result];
  return phase === 'completed' ? results.ERROR : phases[phase];
}

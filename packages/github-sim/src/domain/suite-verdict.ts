/** A suite's status and conclusion follow from its runs. */
import type { RunRecord, SimState, SuiteRecord } from '../state/types.ts';

/**
 * Weightiest first. Source: "About check suites" in GitHub's guide says that the highest-priority
 * conclusion wins and gives timed_out over success over neutral.
 */
const PRIORITY = [
  'action_required',
  'timed_out',
  'failure',
  'cancelled',
  'stale',
  'success',
  'neutral',
  'skipped',
];

/** The newest run of each name, oldest first. */
export function latestRuns(state: SimState, suite: SuiteRecord): RunRecord[] {
  const newest = new Map<string, RunRecord>();
  for (const run of state.runs) if (run.suiteId === suite.id) newest.set(run.name, run);
  return [...newest.values()];
}

/** Status and conclusion of a suite now. */
export function suiteVerdict(
  state: SimState,
  suite: SuiteRecord,
): { status: string; conclusion: string | null } {
  const runs = latestRuns(state, suite);
  if (runs.length === 0 || suite.requeued) return { status: 'queued', conclusion: null };
  if (runs.every((run) => run.status === 'completed')) {
    const found = PRIORITY.find((each) => runs.some((run) => run.conclusion === each));
    return { status: 'completed', conclusion: found ?? 'neutral' };
  }
  const isWaiting = runs.every((run) => run.status === 'queued');
  return { status: isWaiting ? 'queued' : 'in_progress', conclusion: null };
}

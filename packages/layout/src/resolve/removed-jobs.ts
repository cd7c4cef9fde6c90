import type { FreezeResult } from './request.ts';

/**
 * True when no job whose result counts on the base counts any more for a change that brings its own
 * configuration: other jobs of the change's making, or `noop`, are no stand-in. What a base with
 * errors would run is not known; then the change has to leave some voting job.
 * @param before frozen without the change's own configuration
 * @param after frozen with it
 */
export function removesAllVoting(
  before: Pick<FreezeResult, 'jobs' | 'problems'>,
  after: Pick<FreezeResult, 'jobs'>,
): boolean {
  const left = new Set(votingIn(after));
  if (before.problems.some(({ level }) => level === 'error')) return left.size === 0;
  const wanted = votingIn(before);
  return wanted.length > 0 && !wanted.some((name) => left.has(name));
}

function votingIn({ jobs }: Pick<FreezeResult, 'jobs'>): readonly string[] {
  return jobs.filter(({ isVoting }) => isVoting).map(({ name }) => name);
}

/** One job of one buildset: its states and results. */

/**
 * How a build ended. The words are Zuul's.
 * Source: https://zuul-ci.org/docs/zuul/latest/job-content.html#build-status
 */
export const buildResults = [
  'SUCCESS',
  'FAILURE',
  'TIMED_OUT',
  'POST_FAILURE',
  'RETRY_LIMIT',
  'NODE_FAILURE',
  'SKIPPED',
  'CANCELED',
  'DISK_FULL',
  'ERROR',
] as const;

/** One of {@link buildResults}: final. */
export type BuildResult = (typeof buildResults)[number];

/** What an executor may say of one attempt: a final result, or that another try is wanted. */
export type AttemptResult = BuildResult | 'RETRY';

/** True when a voting build with this result lets its buildset succeed. */
export function isPassing(result: BuildResult): boolean {
  return result === 'SUCCESS' || result === 'SKIPPED';
}

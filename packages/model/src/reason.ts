/**
 * Reasons as data: every verdict says why, and reports, dashboard and logs only render it.
 */
import type { Json } from './json.ts';

/** One step of an explanation. */
export interface Reason {
  /** Stable word for the kind of reason, such as `job-failed`. */
  readonly code: string;
  /** What it is about: a job, a pipeline, a file. */
  readonly subject: string;
  /** What was found; absent when the code says it all. */
  readonly seen?: Json;
  /** What would have been needed. */
  readonly expected?: Json;
}

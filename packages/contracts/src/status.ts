/**
 * What the service shows of its runs: the status API and the dashboard's source. Times are
 * milliseconds since 1970, reasons are sentences, ready to be shown.
 */
import { buildResults } from '@gatehouse/model';
import { z } from 'zod';
import { timeMs } from './common.ts';

/** How a run ended, in the words of the API. */
export const verdicts = [
  'success',
  'failure',
  'timed_out',
  'cancelled',
  'skipped',
  'action_required',
  'misconfigured',
  'conflict',
  'internal_error',
] as const;

/** What a run is about. */
export const ChangeView = z.object({
  repository: z.string(),
  /** Null, as `title` and `author`, for push and tag runs. */
  number: z.number().int().nullable(),
  title: z.string().nullable(),
  url: z.string(),
  author: z.string().nullable(),
  head_sha: z.string(),
  /** Branch the change goes to, or the full ref that moved. */
  ref: z.string(),
  /** Branch the change comes from; null for push and tag runs. */
  head_ref: z.string().nullable(),
});
/** See the schema. */
export type ChangeView = z.infer<typeof ChangeView>;

/** One job of a run. */
export const BuildView = z.object({
  id: z.string(),
  job: z.string(),
  phase: z.enum(['waiting', 'launched', 'running', 'completed']),
  /** The try that counts, from 1; 0 before the first. */
  attempt: z.number().int().nonnegative(),
  attempts_max: z.number().int().positive(),
  /** Given exactly when `phase` is `completed`. */
  result: z.enum(buildResults).nullable(),
  voting: z.boolean(),
  /** Why it ended as it did; null when the result says it all. */
  detail: z.string().nullable(),
  /** Where a person can read its log; null: nowhere. */
  log_url: z.string().nullable(),
  /** True when the log is kept here and can be followed live. */
  has_log: z.boolean(),
  /** Jobs that have to finish first. */
  dependencies: z.array(z.string()),
  launched_at_ms: timeMs.nullable(),
  started_at_ms: timeMs.nullable(),
  finished_at_ms: timeMs.nullable(),
});
/** See the schema. */
export type BuildView = z.infer<typeof BuildView>;

/** One run of one change through one pipeline: what GitHub shows as one check run. */
export const BuildsetView = z.object({
  id: z.string(),
  tenant: z.string(),
  pipeline: z.string(),
  /** Name of the change queue; null where the pipeline shares none. */
  queue: z.string().nullable(),
  change: ChangeView,
  /** The event that started it, for people. */
  cause: z.string(),
  phase: z.enum(['preparing', 'running', 'completed', 'wedged']),
  /** Given exactly when `phase` is `completed`. */
  verdict: z.enum(verdicts).nullable(),
  reasons: z.array(z.string()),
  /** The commit that is tested; null until it is built. */
  tested_sha: z.string().nullable(),
  builds: z.array(BuildView),
  enqueued_at_ms: timeMs,
  started_at_ms: timeMs.nullable(),
  finished_at_ms: timeMs.nullable(),
  /** Grows with every change of what is shown. */
  revision: z.number().int().nonnegative(),
});
/** See the schema. */
export type BuildsetView = z.infer<typeof BuildsetView>;

/** A pipeline with what is in it now. */
export const PipelineView = z.object({
  tenant: z.string(),
  name: z.string(),
  manager: z.enum(['independent', 'dependent', 'serial', 'supercedent']),
  description: z.string().nullable(),
  /** Live runs, oldest first; at most as many as the server lists. */
  items: z.array(BuildsetView),
  /** All live runs, listed or not. */
  items_count: z.number().int().nonnegative(),
});
/** See the schema. */
export type PipelineView = z.infer<typeof PipelineView>;

/** `GET /api/v1/status`. */
export const StatusBody = z.object({
  version: z.string(),
  /** No event, launch, merge or report is waiting or in hand. */
  idle: z.boolean(),
  /** Messages waiting or in hand. */
  queues: z.object({
    events: z.number().int().nonnegative(),
    builds: z.number().int().nonnegative(),
    reports: z.number().int().nonnegative(),
  }),
  pipelines: z.array(PipelineView),
});
/** See the schema. */
export type StatusBody = z.infer<typeof StatusBody>;

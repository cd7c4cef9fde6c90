/**
 * What the read API answers besides the status. Built on the same views; every text in it may hold
 * what a stranger wrote and is to be shown as text.
 */
import { z } from 'zod';
import { BuildsetView, BuildView, PipelineView } from './status.ts';

/** A problem of the configuration that a run was made from. */
export const ProblemView = z.object({
  level: z.enum(['error', 'warning']),
  /** Stable word for the kind of problem. */
  code: z.string(),
  message: z.string(),
  /** What to write instead; null when nothing better than the message is known. */
  remedy: z.string().nullable(),
  repository: z.string(),
  branch: z.string().nullable(),
  path: z.string(),
  /** From 1; null: the file as a whole. */
  line: z.number().int().positive().nullable(),
});
/** See the schema. */
export type ProblemView = z.infer<typeof ProblemView>;

/** A problem of a configuration as it stands on branches, which holds nobody up. */
export const StandingProblemView = ProblemView.extend({
  /** Its place on GitHub, at `branch`; null when no address can be made of it. */
  url: z.string().nullable(),
  /** Other branches on which the same stands. */
  other_branches: z.array(z.string()),
});
/** See the schema. */
export type StandingProblemView = z.infer<typeof StandingProblemView>;

/** What is wrong with configurations as they stand, each problem once. */
export const ConfigurationView = z.object({
  /** Errors first, then by repository, path and line; at most as many as the server lists. */
  problems: z.array(StandingProblemView),
  /** Of all of them, listed or not. */
  errors_count: z.number().int().nonnegative(),
  /** As `errors_count`. */
  warnings_count: z.number().int().nonnegative(),
});
/** See the schema. */
export type ConfigurationView = z.infer<typeof ConfigurationView>;

/** `GET /api/v1/buildsets/:id`: a run with everything that explains it. */
export const BuildsetBody = BuildsetView.extend({
  /** Page of the run, absolute. */
  url: z.string(),
  /** Whether its head may execute here, and on what ground. */
  trust: z.object({ is_trusted: z.boolean(), text: z.string() }),
  /** Why jobs were chosen or left out, one sentence each. */
  selection: z.array(z.string()),
  problems: z.array(ProblemView),
});
/** See the schema. */
export type BuildsetBody = z.infer<typeof BuildsetBody>;

/** `GET /api/v1/tenants/:tenant/buildsets`: live runs, oldest first. */
export const BuildsetListBody = z.object({ buildsets: z.array(BuildsetView) });
/** See the schema. */
export type BuildsetListBody = z.infer<typeof BuildsetListBody>;

/** `GET /api/v1/overview`: what runs now, what ran lately, and what is configured wrongly; 404 for who may see nothing at all. */
export const OverviewBody = z.object({
  pipelines: z.array(PipelineView),
  /** Finished runs, newest first; at most as many as the server lists. */
  recent: z.array(BuildsetView),
  configuration: ConfigurationView,
});
/** See the schema. */
export type OverviewBody = z.infer<typeof OverviewBody>;

/** `GET /api/v1/builds/:id`: one job with the run that it belongs to. */
export const BuildBody = z.object({ build: BuildView, buildset: BuildsetView });
/** See the schema. */
export type BuildBody = z.infer<typeof BuildBody>;

/** `GET /api/v1/viewer`: who asks; answered to everybody. */
export const ViewerBody = z.object({
  version: z.string(),
  signed_in: z.boolean(),
  /** Signed in with a browser's session, which can be ended. */
  has_session: z.boolean(),
  /** There is a way to sign in: otherwise nobody has to be sent to a page that cannot help. */
  can_sign_in: z.boolean(),
  /** There is something that this viewer could be shown. */
  may_see: z.boolean(),
});
/** See the schema. */
export type ViewerBody = z.infer<typeof ViewerBody>;

/** `GET /healthz`. */
export const HealthBody = z.object({ status: z.literal('ok') });
/** See the schema. */
export type HealthBody = z.infer<typeof HealthBody>;

/** `GET /readyz`. */
export const ReadinessBody = z.object({
  ready: z.boolean(),
  /** Why not, one sentence each. */
  reasons: z.array(z.string()),
});
/** See the schema. */
export type ReadinessBody = z.infer<typeof ReadinessBody>;

/** The answer to an administrator's wish that was taken; it is done behind the answer. */
export const AdminAnswer = z.object({
  accepted: z.literal(true),
  /** Runs that it is about; empty while there is none yet. */
  buildsets: z.array(z.string()),
});
/** See the schema. */
export type AdminAnswer = z.infer<typeof AdminAnswer>;

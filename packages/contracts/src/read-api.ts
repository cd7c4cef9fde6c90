/**
 * What the read API answers besides the status. Built on the same views; every text in it may hold
 * what a stranger wrote and is to be shown as text.
 */
import { z } from 'zod';
import { BuildsetView } from './status.ts';

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

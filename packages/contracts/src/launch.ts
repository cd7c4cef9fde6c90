/**
 * What the http executor posts to an external CI. Written by us and read by others, so nothing is
 * ever removed from it or changed in meaning.
 */
import { z } from 'zod';
import { jsonObject } from './common.ts';

const Member = z.object({
  repository: z.string(),
  /** Null for push and tag runs. */
  number: z.number().int().nullable(),
  head_sha: z.string(),
});

/** Launches one attempt of a build. */
export const LaunchBody = z.object({
  build: z.object({
    /** Stays the same over all attempts. */
    id: z.string(),
    job: z.string(),
    /** From 1. */
    attempt: z.number().int().positive(),
    voting: z.boolean(),
    /** Counted from acceptance. */
    timeout_s: z.number().positive(),
    vars: jsonObject,
  }),
  buildset: z.object({
    id: z.string(),
    pipeline: z.string(),
    /** Name of the change queue; null where the pipeline shares none. */
    queue: z.string().nullable(),
  }),
  change: z.object({
    repository: z.string(),
    /** Null, as `title`, `author` and `base_ref`, for push and tag runs. */
    number: z.number().int().nullable(),
    url: z.string(),
    title: z.string().nullable(),
    author: z.string().nullable(),
    base_ref: z.string().nullable(),
    head_sha: z.string(),
    /** What to fetch: the speculative merge, or the ref that moved. */
    ref: z.string(),
    /** What to check out. */
    sha: z.string(),
    /** Push and tag runs only; null: the ref is new. */
    old_sha: z.string().nullable().optional(),
  }),
  /** The changes under test in merge order, the change itself last. */
  items: z.array(Member),
  /** What the jobs this one depends on returned outside `zuul`. */
  parent_data: jsonObject,
  callback: z.object({
    url: z.string(),
    /** New for each attempt. A secret. */
    token: z.string(),
  }),
});
/** See the schema. */
export type LaunchBody = z.infer<typeof LaunchBody>;

/** Cancels an attempt; posted to the same address, once. */
export const CancelBody = z.object({
  cancel: z.object({ build: z.string(), attempt: z.number().int().positive() }),
});
/** See the schema. */
export type CancelBody = z.infer<typeof CancelBody>;

/** What the reporter remembers about what it wrote. */
import { createHash } from 'node:crypto';
import type { Json } from '@gatehouse/model';
import { z } from 'zod';
import { rank } from './rank.ts';

/** As long as a run can still be reported about: a month, like the run's own record. */
export const NOTE_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Before another worker is likely to have gone on, milliseconds. */
export const OTHERS_PAUSE_MS = 1_000;

const checkRunNote = z.object({
  schema: z.literal(1),
  /** Null while creating: the answer may have been lost, so the run is looked for first. */
  checkRun: z.number().int().nullable(),
  /** Hash over what was last written; null: not known. */
  shown: z.string().nullable(),
  status: z.enum(['queued', 'in_progress', 'completed']).nullable(),
  annotationsCount: z.number().int().nonnegative(),
  /** True while annotations are on their way: how many arrived has to be asked. */
  isAnnotating: z.boolean(),
  writtenAt: z.number(),
  /** Name of the write that went out last and was not looked after; null: none. */
  writing: z.string().nullable().default(null),
});

/** Note about the check run of one buildset. */
export type CheckRunNote = z.infer<typeof checkRunNote>;

/** The note of a run about which nothing was written. */
export const nothingWritten: CheckRunNote = {
  schema: 1,
  checkRun: null,
  shown: null,
  status: null,
  annotationsCount: 0,
  isAnnotating: false,
  writtenAt: 0,
  writing: null,
};

/**
 * Null: nothing was ever noted. A note of another version says nothing but that something was
 * written, so that what GitHub shows is looked for.
 */
export function readCheckRunNote(stored: Json | null): CheckRunNote | null {
  if (stored === null) return null;
  const parsed = checkRunNote.safeParse(stored);
  return parsed.success ? parsed.data : nothingWritten;
}

const statusNote = z.object({
  schema: z.literal(1),
  /** The newest run that wrote there: what is older writes no more. */
  newest: rank,
  /** As in the note about a check run. */
  shown: z.string().nullable(),
  writing: z.string().nullable(),
});

/** Note about one context of one commit, which all runs of it share. */
export type StatusNote = z.infer<typeof statusNote>;

/** Null: nothing was noted that could be read, so that the status is written once more. */
export function readStatusNote(stored: Json | null): StatusNote | null {
  const parsed = statusNote.safeParse(stored);
  return parsed.success ? parsed.data : null;
}

/** Equal exactly for equal content. */
export function fingerprint(content: object): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

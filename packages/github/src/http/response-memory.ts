/**
 * Answers kept with their validator, so that asking again costs nothing of the budget when nothing
 * changed (GitHub does not count a 304). Only what a schema left over is kept: some hundred bytes
 * of a pull request's thirty thousand.
 */
import type { ResponseCache } from '@gatehouse/ports';
import { z } from 'zod';

/** Larger answers are asked for again in full. */
const entryCharsMax = 1024 * 1024;
const entryTtlMs = 24 * 60 * 60 * 1000;
/** Goes up whenever a schema reads more fields than before: old entries lack them. */
const entryFormat = 2;

const Entry = z.object({
  validator: z.string(),
  /** Address of the next page. */
  next: z.string().nullable(),
  body: z.unknown(),
});
/** A kept answer. The body has been through its schema once and goes through it again. */
export type Entry = z.infer<typeof Entry>;

/** The kept answers of one installation. */
export interface ResponseMemory {
  recall(url: string): Promise<Entry | null>;
  keep(url: string, entry: Entry): Promise<void>;
}

/** @param owner whose eyes saw the answers: an installation of one App on one server. */
export function createResponseMemory(cache: ResponseCache, owner: string): ResponseMemory {
  const keyOf = (url: string): string => `github:${entryFormat}:${owner}:${url}`;
  return {
    async recall(url) {
      const text = await cache.get(keyOf(url));
      if (text === null) return null;
      const entry = Entry.safeParse(parsedOrNull(text));
      return entry.success ? entry.data : null;
    },
    async keep(url, entry) {
      const text = JSON.stringify(entry);
      if (text.length > entryCharsMax) return;
      await cache.set(keyOf(url), text, entryTtlMs);
    },
  };
}

/** What cannot be read is as good as absent: the cache may lose anything at any time. */
export function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

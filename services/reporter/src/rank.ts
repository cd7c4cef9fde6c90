/** Which of two runs that write to the same place of GitHub is the newer one. */
import type { Item } from '@gatehouse/pipeline';
import { z } from 'zod';

/** How a run is remembered where only the newest counts. */
export const rank = z.object({
  /** Milliseconds since 1970; grows from run to run of a change, whatever the clocks say. */
  enqueuedAt: z.number(),
  buildset: z.string(),
});

/** A run among others; no two tie. */
export type Rank = z.infer<typeof rank>;

/** Where a run stands. */
export function rankOf({ enqueuedAt, buildset }: Item): Rank {
  return { enqueuedAt, buildset };
}

/** Runs of different changes may have come at the same moment; then their ids decide. */
export function isNewer(one: Rank, other: Rank): boolean {
  if (one.enqueuedAt !== other.enqueuedAt) return one.enqueuedAt > other.enqueuedAt;
  return one.buildset > other.buildset;
}

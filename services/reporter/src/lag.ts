import type { Item } from '@gatehouse/pipeline';

/** Milliseconds since something last happened to a run, as far as its record says. */
export function sinceLastChangeMs(item: Item, now: number): number {
  const times = [item.enqueuedAt, item.startedAt, item.completedAt];
  for (const { launchedAt, startedAt, completedAt } of item.builds) {
    times.push(launchedAt, startedAt, completedAt);
  }
  // The record was written by another process, whose clock may be ahead.
  return Math.max(0, now - times.reduce<number>((last, time) => Math.max(last, time ?? 0), 0));
}

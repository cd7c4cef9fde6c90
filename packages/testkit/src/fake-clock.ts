import type { Clock } from '@gatehouse/ports';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves it on. @param durationMs 0 or more. */
  advance(durationMs: number): void;
}

/** @param startAt milliseconds since 1970; default 2026-01-01T00:00:00Z. */
export function fakeClock(startAt: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = startAt;
  return {
    now: () => now,
    advance: (durationMs) => {
      now += durationMs;
    },
  };
}

/**
 * Tells of refused requests without letting whoever sends them write the log: the first of a kind
 * at once, those that follow as one line with their number, at most one per interval and kind.
 * What has not been told yet is told by the next refusal, or by `flush` at the end.
 */
import type { Clock, Log } from '@gatehouse/ports';
import { REFUSAL_LOG_INTERVAL_MS } from './limits.ts';

/** Why a request was refused, and how loudly to say so. */
export interface Refusal {
  /** Stable word; one of a closed set. */
  readonly code: string;
  /** `warn`: anybody can cause it. `error`: whoever runs the service should act. `fatal`: we. */
  readonly level: 'warn' | 'error' | 'fatal';
  readonly err?: unknown;
}

/** Counts refusals and logs summaries. */
export interface RefusalLog {
  note(refusal: Refusal): void;
  flush(): void;
}

interface Tally {
  toldAt: number;
  untold: number;
  last: Refusal;
}

/** @param deps `clock` decides when the next line is due. */
export function createRefusalLog(deps: { readonly clock: Clock; readonly log: Log }): RefusalLog {
  const tallies = new Map<string, Tally>();

  function tell(tally: Tally): void {
    const { code, level, err } = tally.last;
    const fields = { reason: code, count: tally.untold, ...(err === undefined ? {} : { err }) };
    deps.log[level](fields, 'Webhook requests refused');
    tally.toldAt = deps.clock.now();
    tally.untold = 0;
  }

  return {
    note(refusal) {
      const tally = tallies.get(refusal.code) ?? { toldAt: -Infinity, untold: 0, last: refusal };
      tallies.set(refusal.code, tally);
      tally.untold += 1;
      tally.last = refusal;
      if (deps.clock.now() - tally.toldAt >= REFUSAL_LOG_INTERVAL_MS) tell(tally);
    },
    flush() {
      for (const tally of tallies.values()) if (tally.untold > 0) tell(tally);
    },
  };
}

/**
 * Remembers that GitHub limits a budget, so that the requests behind the first refused one do not
 * run into the same wall: carrying on while limited may get an App banned.
 * Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 *
 * A budget is an installation's, or the App's own: it pays for what is signed with the App's key,
 * among that every installation token.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { GatehouseError } from '@gatehouse/model';
import type { Clock } from '@gatehouse/ports';

/** The ways to GitHub, one for each budget. */
export interface RateGates {
  /** @param installation whose budget pays; null: the App's own. */
  approach(installation: number | null): Passage;
}

/** One request, with all its tries, at the gate of its budget. */
export interface Passage {
  /**
   * Waits until the gate is open, however often it is shut meanwhile.
   * @throws GatehouseError `GATE_GITHUB_RATE_LIMITED` when the request would wait for too long.
   */
  pass(): Promise<void>;
  /** Shuts the gate for everybody if `error` is a rate limit. */
  shutFor(error: GatehouseError): void;
  /** To be told when somebody else holds the request back: it does not wait for that time twice. */
  isHeldFor(waitMs: number): void;
}

/** @param waitMaxMs longest wait of one request at its gate, over all its tries. */
export function createRateGates(clock: Clock, waitMaxMs: number): RateGates {
  const shutUntil = new Map<number | null, number>();
  return {
    approach(installation) {
      let waitLeftMs = waitMaxMs;
      let waitedUntil = 0;
      return {
        async pass() {
          for (;;) {
            const until = shutUntil.get(installation) ?? 0;
            const leftMs = until - clock.now();
            // A timer may ring a moment before the clock has come so far.
            if (leftMs <= 0 || until <= waitedUntil) return;
            if (leftMs > waitLeftMs) throw stillLimited(leftMs);
            waitLeftMs -= leftMs;
            waitedUntil = until;
            await pause(leftMs);
          }
        },
        shutFor(error) {
          if (error.code !== 'GATE_GITHUB_RATE_LIMITED' || error.retryAfterMs === null) return;
          const now = clock.now();
          // So that only budgets that are limited now take room.
          for (const [budget, until] of shutUntil) if (until <= now) shutUntil.delete(budget);
          const until = Math.max(shutUntil.get(installation) ?? 0, now + error.retryAfterMs);
          shutUntil.set(installation, until);
        },
        isHeldFor(waitMs) {
          waitedUntil = Math.max(waitedUntil, clock.now() + waitMs);
        },
      };
    },
  };
}

function stillLimited(leftMs: number): GatehouseError {
  return new GatehouseError('GATE_GITHUB_RATE_LIMITED', 'GitHub still limits the rate', {
    retryAfterMs: leftMs,
  });
}

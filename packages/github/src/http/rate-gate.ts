/**
 * Remembers that GitHub limits a budget, so that the requests behind the first refused one do not
 * run into the same wall: carrying on while limited may get an App banned.
 * Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
import { setTimeout as pause } from 'node:timers/promises';
import { GatehouseError } from '@gatehouse/model';
import type { Clock } from '@gatehouse/ports';

/** The ways to GitHub, one for each budget. */
export interface RateGates {
  /** @param budget name of what pays. */
  approach(budget: string): Passage;
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
  /**
   * To be asked before somebody else holds the request back for a limit: false when it would wait
   * for too long; true counts the time as waited, and it is not waited for again at the gate.
   */
  mayBeHeldFor(waitMs: number): boolean;
}

/** @param waitMaxMs longest wait of one request, over all its tries, wherever it is held. */
export function createRateGates(clock: Clock, waitMaxMs: number): RateGates {
  const shutUntil = new Map<string, number>();
  return {
    approach(budget) {
      let waitLeftMs = waitMaxMs;
      let waitedUntil = 0;
      const mayWait = (leftMs: number, until: number): boolean => {
        if (leftMs > waitLeftMs) return false;
        waitLeftMs -= leftMs;
        waitedUntil = until;
        return true;
      };
      return {
        async pass() {
          for (;;) {
            const until = shutUntil.get(budget) ?? 0;
            const leftMs = until - clock.now();
            // A timer may ring a moment before the clock has come so far.
            if (leftMs <= 0 || until <= waitedUntil) return;
            if (!mayWait(leftMs, until)) throw stillLimited(leftMs);
            await pause(leftMs);
          }
        },
        shutFor(error) {
          if (error.code !== 'GATE_GITHUB_RATE_LIMITED' || error.retryAfterMs === null) return;
          const now = clock.now();
          // So that only budgets that are limited now take room.
          for (const [other, until] of shutUntil) if (until <= now) shutUntil.delete(other);
          const until = Math.max(shutUntil.get(budget) ?? 0, now + error.retryAfterMs);
          shutUntil.set(budget, until);
        },
        mayBeHeldFor: (waitMs) => mayWait(waitMs, clock.now() + waitMs),
      };
    },
  };
}

function stillLimited(leftMs: number): GatehouseError {
  return new GatehouseError('GATE_GITHUB_RATE_LIMITED', 'GitHub still limits the rate', {
    retryAfterMs: leftMs,
  });
}

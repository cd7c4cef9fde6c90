/**
 * Remembers that GitHub limits an installation, so that the requests behind the first refused one
 * do not run into the same wall: carrying on while limited may get an App banned.
 * Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
import { setTimeout as pause } from 'node:timers/promises';
import { GatehouseError } from '@gatehouse/model';
import type { Clock } from '@gatehouse/ports';

/** The way to GitHub of one installation. */
export interface RateGate {
  /**
   * Waits when the limit passes soon.
   * @throws GatehouseError `GATE_GITHUB_RATE_LIMITED` when it does not.
   */
  pass(): Promise<void>;
  /** Keeps the gate shut for this long if `error` is a rate limit. */
  shutFor(error: GatehouseError): void;
}

/** @param waitMaxMs longest wait inside {@link RateGate.pass}. */
export function createRateGate(clock: Clock, waitMaxMs: number): RateGate {
  let shutUntil = 0;
  return {
    async pass() {
      const leftMs = shutUntil - clock.now();
      if (leftMs <= 0) return;
      if (leftMs > waitMaxMs) {
        throw new GatehouseError('GATE_GITHUB_RATE_LIMITED', 'GitHub still limits the rate', {
          retryAfterMs: leftMs,
        });
      }
      await pause(leftMs);
    },
    shutFor(error) {
      if (error.code !== 'GATE_GITHUB_RATE_LIMITED' || error.retryAfterMs === null) return;
      shutUntil = Math.max(shutUntil, clock.now() + error.retryAfterMs);
    },
  };
}

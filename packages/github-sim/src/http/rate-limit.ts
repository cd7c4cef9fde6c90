/** GitHub's primary rate limit: a budget per installation (or person, or stranger) and hour. */
import type { SimClock } from '../options.ts';

const WINDOW_MS = 3_600_000;
/** Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const ANONYMOUS_LIMIT = 60;

export interface Budget {
  limit: number;
  used: number;
  /** Milliseconds since the epoch. */
  resetAtMs: number;
}

export interface RateLimits {
  /** The budget of `key`, renewed when its hour is over. */
  of(key: string): Budget;
  set(key: string, change: { limit?: number; remaining?: number }): void;
}

/** Fresh budgets. */
export function createRateLimits(clock: SimClock, limit: number): RateLimits {
  const budgets = new Map<string, Budget>();
  const of = (key: string): Budget => {
    const nowMs = clock.now().getTime();
    const known = budgets.get(key);
    if (known !== undefined && known.resetAtMs > nowMs) return known;
    const fallback = key === 'anonymous' ? ANONYMOUS_LIMIT : limit;
    const fresh = { limit: known?.limit ?? fallback, used: 0, resetAtMs: nowMs + WINDOW_MS };
    budgets.set(key, fresh);
    return fresh;
  };
  return {
    of,
    set(key, change) {
      const budget = of(key);
      if (change.limit !== undefined) budget.limit = change.limit;
      if (change.remaining !== undefined) budget.used = budget.limit - change.remaining;
    },
  };
}

/** The headers in which GitHub tells a budget. */
export function rateHeaders(budget: Budget): Record<string, string> {
  return {
    'x-ratelimit-limit': String(budget.limit),
    'x-ratelimit-remaining': String(Math.max(0, budget.limit - budget.used)),
    'x-ratelimit-used': String(budget.used),
    'x-ratelimit-reset': String(Math.ceil(budget.resetAtMs / 1000)),
    'x-ratelimit-resource': 'core',
  };
}

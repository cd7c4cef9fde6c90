/** When a message is tried again, and when it is given up. */
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import type { QueueName } from '@gatehouse/ports';

/** How a queue tries again. */
export interface RetryPlan {
  /** Before the second try, milliseconds; then twice as long each time. */
  readonly firstMs: number;
  /** The longest pause, milliseconds. */
  readonly mostMs: number;
  /** Tries in all before a message is given up. */
  readonly attemptsMax: number;
}

/**
 * Pauses reach a minute after six tries, so that the counts below are hours. GitHub is away for
 * minutes often and for hours sometimes; what must arrive in the end waits a day for it. A launch
 * that is an hour late is better failed and shown.
 */
export const retryPlans: { readonly [Name in QueueName]: RetryPlan } = {
  events: { firstMs: 1_000, mostMs: 60_000, attemptsMax: 24 * 60 },
  // A turn depends on Redis alone, and people wait for it.
  turns: { firstMs: 200, mostMs: 5_000, attemptsMax: 720 },
  merges: { firstMs: 1_000, mostMs: 60_000, attemptsMax: 12 * 60 },
  launches: { firstMs: 1_000, mostMs: 30_000, attemptsMax: 120 },
  reports: { firstMs: 1_000, mostMs: 60_000, attemptsMax: 24 * 60 },
};

/** A server that asks for more than this is asked again anyway. GitHub's budgets last an hour. */
const retryAfterMostMs = 2 * 60 * 60 * 1_000;

/** True when a thrown error is worth another try. */
export function isRetried(error: unknown): boolean {
  return conductOf(kindOf(error)).isRetried;
}

/**
 * The pause before the next try, milliseconds.
 * @param failures tries that have failed; at least 1.
 * @param spread from 0 up to, not including, 1; parts messages that failed together.
 */
export function retryDelayMs(
  plan: RetryPlan,
  failures: number,
  { error, spread }: { readonly error: unknown; readonly spread: number },
): number {
  const asked = error instanceof GatehouseError ? error.retryAfterMs : null;
  if (asked !== null) {
    // Never earlier than asked, and up to a tenth later.
    return Math.round(Math.min(asked, retryAfterMostMs) * (1 + spread / 10));
  }
  const grown = Math.min(plan.firstMs * 2 ** (failures - 1), plan.mostMs);
  return Math.round(grown * (0.5 + spread / 2));
}

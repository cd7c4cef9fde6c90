import { GatehouseError } from '@gatehouse/model';
import { describe, expect, it } from 'vitest';
import { isRetried, type RetryPlan, retryDelayMs, retryPlans } from './retry.ts';

const outageMs = 30 * 60 * 1_000;
const plan: RetryPlan = { firstMs: 1_000, mostMs: 60_000, attemptsMax: 10 };
const plain = new Error('away');

describe('trying again', () => {
  it('waits twice as long each time, up to the most, and never less than half of it', () => {
    const at = (failures: number, spread: number) =>
      retryDelayMs(plan, failures, { error: plain, spread });

    expect([1, 2, 3, 7, 1_000].map((failures) => at(failures, 0.999_999))).toEqual([
      1_000, 2_000, 4_000, 60_000, 60_000,
    ]);
    expect([1, 7].map((failures) => at(failures, 0))).toEqual([500, 30_000]);
  });

  it('never comes earlier than the other side asked, nor much later than two hours', () => {
    const asked = (retryAfterMs: number, spread: number) =>
      retryDelayMs(plan, 1, {
        error: new GatehouseError('GATE_GITHUB_RATE_LIMITED', 'slow down', { retryAfterMs }),
        spread,
      });

    expect([asked(90_000, 0), asked(90_000, 0.5), asked(90_000_000, 0)]).toEqual([
      90_000, 94_500, 7_200_000,
    ]);
  });

  it.each(['events', 'merges', 'reports'] as const)(
    'loses no %s to half an hour without GitHub, however the pauses fall',
    (name) => {
      const { attemptsMax } = retryPlans[name];
      let waited = 0;
      for (let failures = 1; failures < attemptsMax; failures += 1) {
        waited += retryDelayMs(retryPlans[name], failures, { error: plain, spread: 0 });
      }

      expect(waited).toBeGreaterThan(outageMs);
    },
  );

  it('tries again what time may heal, and unknown errors, but nothing else', () => {
    const answers = (
      ['GATE_GITHUB_UNAVAILABLE', 'GATE_GITHUB_PERMISSION', 'GATE_INVARIANT'] as const
    ).map((code) => isRetried(new GatehouseError(code, 'x')));

    expect([...answers, isRetried(plain)]).toEqual([true, false, false, true]);
  });
});

import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('pauses grow from half a second to ten', () => {
  expect([1, 2, 3, 4, 5, 6, 100].map((tries) => backoffMs(tries, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
});

test('clients that lost the service together do not come back together', () => {
  expect([backoffMs(5, 0), backoffMs(5, 0.5)]).toEqual([5600, 6800]);
});

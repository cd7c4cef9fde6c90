import { expect, test } from 'vitest';
import { percentile, ratioOf, spreadOf } from './stats.ts';

test('the median of an even number of rounds lies between the middle two', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
});

test('ratios are taken round by round, before the median', () => {
  expect(ratioOf([10, 100, 30], [10, 50, 10])).toEqual({ median: 2, min: 1, max: 3 });
});

test('a percentile is the figure that this share of all is below', () => {
  const sorted = Array.from({ length: 100 }, (_, index) => index);

  expect([percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 1)]).toEqual([
    50, 99, 99,
  ]);
});

test('no rounds give no figure', () => {
  expect(() => spreadOf([])).toThrow('no round gave a figure');
});

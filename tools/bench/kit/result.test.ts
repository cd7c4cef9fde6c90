import { expect, test } from 'vitest';
import { isReached, resultText } from './result.ts';

test.each([
  [0.65, { atLeast: 0.65 }, true],
  [0.59, { atLeast: 0.65 }, true],
  [0.58, { atLeast: 0.65 }, false],
  [164, { atMost: 150 }, true],
  [166, { atMost: 150 }, false],
])('%d with the goal %j is reached: %s', (measured, wanted, expected) => {
  expect(isReached({ name: 'figure', measured, wanted })).toBe(expected);
});

test('a result is a title, a table and a line for each goal', () => {
  const text = resultText({
    name: 'x',
    title: 'Title',
    rows: [
      { server: 'a', rate: '1' },
      { server: 'longer', rate: '12' },
    ],
    goals: [{ name: 'rate', measured: 1, wanted: { atLeast: 2 } }],
    data: null,
  });

  expect(text).toMatchInlineSnapshot(`
    "
    Title
      server  rate
      a       1
      longer  12
      MISSED: rate is 1.00 (goal: at least 2)"
  `);
});

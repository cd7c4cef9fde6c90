import { expect, test } from 'vitest';
import { partsOf } from './quoted.ts';

test('what stands between backticks is quoted', () => {
  expect(partsOf('a job has no attribute `runn`')).toEqual([
    { text: 'a job has no attribute ', isQuoted: false },
    { text: 'runn', isQuoted: true },
  ]);
});

test.each(['', 'plain', 'one ` alone', '``'])('%j has nothing quoted in it', (sentence) => {
  const parts = partsOf(sentence);

  expect(parts.map(({ text }) => text).join('')).toBe(sentence);
  expect(parts.some(({ isQuoted }) => isQuoted)).toBe(false);
});

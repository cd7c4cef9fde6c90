import { expect, it } from 'vitest';
import { duration } from './text.ts';

const cases = [
  [-5, '0.0 s'],
  [400, '0.4 s'],
  [9_949, '9.9 s'],
  [10_000, '10 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [200_000, '3 min 20 s'],
  [3_900_000, '1 h 5 min'],
] as const;

for (const [ms, text] of cases) {
  it(`${ms} ms are read as ${text}`, () => {
    expect(duration(ms)).toBe(text);
  });
}

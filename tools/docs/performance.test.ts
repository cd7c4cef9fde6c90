/** What the page on performance tells people to type is what the benchmarks know. */
import { expect, test } from 'vitest';
import { benchmarkNames } from '../bench/options.ts';
import { documentAt } from './documents.ts';

const page = documentAt('docs/performance.md');

test('the page names every benchmark where it says how to run one, and tells what it measures', () => {
  const [, named = ''] = /one of: ([a-z ]+)$/m.exec(page) ?? [];
  const told = [...page.matchAll(/^\*\*([a-z]+)\*\* — /gm)].map((match) => match[1]);

  expect(named.split(' ')).toEqual([...benchmarkNames]);
  expect(told).toEqual([...benchmarkNames]);
});

import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('without words every benchmark but the demo is run, in seven rounds', () => {
  const asked = readOptions([]);

  expect(asked).toEqual({
    kind: 'run',
    options: {
      names: ['ingress', 'flood', 'engine', 'layout', 'latency'],
      rounds: 7,
      isQuick: false,
    },
  });
});

test('named benchmarks alone are run, as often as asked', () => {
  const asked = readOptions(['demo', 'engine', '--rounds', '9']);

  expect(asked).toMatchObject({ options: { names: ['engine', 'demo'], rounds: 9 } });
});

test('a quick run takes fewer rounds', () => {
  expect(readOptions(['--quick'])).toMatchObject({ options: { isQuick: true, rounds: 2 } });
});

test.each([
  [['engine', 'motor'], 'there is no benchmark "motor"'],
  [['--rounds', 'many'], '--rounds takes a whole number from 1 on'],
  [['--rounds', '0'], '--rounds takes a whole number from 1 on'],
  [['--fast'], "Unknown option '--fast'"],
])('the words %j are answered with what is wrong', (words, problem) => {
  const asked = readOptions(words);

  expect(asked).toMatchObject({ kind: 'usage', problem: expect.stringContaining(problem) });
});

import { describe, expect, it } from 'vitest';
import { type BuildInput, buildTransitions, nextBuildPhase } from './machine.ts';

const inputs: readonly BuildInput[] = [
  'launch',
  'start',
  'finish',
  'retry',
  'skip',
  'cancel',
  'time-out',
];

/** Every pair, written by hand: what the table says is what we mean. */
const cases = {
  waiting: ['launched', '!', '!', '!', 'completed', 'completed', '!'],
  launched: ['!', 'running', 'completed', 'launched', '!', 'completed', 'completed'],
  running: ['!', 'running', 'completed', 'launched', '!', 'completed', 'completed'],
  completed: ['!', '-', '-', '-', '!', '-', '-'],
} as const;

describe('the states of a build', () => {
  it('has a case here for every pair of phase and input', () => {
    const phases = Object.keys(buildTransitions);

    expect(Object.keys(cases)).toEqual(phases);
    for (const row of Object.values(buildTransitions)) expect(Object.keys(row)).toEqual(inputs);
  });

  for (const [phase, row] of Object.entries(cases) as [keyof typeof cases, readonly string[]][]) {
    for (const [index, expected] of row.entries()) {
      const input = inputs[index] as BuildInput;
      it(`a ${phase} build on ${input} is ${sentence(expected)}`, () => {
        if (expected === '!') expect(() => nextBuildPhase(phase, input)).toThrow(/cannot/);
        else expect(nextBuildPhase(phase, input)).toBe(expected === '-' ? null : expected);
      });
    }
  }
});

function sentence(expected: string): string {
  if (expected === '!') return 'an invariant of ours';
  return expected === '-' ? 'ignored' : expected;
}

import { describe, expect, it } from 'vitest';
import { type ItemInput, itemTransitions, nextItemPhase } from './machine.ts';

const inputs: readonly ItemInput[] = ['prepare', 'progress', 'conclude', 'wedge'];

/** Every pair, written by hand: what the table says is what we mean. */
const cases = {
  preparing: ['running', '!', 'completed', 'wedged'],
  running: ['-', 'running', 'completed', 'wedged'],
  completed: ['-', '-', '-', '-'],
  wedged: ['-', '-', 'completed', '-'],
} as const;

describe('the states of an item', () => {
  it('has a case here for every pair of phase and input', () => {
    expect(Object.keys(cases)).toEqual(Object.keys(itemTransitions));
    for (const row of Object.values(itemTransitions)) expect(Object.keys(row)).toEqual(inputs);
  });

  for (const [phase, row] of Object.entries(cases) as [keyof typeof cases, readonly string[]][]) {
    for (const [index, expected] of row.entries()) {
      const input = inputs[index] as ItemInput;
      it(`an item that is ${phase}, on ${input}, ${sentence(expected)}`, () => {
        if (expected === '!') expect(() => nextItemPhase(phase, input)).toThrow(/cannot/);
        else expect(nextItemPhase(phase, input)).toBe(expected === '-' ? null : expected);
      });
    }
  }
});

function sentence(expected: string): string {
  if (expected === '!') return 'breaks an invariant of ours';
  return expected === '-' ? 'stays as it is' : `becomes ${expected}`;
}

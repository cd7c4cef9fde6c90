import { expect, it } from 'vitest';
import { createBoundedMemory } from './bounded-memory.ts';

function keeping(...kept: readonly (readonly [string, number])[]) {
  const memory = createBoundedMemory<string>({ countMax: 3, weightMax: 10 });
  for (const [key, weight] of kept) memory.keep(key, key, weight);
  return memory;
}

it('forgets what was used longest ago when there are too many', () => {
  const memory = keeping(['a', 1], ['b', 1], ['c', 1]);
  memory.recall('a');

  memory.keep('d', 'd', 1);

  expect(['a', 'b', 'c', 'd'].map(memory.recall)).toEqual(['a', undefined, 'c', 'd']);
});

it('forgets as many as weigh too much together', () => {
  const memory = keeping(['a', 4], ['b', 4], ['c', 9]);

  expect(['a', 'b', 'c'].map(memory.recall)).toEqual([undefined, undefined, 'c']);
});

it('counts what is kept again once', () => {
  const memory = keeping(['a', 6], ['a', 6], ['b', 4]);

  expect(['a', 'b'].map(memory.recall)).toEqual(['a', 'b']);
});

it('keeps what alone weighs too much until something else comes', () => {
  const memory = keeping(['a', 1], ['b', 11]);
  const alone = ['a', 'b'].map(memory.recall);

  memory.keep('c', 'c', 1);

  expect(alone).toEqual([undefined, 'b']);
  expect(['b', 'c'].map(memory.recall)).toEqual([undefined, 'c']);
});

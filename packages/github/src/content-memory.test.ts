import { expect, test } from 'vitest';
import { createContentMemory } from './content-memory.ts';

const file = (path: string, chars: number) => ({ path, text: 'x'.repeat(chars) });

test('what was used longest ago goes first when it becomes too much', () => {
  const memory = createContentMemory(10);
  memory.keep('a', file('a', 4));
  memory.keep('b', file('b', 4));
  memory.recall('a');

  memory.keep('c', file('c', 4));

  expect(['a', 'b', 'c'].map((name) => memory.recall(name)?.path)).toEqual(['a', undefined, 'c']);
});

test('a file that is kept again counts once', () => {
  const memory = createContentMemory(10);
  memory.keep('a', file('a', 6));
  memory.keep('a', file('a', 6));

  memory.keep('b', file('b', 4));

  expect(memory.recall('a')).not.toBeNull();
});

test('what is larger than everything else together is not kept', () => {
  const memory = createContentMemory(10);

  memory.keep('a', file('a', 11));

  expect(memory.recall('a')).toBeNull();
});

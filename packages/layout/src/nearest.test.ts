import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const known = ['timeout', 'attempts', 'voting', 'vars', 'run'];

test.each([
  ['tiemout', 'timeout'],
  ['Timeout', 'timeout'],
  ['atempts', 'attempts'],
  ['rum', 'run'],
  ['var', 'vars'],
  ['nodeset', null],
  ['x', null],
  ['', null],
])('the word nearest to %j is %j', (word, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test('a word is not its own nearest word', () => {
  expect(nearest('run', ['run'])).toBeNull();
});

test('very long words are not compared', () => {
  expect(nearest('a'.repeat(101), ['a'.repeat(102)])).toBeNull();
});

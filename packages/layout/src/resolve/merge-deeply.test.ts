import { expect, test } from 'vitest';
import { mergeDeeply } from './merge-deeply.ts';

test.each([
  [
    'maps at every level',
    { a: { b: { c: 1 } } },
    { a: { b: { d: 2 } } },
    { a: { b: { c: 1, d: 2 } } },
  ],
  ['a list by a list', { a: [1, 2] }, { a: [3] }, { a: [3] }],
  ['a map by a text', { a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
  ['a text by a map', { a: 'x' }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['a value by null', { a: 1 }, { a: null }, { a: null }],
  ['nothing by something', {}, { a: 1 }, { a: 1 }],
  ['something by nothing', { a: 1 }, {}, { a: 1 }],
])('lays %s', (...[, under, over, expected]) => {
  expect(mergeDeeply(under, over)).toEqual(expected);
});

test('changes neither of the two', () => {
  const under = { a: { b: 1 } };
  const over = { a: { c: 2 } };

  mergeDeeply(under, over);

  expect([under, over]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
});

test('reaches no prototype, whatever the keys', () => {
  const evil = JSON.parse('{"__proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}}');

  const merged = mergeDeeply(mergeDeeply({}, evil), evil);

  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(Reflect.get({}, 'x')).toBeUndefined();
});

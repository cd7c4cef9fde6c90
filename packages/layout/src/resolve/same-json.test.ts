import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameJson } from './same-json.ts';

test('data is the same when its text is, whatever the order of its keys', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(isSameJson(a, structuredClone(a))).toBe(true);
      expect(isSameJson({ a, b }, { b, a })).toBe(true);
      if (isSameJson(a, b)) expect(b).toEqual(a);
    }),
  );
});

test.each([
  [[], {}],
  [null, {}],
  [{ a: 1 }, { b: 1 }],
  [{ a: 1 }, { a: 1, b: 1 }],
  [[1, 2], [1]],
  ['1', 1],
])('%j is not %j', (a, b) => {
  expect(isSameJson(a, b)).toBe(false);
});

import { expect, test } from 'vitest';
import { isJson } from './is-json.ts';

/** What the language itself says. */
function isParsed(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const taken = [
  ...['{}', '[]', ' {} ', '\t[\n]\r', '""', '0', '-0', '1', '-1.5e+10', '1E5', '0.0', '1e-7'],
  ...['true', 'false', 'null', '[true,false,null]', '[1,2]', '{"a":1,"b":[{}]}', '{ "a" : "b" }'],
  ...['"a b"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u00e9\\uD83D"', '"ü"', '"\u2028 "', '"\u007f"'],
  ...['{"a":{"b":[[],[{}],""]}}', '{"":""}', '{"a":1,"a":2}', `"${'x'.repeat(100)}"`],
  `${'['.repeat(100)}${']'.repeat(100)}`,
  `${'{"a":'.repeat(31)}1${'}'.repeat(31)}`,
];

const refused = [
  ...['', ' ', '{', '}', '[', ']', '"', '"a', '{]', '[}', '[}]', '{"a"}', '{"a":}', '{"a":1,}'],
  ...['[1,]', '[,1]', '[1 2]', '{"a" 1}', '{1:2}', "{'a':1}", '{a:1}', '{,}', '{"a":1 "b":2}'],
  ...['{}{}', '{} x', '1 2', '""""', '01', '-', '-a', '1.', '.5', '1e', '1e+', '+1', '0x1', '--1'],
  ...['tru', 'truE', 'nul', 'nulll', 'falsy', 'True', 'NaN', 'Infinity', 'undefined', '-Infinity'],
  ...['"\\x"', '"\\u12"', '"\\u12g4"', '"\\', '"\\u', '"\n"', '"\t"', '"\u0000"', '"a\u001f"'],
  ...['\ufeff{}', '\u00a0{}', '{}\u0000', '\u000b{}', '// {}', '{}\u2028', '["a",\u0001]'],
  `${'['.repeat(100)}${']'.repeat(99)}`,
  `${'{"a":'.repeat(31)}1${'}'.repeat(30)}`,
];

test.each(taken)('the text %j is JSON', (text) => {
  expect(isParsed(text)).toBe(true);
  expect(isJson(Buffer.from(text))).toBe(true);
});

test.each(refused)('the text %j is not JSON', (text) => {
  expect(isParsed(text)).toBe(false);
  expect(isJson(Buffer.from(text))).toBe(false);
});

test('bytes that are not UTF-8 are not JSON', () => {
  expect(isJson(Buffer.from('"\xff"', 'latin1'))).toBe(false);
  expect(isJson(Buffer.from('"\xc3', 'latin1'))).toBe(false);
});

test('only the bytes of a view are looked at', () => {
  const buffer = Buffer.from('xx{"a":1}yy');

  expect(isJson(buffer.subarray(2, -2))).toBe(true);
  expect(isJson(buffer.subarray(2, -3))).toBe(false);
});

test('it says the same as JSON.parse for ten thousand damaged texts', () => {
  const random = seeded(20261121);
  const parts = [...taken, ...refused, ...'{}[]",:\\ue0123456789-+.\n \u0001tfna'];
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)];
  const differing: string[] = [];

  for (let round = 0; round < 10_000; round += 1) {
    let text = `{"a":[${pick(taken)},${pick(taken)}],"b":${pick(taken)}}`;
    for (let damages = Math.floor(random() * 3); damages > 0; damages -= 1) {
      const at = Math.floor(random() * text.length);
      const isCut = random() < 0.5;
      text = text.slice(0, at) + (isCut ? '' : pick(parts)) + text.slice(isCut ? at + 1 : at);
    }
    // A lone half of a character pair cannot be written in UTF-8; the bytes hold another text.
    if (!text.isWellFormed()) continue;
    if (isJson(Buffer.from(text)) !== isParsed(text)) differing.push(text);
  }

  expect(differing).toEqual([]);
});

/** Mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

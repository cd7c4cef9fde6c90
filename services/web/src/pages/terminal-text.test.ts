import { expect, test } from 'vitest';
import { plainOutput, wholeCharacters } from './terminal-text.ts';

test('colours, titles and hyperlinks of terminals are left out', () => {
  const output =
    '\u001b[1;31mred\u001b[0m \u001b]0;title\u0007\u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\ \u001b(Bend';

  expect(plainOutput(output)).toBe('red link end');
});

test('every kind of line end becomes one', () => {
  expect(plainOutput('a\r\nb\rc\nd')).toBe('a\nb\nc\nd');
});

test('a title that never ends does not take long', () => {
  const output = '\u001b]'.repeat(50_000);
  const begin = performance.now();

  plainOutput(output);

  expect(performance.now() - begin).toBeLessThan(2000);
});

test.each(['a', 'é', '€', '😀'])('%s counts only when all its bytes are there', (character) => {
  const bytes = Buffer.from(`x${character}`);

  const counts = bytes.map((_byte, index) => wholeCharacters(bytes.subarray(0, index + 1)));

  expect([...counts]).toEqual([...bytes.map((_b, i) => (i === bytes.length - 1 ? i + 1 : 1))]);
});

test('bytes that are no text are not waited for', () => {
  expect(wholeCharacters(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80]))).toBe(5);
});

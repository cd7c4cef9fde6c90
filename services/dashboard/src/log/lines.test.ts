import { expect, test } from 'vitest';
import { cutLines, firstLineAt, LINE_BYTES_MAX, settleLines, sizeText } from './lines.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (part: Uint8Array): string => new TextDecoder().decode(part);
const nothing = new Uint8Array();

test('whole lines are shown for good, the rest waits for its end', () => {
  const first = cutLines(nothing, bytes('one\ntwo\nthr'));
  const second = cutLines(first.rest, bytes('ee\n'));

  expect([text(first.whole), text(first.rest)]).toEqual(['one\ntwo\n', 'thr']);
  expect([text(second.whole), text(second.rest)]).toEqual(['three\n', '']);
});

test.each(['é', '€', '😀'])('%s is never torn apart, however the bytes come', (character) => {
  let shown = '';
  let rest: Uint8Array = nothing;
  for (const byte of bytes(`${character}\n${character}\n`)) {
    const cut = cutLines(rest, Uint8Array.of(byte));
    shown += text(cut.whole);
    rest = cut.rest;
  }

  expect(shown).toBe(`${character}\n${character}\n`);
});

test('a line without an end is shown in pieces of whole characters', () => {
  const endless = bytes('é'.repeat(LINE_BYTES_MAX));

  const cut = cutLines(nothing, endless.subarray(0, -1));

  expect(text(cut.whole)).toBe('é'.repeat(LINE_BYTES_MAX - 1));
  expect(cut.rest).toHaveLength(1);
});

test.each([
  ['f a line\nnext', 9],
  ['no end of a line', 0],
  ['ends here\n', 0],
])('in "%s" the first whole line begins at %i', (part, at) => {
  expect(firstLineAt(bytes(part))).toBe(at);
});

test('a part that begins within a character skips the rest of it', () => {
  expect(firstLineAt(bytes('€uro').subarray(1))).toBe(2);
});

test('a line that was written over shows what was written last', () => {
  expect(settleLines('10 %\r50 %\r100 %\ndone\r\n\r\nend')).toBe('100 %\ndone\n\nend');
});

test.each([
  [1, '1 byte'],
  [900, '900 bytes'],
  [12_300, '12 KB'],
  [3_500_000, '3.3 MB'],
])('%d bytes are %s', (count, size) => {
  expect(sizeText(count)).toBe(size);
});

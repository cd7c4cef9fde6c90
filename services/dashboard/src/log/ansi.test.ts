import { expect, test } from 'vitest';
import { PLAIN, readRuns } from './ansi.ts';

const ESC = '\u001b';

test('colours and weights become class names, and end where they end', () => {
  const { runs } = readRuns(`a ${ESC}[1;31mred${ESC}[0m ${ESC}[102mgreen${ESC}[49m b`, PLAIN);

  expect(runs).toEqual([
    { text: 'a ', className: '' },
    { text: 'red', className: 'ansi-bold ansi-ink-1' },
    { text: ' ', className: '' },
    { text: 'green', className: 'ansi-ground-10' },
    { text: ' b', className: '' },
  ]);
});

test('a colour goes on where the text before left off', () => {
  const first = readRuns(`${ESC}[32mgreen`, PLAIN);

  const second = readRuns('still green', first.look);

  expect(second.runs).toEqual([{ text: 'still green', className: 'ansi-ink-2' }]);
});

test.each([
  ['38;5;9', 'ansi-ink-9'],
  ['38;5;200', ''],
  ['38;2;255;0;0', ''],
  ['38;2;255;0;0;1', 'ansi-bold'],
  ['', ''],
  ['999', ''],
])('the codes "%s" are taken as "%s"', (codes, className) => {
  expect(readRuns(`${ESC}[${codes}mx`, PLAIN).runs).toEqual([{ text: 'x', className }]);
});

test('titles, hyperlinks, cursor movements and stray control characters are left out', () => {
  const output = `${ESC}]0;title\u0007${ESC}]8;;https://x${ESC}\\link${ESC}]8;;${ESC}\\ ${ESC}[2K${ESC}(Ba\u0000\u0008\u009bb\tc\n`;

  expect(readRuns(output, PLAIN).runs).toEqual([{ text: 'link ab\tc\n', className: '' }]);
});

test('what looks like mark-up stays text', () => {
  const evil = '<img src=x onerror=alert(1)>';

  expect(readRuns(`${ESC}[31m${evil}`, PLAIN).runs).toEqual([
    { text: evil, className: 'ansi-ink-1' },
  ]);
});

test('sequences that never end do not take long', () => {
  const begin = performance.now();

  readRuns(`${ESC}]`.repeat(50_000), PLAIN);
  readRuns(`${ESC}[${'1;'.repeat(100_000)}`, PLAIN);

  // Not a speed: what it guards against grows with the square of the text.
  expect(performance.now() - begin).toBeLessThan(10_000);
});

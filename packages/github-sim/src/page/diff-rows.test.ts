import { expect, test } from 'vitest';
import { diffRows, rowsAround } from './diff-rows.ts';

const PATCH = [
  '@@ -1,3 +1,4 @@ heading',
  ' one',
  '-two',
  '+zwei',
  '+drei',
  ' four',
  '\\ No newline at end of file',
].join('\n');

test('lines are numbered on the side that they stand on', () => {
  const rows = diffRows(PATCH).map(({ kind, before, after, text }) => [kind, before, after, text]);

  expect(rows).toEqual([
    ['hunk', null, null, '@@ -1,3 +1,4 @@ heading'],
    ['context', 1, 1, 'one'],
    ['removed', 2, null, 'two'],
    ['added', null, 2, 'zwei'],
    ['added', null, 3, 'drei'],
    ['context', 3, 4, 'four'],
    ['hunk', null, null, ' No newline at end of file'],
  ]);
});

test('a line that looks like a header is a line', () => {
  const rows = diffRows('@@ -1 +1 @@\n--- a\n+++ b');

  expect(rows.map(({ kind, text }) => [kind, text]).slice(1)).toEqual([
    ['removed', '-- a'],
    ['added', '++ b'],
  ]);
});

test('the rows around a line have some on either side, and none when the line is not shown', () => {
  const rows = diffRows(PATCH);

  const around = rowsAround(rows, { from: 3, to: 3 }).map((row) => row.text);

  expect(around).toEqual(['one', 'two', 'zwei', 'drei', 'four']);
  expect(rowsAround(rows, { from: 99, to: 99 })).toEqual([]);
});

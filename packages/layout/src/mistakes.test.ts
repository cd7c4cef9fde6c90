/**
 * What is told of wrong input. `testing/mistakes.txt` holds each input in quotes with what a user
 * reads about it below; after a change of wording, `vitest -u` writes the file again, to be read.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { load } from './test-support.ts';

const file = new URL('testing/mistakes.txt', import.meta.url);
const mistakes = readFileSync(file, 'utf8')
  .split('\n')
  .filter((text) => text.startsWith('"'));

function told(mistake: string): readonly string[] {
  return load(JSON.parse(mistake)).problems.map(({ level, code, range, message, remedy }) => {
    const place = range === null ? '-' : `${range.startLine}:${range.startColumn}`;
    return `    ${level} ${code} ${place} ${message}${remedy === null ? '' : ` → ${remedy}`}`;
  });
}

test('wrong input of every kind is told with its place and what to write instead', async () => {
  const all = mistakes.flatMap((mistake) => [mistake, ...told(mistake)]);

  await expect(`${all.join('\n')}\n`).toMatchFileSnapshot(file.pathname);
});

test('no wrong input is silently taken', () => {
  expect(mistakes.length).toBeGreaterThan(400);
  expect(mistakes.filter((mistake) => told(mistake).length === 0)).toEqual([]);
});

import { expect, test } from 'vitest';
import { apiFiles, webFiles } from '../seed/files.ts';
import { changesFor, type ReadFile, sampleFiles } from './sample-changes.ts';

function holding(files: Readonly<Record<string, unknown>>): ReadFile {
  return async (path) => (typeof files[path] === 'string' ? files[path] : null);
}

test('the sample repositories offer every change, any other what fits it', async () => {
  expect(await changesFor(holding(apiFiles))).toEqual(['passing', 'failing', 'configuration']);
  expect(await changesFor(holding(webFiles))).toEqual(['passing', 'failing', 'configuration']);
  expect(await changesFor(holding({ 'README.md': '' }))).toEqual(['passing']);
});

test('a failing change breaks the sum of the prices, and a passing one puts it right', async () => {
  const failing = await sampleFiles('failing', holding(apiFiles), 'now');

  const repaired = await sampleFiles('passing', holding({ ...apiFiles, ...failing }), 'now');

  expect(failing['data/total.txt']).toBe('0\n');
  expect(repaired['data/total.txt']).toBe('7\n');
  expect(await sampleFiles('passing', holding(apiFiles), 'now')).toEqual({
    'NOTES.md': 'A small change, made at now.\n',
  });
});

test('a failing change links to a page that is missing, and a passing one adds it', async () => {
  const failing = await sampleFiles('failing', holding(webFiles), 'now');

  const repaired = await sampleFiles('passing', holding({ ...webFiles, ...failing }), 'now');

  expect(failing['index.html']).toContain('href="missing.html"');
  expect(repaired).toHaveProperty(['missing.html']);
});

test('a mistake in the configuration is one more job with a misspelled key', async () => {
  const files = await sampleFiles('configuration', holding(apiFiles), 'now');

  expect(files['.gatehouse.yaml']).toMatch(
    /- project:[\s\S]*\n- job:\n {4}name: docs\n[\s\S]*timeuot/,
  );
});

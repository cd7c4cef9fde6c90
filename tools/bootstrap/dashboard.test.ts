import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorkingCopy, type WorkingCopy } from './working-copy.ts';

let copy: WorkingCopy;

/** Writes what a build writes and counts itself; what `broken` says in a source, it says too. */
const standInForVite = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const source = readFileSync('src/main.tsx', 'utf8');
appendFileSync('../../vite-calls', process.argv.slice(2).join(' ') + '\\n');
if (source.includes('broken')) {
  console.error('src/main.tsx: broken');
  process.exit(1);
}
mkdirSync('dist', { recursive: true });
writeFileSync('dist/index.html', source);
`;

beforeEach(() => {
  copy = makeWorkingCopy();
  copy.write('services/dashboard/package.json', '{"type": "module"}');
  copy.write('services/dashboard/src/main.tsx', 'one');
  copy.write('services/dashboard/node_modules/vite/package.json', '{"type": "module"}');
  copy.write('services/dashboard/node_modules/vite/bin/vite.js', standInForVite);
});

afterEach(() => {
  copy.remove();
});

const run = (): Promise<{ code: number | null; output: string }> => copy.start(['demo']).finished;
const builds = (): number =>
  copy.has('vite-calls') ? copy.read('vite-calls').split('\n').length - 1 : 0;
const built = (): string => copy.read(path.join('services/dashboard/dist/index.html'));

test('the dashboard is built before the command runs', async () => {
  const { code, output } = await run();

  expect(code).toBe(0);
  expect(output).toMatch(/Building the dashboard: done.*cli got demo/s);
  expect(built()).toBe('one');
});

test('it is not built again while nothing has changed', async () => {
  await run();

  const { output } = await run();

  expect(output).toBe('cli got demo\n');
  expect(builds()).toBe(1);
});

test('a changed source builds it again, a changed test does not', async () => {
  await run();
  copy.write('services/dashboard/src/main.tsx', 'two');
  await run();
  copy.write('services/dashboard/src/main.test.ts', 'test');

  await run();

  expect(built()).toBe('two');
  expect(builds()).toBe(2);
});

test('what cannot be built stops the command with the place, and is tried again', async () => {
  copy.write('services/dashboard/src/main.tsx', 'broken');
  const failed = await run();
  copy.write('services/dashboard/src/main.tsx', 'repaired');

  const { code } = await run();

  expect(failed.code).toBe(1);
  expect(failed.output).toContain('src/main.tsx: broken');
  expect(failed.output).toContain('the dashboard could not be built');
  expect([code, built()]).toEqual([0, 'repaired']);
});

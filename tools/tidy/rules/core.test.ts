import { describe, expect, test } from 'vitest';
import { findingsWith } from '../sample-house.ts';
import { coreRule } from './core.ts';
import { environmentRule } from './environment.ts';

describe('the core', () => {
  test('a sound house has no findings', () => {
    expect(findingsWith(coreRule, {})).toEqual([]);
  });

  test.each([
    'const at = new Date();',
    'const at = Date.now();',
    'type A = { at: Date };',
    'const n = Math.random();',
    'const id = crypto.randomUUID();',
    'const a = process.env.A;',
    'const a = globalThis.a;',
    'setTimeout(next, 10);',
    'setInterval(next, 10);',
    'setImmediate(next);',
    'queueMicrotask(next);',
    'const a = fetch(url);',
    'async function a() {}',
    'const a = await b;',
    'console.log(1);',
    'const at = performance.now();',
    "import { readFileSync } from 'node:fs';",
    "import { Redis } from 'ioredis';",
    'const text = `${Date.now()}`;',
  ])('%s is found', (text) => {
    const found = findingsWith(coreRule, { 'packages/model/src/bad.ts': `\n${text}\n` });

    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ file: 'packages/model/src/bad.ts', line: 2 });
  });

  test.each(['layout', 'pipeline', 'annotations', 'contracts'])(
    'packages/%s belongs to it',
    (name) => {
      const found = findingsWith(coreRule, { [`packages/${name}/src/bad.ts`]: 'Date.now();' });

      expect(found).toHaveLength(1);
    },
  );

  test.each([
    '// the Date is taken from the event',
    "const word = 'process';",
    'const isoDate = event.date;',
    'const a = deps.fetch(url);',
    'type Fetch = { fetch: string; readonly process?: number };',
    'const a = { console: 1 };',
    'const pattern = /Date/;',
  ])('%s is fine', (text) => {
    expect(findingsWith(coreRule, { 'packages/model/src/good.ts': text })).toEqual([]);
  });

  test('tests of the core and the shell may use a clock', () => {
    const found = findingsWith(coreRule, {
      'packages/model/src/a.test.ts': 'Date.now();',
      'packages/store/src/a.ts': 'Date.now();',
    });

    expect(found).toEqual([]);
  });
});

describe('the environment', () => {
  test('the composition root may hand it on once', () => {
    expect(findingsWith(environmentRule, {})).toEqual([]);
  });

  test('a second use in the composition root is found', () => {
    const found = findingsWith(environmentRule, {
      'services/gatehouse/src/bad.ts': 'const home = process.env.HOME;',
    });

    expect(found).toMatchObject([{ message: expect.stringContaining('a second time') }]);
  });

  test.each([
    'const a = process.env.A;',
    "const a = process['env'];",
    'const { env } = process;',
    "import { env } from 'node:process';",
    'const a = process?.env;',
  ])('%s is found in a service', (text) => {
    const found = findingsWith(environmentRule, { 'services/web/src/bad.ts': text });

    expect(found).toMatchObject([{ file: 'services/web/src/bad.ts', line: 1 }]);
  });

  test('settings, tests and tools read it', () => {
    const text = 'const a = process.env.A;';
    const found = findingsWith(environmentRule, {
      'packages/settings/src/a.ts': text,
      'services/web/src/a.test.ts': text,
      'tests/a.ts': text,
      'tools/a.ts': text,
    });

    expect(found).toEqual([]);
  });
});

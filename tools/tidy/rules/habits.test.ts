import { describe, expect, test } from 'vitest';
import { findingsWith, room } from '../sample-house.ts';
import type { Rule } from '../workspace.ts';
import { enumRule, promiseRule } from './language.ts';
import { manifestRule, roomRule } from './rooms.ts';
import { focusRule, mockRule, sleepRule, supportRule } from './tests.ts';
import { lengthRule, lengthRuleWith, machinePathRule } from './text.ts';

test.each([
  enumRule,
  focusRule,
  lengthRule,
  machinePathRule,
  manifestRule,
  mockRule,
  promiseRule,
  roomRule,
  sleepRule,
  supportRule,
])('a sound house keeps the rule: $name', (rule) => {
  expect(findingsWith(rule, {})).toEqual([]);
});

// Joined, because this file is under the rules that it tests.
const promise = ['TO', 'DO'].join('');
const regret = ['FIX', 'ME'].join('');
const home = ['', 'home', 'ann', 'gatehouse'].join('/');
const only = ['on', 'ly'].join('');

const refused: [Rule, string][] = [
  [enumRule, 'enum Color { Red }'],
  [enumRule, 'export const enum Color { Red }'],
  [promiseRule, `// ${promise}: later`],
  [promiseRule, `/** ${regret} */`],
  [mockRule, "vi.mock('./a.ts');"],
  [mockRule, "vi.doMock('./a.ts');"],
  [focusRule, `it.${only}('a', () => {});`],
  [focusRule, "test.skip('a', () => {});"],
  [focusRule, "describe.concurrent.skip('a', () => {});"],
  [focusRule, "test.todo('a');"],
  [sleepRule, 'await new Promise((resolve) => setTimeout(resolve, 100));'],
  [sleepRule, 'await new Promise((r) => setTimeout(() => r(), 100));'],
  [sleepRule, 'await new Promise((done) => setTimeout(() => { done(1); }, 100));'],
  [sleepRule, "import { setTimeout as sleep } from 'node:timers/promises';"],
  [sleepRule, 'Atomics.wait(cell, 0, 0, 100);'],
];

test.each(refused)('$name: %s is found', (rule, text) => {
  const found = findingsWith(rule, { 'services/web/src/bad.test.ts': `\n${text}\n` });

  expect(found).toMatchObject([{ file: 'services/web/src/bad.test.ts', line: 2 }]);
});

const accepted: [Rule, string][] = [
  [enumRule, 'const enumerable = true; // enum Color { Red }'],
  [promiseRule, `// ${promise}(#12): when the server has it`],
  [promiseRule, `const text = '${promise}';`],
  [mockRule, 'const notify = vi.fn();'],
  [focusRule, "it('runs the only job', () => {});"],
  [focusRule, "test.skipIf(isRoot)('a', () => {});"],
  [sleepRule, "const bound = setTimeout(() => reject(new Error('no answer')), 5000);"],
  [sleepRule, 'await vi.waitFor(() => expect(a).toBe(1));'],
];

test.each(accepted)('$name: %s is fine', (rule, text) => {
  expect(findingsWith(rule, { 'services/web/src/good.test.ts': text })).toEqual([]);
});

describe('what helps tests', () => {
  const support = { 'services/web/src/testing/world.ts': 'export const world = 1;' };

  test('is not imported by the product', () => {
    const found = findingsWith(supportRule, {
      ...support,
      'services/web/src/bad.ts': "import { world } from './testing/world.ts';",
    });

    expect(found).toMatchObject([{ file: 'services/web/src/bad.ts', rule: 'test-support' }]);
  });

  test('is imported by tests, by itself and by the testing door', () => {
    const found = findingsWith(supportRule, {
      ...support,
      'services/web/src/a.test.ts': "import { world } from './testing/world.ts';",
      'services/web/src/testing/more.ts': "import { world } from './world.ts';",
      'services/web/src/testing.ts': "export { world } from './testing/world.ts';",
    });

    expect(found).toEqual([]);
  });
});

describe('length', () => {
  const long = 'const a = 1;\n'.repeat(401);

  test('a file of 401 lines is found, one of 400 is not', () => {
    const found = findingsWith(lengthRule, {
      'services/web/src/long.ts': long,
      'services/web/src/fits.ts': 'const a = 1;\n'.repeat(400),
    });

    expect(found).toMatchObject([{ file: 'services/web/src/long.ts' }]);
  });

  test('generated and named files may be longer', () => {
    const rule = lengthRuleWith({ 'services/web/src/table.ts': 'a table' });

    const found = findingsWith(rule, {
      'services/web/src/routes.generated.ts': long,
      'services/web/src/table.ts': long,
    });

    expect(found).toEqual([]);
  });

  test('an exemption that nobody needs is found', () => {
    const found = findingsWith(lengthRuleWith({ 'services/web/src/gone.ts': 'a table' }), {});

    expect(found).toMatchObject([{ file: 'services/web/src/gone.ts' }]);
  });
});

describe('machine paths', () => {
  test('a path of one machine is found in any text file', () => {
    const found = findingsWith(machinePathRule, { 'docs/a.md': `see\n${home}` });

    expect(found).toMatchObject([{ file: 'docs/a.md', line: 2 }]);
  });

  test('the same words inside a longer path or an address are fine', () => {
    const found = findingsWith(machinePathRule, {
      'docs/a.md': `a${home} and https://example.com${home} and ./x${home}`,
    });

    expect(found).toEqual([]);
  });
});

describe('rooms', () => {
  test.each([
    ['packages/surprise/src/a.ts', 'not in the plan'],
    ['packages/loose.ts', 'belongs to no room'],
    ['attic/a.md', 'there is no room "attic"'],
    ['services/web/a.ts', 'sources live in src/'],
  ])('%s is found', (file, message) => {
    const found = findingsWith(roomRule, { [file]: '' });

    expect(found.map((finding) => finding.message).join('\n')).toContain(message);
  });

  test('a room without a source, a README or a manifest is found', () => {
    const found = findingsWith(roomRule, { 'services/merger/src/only.test.ts': '' });

    expect(found.map(({ message }) => message)).toEqual([
      expect.stringContaining('package.json'),
      expect.stringContaining('README.md'),
      expect.stringContaining('is empty'),
    ]);
  });
});

describe('manifests', () => {
  test.each([
    [{ name: 'web' }, 'its name must be @gatehouse/web'],
    [{ private: false }, '"private" must be true'],
    [{ type: 'commonjs' }, '"type" must be "module"'],
    [{ dependencies: { zod: '^4.0.0' } }, 'zod: use "catalog:"'],
    [{ dependencies: { '@gatehouse/model': '0.1.0' } }, 'use "workspace:*"'],
  ])('%j is found', (manifest, message) => {
    const found = findingsWith(manifestRule, room('services/web', manifest, 'export const a = 1;'));

    expect(found.map((finding) => finding.message).join('\n')).toContain(message);
  });

  test('a package has no third door', () => {
    const exports = { '.': './src/index.ts', './deep': './src/deep.ts' };

    const found = findingsWith(
      manifestRule,
      room('packages/queue', { exports }, 'export const a = 1;'),
    );

    expect(found).toMatchObject([{ message: expect.stringContaining('door "./deep"') }]);
  });

  test('the root has no runtime dependencies', () => {
    const found = findingsWith(manifestRule, {
      'package.json': JSON.stringify({ dependencies: { zod: 'catalog:' } }),
    });

    expect(found).toMatchObject([{ message: expect.stringContaining('no runtime dependencies') }]);
  });
});

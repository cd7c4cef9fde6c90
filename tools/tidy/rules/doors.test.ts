import { describe, expect, test } from 'vitest';
import { findingsWith } from '../sample-house.ts';
import { cycleRule } from './cycles.ts';
import { barrelRule, deepImportRule, exportRule, relativeImportRule } from './doors.ts';

test.each([barrelRule, cycleRule, deepImportRule, exportRule, relativeImportRule])(
  'a sound house keeps the rule: $name',
  (rule) => {
    expect(findingsWith(rule, {})).toEqual([]);
  },
);

describe('doors', () => {
  test.each([
    '@gatehouse/model/src/thing.ts',
    '@gatehouse/model/thing',
    '@gatehouse/model/testing',
  ])('%s goes around the door', (specifier) => {
    const found = findingsWith(deepImportRule, {
      'packages/layout/src/bad.ts': `import { x } from '${specifier}';`,
    });

    expect(found).toMatchObject([{ line: 1, message: expect.stringContaining('goes around') }]);
  });

  test('a relative import may not leave its package', () => {
    const found = findingsWith(relativeImportRule, {
      'packages/layout/src/bad.ts': "import { x } from '../../model/src/thing.ts';",
    });

    expect(found[0]?.message).toContain('packages/model/src/thing.ts lies outside packages/layout');
  });

  test.each(['./thing', './thing.js', './absent.ts'])('%s names no file', (specifier) => {
    const found = findingsWith(relativeImportRule, {
      'packages/layout/src/bad.ts': `import { x } from '${specifier}';`,
    });

    expect(found[0]?.message).toContain('does not exist');
  });

  test('a door that does something is not a door', () => {
    const found = findingsWith(barrelRule, {
      'packages/model/src/index.ts':
        "export { a } from './thing.ts';\n\nexport const version = 1;\n",
    });

    expect(found).toMatchObject([{ file: 'packages/model/src/index.ts', line: 3 }]);
  });

  test.each([
    ['packages/model/src/parts/index.ts', "export { a } from '../thing.ts';"],
    ['packages/model/src/parts/index.ts', 'export const a = 1;'],
    [
      'packages/model/src/all.ts',
      "export { a } from './thing.ts';\nexport type { B } from './b.ts';",
    ],
  ])('%s is a barrel', (file, text) => {
    const found = findingsWith(barrelRule, { [file]: text });

    expect(found).toMatchObject([{ file, message: expect.stringContaining('a barrel inside') }]);
  });

  test('a second door lists names as well', () => {
    const found = findingsWith(barrelRule, {
      'packages/model/src/testing.ts': "export { a } from './thing.ts';",
    });

    expect(found).toEqual([]);
  });
});

describe('exports', () => {
  test.each([
    ["export * from './thing.ts';", 'list the names'],
    ["export * as all from './thing.ts';", 'list the names'],
    ["export type * from './thing.ts';", 'list the names'],
    ['export default function a() {}', 'export it by name'],
    ['const a = 1;\nexport { a as default };', 'export it by name'],
  ])('%s is refused', (text, advice) => {
    const found = findingsWith(exportRule, { 'packages/model/src/bad.ts': text });

    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain(advice);
  });

  test('a tool that asks for a default export gets one', () => {
    const found = findingsWith(exportRule, { 'vitest.config.ts': 'export default {};' });

    expect(found).toEqual([]);
  });
});

describe('cycles', () => {
  test('two files that import each other are found once', () => {
    const found = findingsWith(cycleRule, {
      'packages/model/src/a.ts': "import { b } from './b.ts';",
      'packages/model/src/b.ts': "import type { a } from './a.ts';",
    });

    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain(
      'packages/model/src/a.ts → packages/model/src/b.ts → packages/model/src/a.ts',
    );
  });

  test('a cycle over the door of another package is found', () => {
    const found = findingsWith(cycleRule, {
      'packages/model/src/thing.ts': "import { a } from '@gatehouse/layout';",
    });

    expect(found).toHaveLength(1);
  });

  test('a file that imports itself is found', () => {
    const found = findingsWith(cycleRule, {
      'packages/model/src/a.ts': "import { a } from './a.ts';",
    });

    expect(found).toHaveLength(1);
  });

  test('two ways to the same file are no cycle', () => {
    const found = findingsWith(cycleRule, {
      'packages/model/src/a.ts': "import { b } from './b.ts';\nimport { c } from './c.ts';",
      'packages/model/src/b.ts': "import { c } from './c.ts';",
      'packages/model/src/c.ts': 'export const c = 1;',
    });

    expect(found).toEqual([]);
  });
});

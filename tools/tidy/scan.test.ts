import { expect, test } from 'vitest';
import { importsOf } from './imports.ts';
import { lineAt, scan } from './scan.ts';

test('code keeps its place while comments, strings and regular expressions go blank', () => {
  const source = "const a = 'Date'; // Date\nconst b = /Date/; /* Date */ Date.now();";

  const { code } = scan(source);

  expect(code).toHaveLength(source.length);
  expect([...code.matchAll(/Date/g)].map(({ index }) => index)).toEqual([
    source.indexOf('Date.now'),
  ]);
});

test('a template hides its text but shows the code inside it', () => {
  const { code } = scan('const a = `Date ${`inner ${process.pid} Date`} }`; fetch();');

  expect(code).not.toContain('Date');
  expect(code).toContain('process.pid');
  expect(code).toContain('fetch()');
});

test('an escaped quote does not end a string', () => {
  const { code, strings } = scan("const a = 'it\\'s Date'; b();");

  expect(code).not.toContain('Date');
  expect(code).toContain('b();');
  expect(strings[0]?.text).toBe("it\\'s Date");
});

test('a division is not taken for a regular expression', () => {
  const { code } = scan(
    'const ratio = total / count; const half = (a + b) / 2; Date; x[0] / y / z;',
  );

  expect(code).toContain('Date');
  expect(code).toContain('/ y / z');
});

test('a slash inside a character class does not end a regular expression', () => {
  const { code } = scan('const path = /[/"]+Date/; next();');

  expect(code).not.toContain('Date');
  expect(code).toContain('next()');
});

test('a quote that never closes costs its own line only', () => {
  const { code } = scan("<p>don't</p>\nDate.now();");

  expect(code).toContain('Date.now()');
});

test('comments are kept with their place', () => {
  const { comments } = scan('a(); // one\n/* two\n lines */ b();');

  expect(comments.map(({ text }) => text)).toEqual(['// one', '/* two\n lines */']);
});

test('lines count from one', () => {
  expect(lineAt('a\nb\nc', 0)).toBe(1);
  expect(lineAt('a\nb\nc', 4)).toBe(3);
});

test.each([
  ["import { a } from './a.ts';", './a.ts', 'import'],
  ["import type { A } from '@gatehouse/model';", '@gatehouse/model', 'import'],
  ["import a, { type B } from 'zod';", 'zod', 'import'],
  ["import * as all from './all.ts';", './all.ts', 'import'],
  ["import './effect.ts';", './effect.ts', 'import'],
  ['import {\n  a,\n  b,\n} from "./multi.ts";', './multi.ts', 'import'],
  ["export { a } from './a.ts';", './a.ts', 'export'],
  ["export type { A } from './a.ts';", './a.ts', 'export'],
  ["export * from './a.ts';", './a.ts', 'export'],
  ["const a = await import('./lazy.ts');", './lazy.ts', 'dynamic'],
  ["type A = import('./type.ts').A;", './type.ts', 'dynamic'],
  ["const at = import.meta.resolve('@gatehouse/store');", '@gatehouse/store', 'dynamic'],
  ["const at = `${import.meta.resolve('./a.ts')}`;", './a.ts', 'dynamic'],
  ["const a = createRequire(import.meta.url); const b = require.resolve('b');", 'b', 'dynamic'],
  ["import { from } from './from.ts';", './from.ts', 'import'],
])('%s is an import', (source, specifier, kind) => {
  expect(importsOf(scan(source))).toMatchObject([{ specifier, kind }]);
});

test('an export without a source does not borrow the next import', () => {
  const imports = importsOf(scan("export { a };\nexport type B = A\nimport { c } from './c.ts';"));

  expect(imports).toMatchObject([{ specifier: './c.ts', clause: '{ c }' }]);
});

test('an import in a comment or a string is not an import', () => {
  const source = "// import { a } from './a.ts';\nconst text = \"import './b.ts'\";";

  expect(importsOf(scan(source))).toEqual([]);
});

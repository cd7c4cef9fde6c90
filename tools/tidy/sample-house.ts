import { type Finding, type Rule, readWorkspace } from './workspace.ts';

/** A small house in which nothing is wrong; tests add one fault to it. */
const sound: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'root', devDependencies: { vitest: 'catalog:' } }),
  ...room('packages/model', {}, 'export type Item = { readonly id: string };\n'),
  ...room(
    'packages/layout',
    { dependencies: { '@gatehouse/model': 'workspace:*', zod: 'catalog:' } },
    "import type { Item } from '@gatehouse/model';\nimport { z } from 'zod';\nexport const a = z;\nexport type B = Item;\n",
  ),
  ...room(
    'packages/store',
    { dependencies: { '@gatehouse/model': 'workspace:*' } },
    "import type { Item } from '@gatehouse/model';\nexport type Stored = Item;\n",
  ),
  ...room('packages/queue', {}, 'export const queue = 1;\n'),
  ...room('packages/testkit', {}, 'export const fake = 1;\n'),
  ...room('services/web', {}, 'export const web = 1;\n'),
  ...room('services/engine', {}, 'export const engine = 1;\n'),
  ...room(
    'services/gatehouse',
    {
      name: 'gatehouse',
      dependencies: { '@gatehouse/store': 'workspace:*', '@gatehouse/web': 'workspace:*' },
    },
    "import type { Stored } from '@gatehouse/store';\nimport { web } from '@gatehouse/web';\nexport const env = process.env;\nexport const parts: Stored | number = web;\n",
  ),
};

/** Files that make one room: manifest, README, a door and one source file, `thing.ts`. */
export function room(folder: string, manifest: object, thing: string): Record<string, string> {
  const name = folder.split('/').at(-1);
  const exported = [...thing.matchAll(/export (type|const) (\w+)/g)]
    .map(([, kind, word]) => `${kind === 'type' ? 'type ' : ''}${word}`)
    .join(', ');
  const shape = { private: true, type: 'module', exports: { '.': './src/index.ts' } };
  return {
    [`${folder}/package.json`]: JSON.stringify({
      name: `@gatehouse/${name}`,
      ...shape,
      ...manifest,
    }),
    [`${folder}/README.md`]: `# ${name}\n`,
    [`${folder}/src/index.ts`]: `export { ${exported} } from './thing.ts';\n`,
    [`${folder}/src/thing.ts`]: thing,
  };
}

/** What a rule finds in the sound house with some files added or replaced. */
export function findingsWith(
  rule: Rule,
  files: Readonly<Record<string, string>>,
): readonly Finding[] {
  return rule.check(readWorkspace(new Map(Object.entries({ ...sound, ...files }))));
}

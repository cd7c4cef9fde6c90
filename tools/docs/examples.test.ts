/** What documents tell people to type works: configuration, commands, variables. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { freezeJobs, type LoadedLayout, loadLayout, takesPart } from '@gatehouse/layout';
import { repositoryKey } from '@gatehouse/model';
import { expect, test } from 'vitest';
import { documentAt, documents, root, tree } from './documents.ts';
import { type CodeBlock, codeBlocks, codeSpans } from './markdown.ts';

const repository = repositoryKey('acme/api');
const configuration = [...documents].flatMap(([file, text]) =>
  codeBlocks(text)
    .filter(({ info }) => info === 'yaml configuration')
    .map((block) => ({ ...block, where: `${file}:${block.line}` })),
);

test('configuration in documents is read without an error or a warning', () => {
  for (const block of configuration) expect(load(block).problems, block.where).toEqual([]);
  expect(configuration.length).toBeGreaterThan(0);
});

test('the first pipeline of the README runs the job it names, in the built-in pipeline', () => {
  const [first] = codeBlocks(documentAt('README.md')).filter(({ info }) => /^yaml/.test(info));
  const { layout } = load(first);

  const frozen = freezeJobs(layout, {
    repository,
    branch: 'main',
    pipeline: 'check',
    changedFiles: ['src/total.ts'],
    base: null,
  });

  expect(takesPart(layout, repository, 'check')).toBe(true);
  expect(frozen.jobs).toMatchObject([
    { name: 'unit', execution: { kind: 'command', run: ['npm test'] } },
  ]);
});

test('every example configuration is read without an error or a warning', () => {
  const examples = [...tree].filter(([file]) => file.startsWith('config/examples/'));

  for (const [file, text] of examples) expect(load({ text }).problems, file).toEqual([]);
  expect(examples.length).toBeGreaterThan(0);
});

test('the first pipeline of the README stands among the examples', () => {
  const [first] = codeBlocks(documentAt('README.md')).filter(({ info }) => /^yaml/.test(info));

  expect(tree.get('config/examples/first-pipeline.yaml')).toBe(first?.text);
});

test('every npm and pnpm script that a document names exists', () => {
  // The manifest's shape is npm's.
  const { scripts } = JSON.parse(tree.get('package.json') ?? '{}') as { scripts: object };
  const known = [...Object.keys(scripts), 'install', 'exec', 'deploy'];

  const unknown = [...documents].flatMap(([file, text]) =>
    typed(text)
      .flatMap((code) => [
        ...code.matchAll(/\b(?:p?npm run|pnpm|npm(?= (?:start|test)\b)) ([a-z]\S*)/g),
      ])
      .filter(([, name = '']) => !known.includes(name))
      .map(([call]) => `${file}: ${call}`),
  );

  expect(unknown).toEqual([]);
});

test('every gatehouse command that a document names exists', async () => {
  const calls = [...documents].flatMap(([file, text]) =>
    [...text.matchAll(/(?:pnpm exec|npx) gatehouse((?: [a-z][a-z-]*)+)/g)].map((match) => ({
      file,
      words: (match[1] ?? '').trim().split(' '),
    })),
  );

  for (const { file, words } of calls) expect(await firstUnknown(words), file).toBe(null);
  expect(calls.length).toBeGreaterThan(0);
});

test('every GATEHOUSE_ variable that a document names exists', () => {
  const known = names(tree.get('packages/settings/src/setting-table.ts') ?? '');

  const unknown = [...documents].flatMap(([file, text]) =>
    [...names(text)].filter((name) => !known.has(name)).map((name) => `${file}: ${name}`),
  );

  expect(unknown).toEqual([]);
});

function load(block: Pick<CodeBlock, 'text'> | undefined): LoadedLayout {
  const files = [{ path: '.gatehouse.yaml', text: block?.text ?? '' }];
  return loadLayout([{ repository, branch: 'main', role: 'repository', files }]);
}

/** What is written as code, but configuration: its jobs run the scripts of their repositories. */
function typed(markdown: string): readonly string[] {
  const blocks = codeBlocks(markdown).filter(({ info }) => !info.startsWith('yaml'));
  return [...codeSpans(markdown), ...blocks.map(({ text }) => text)];
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.match(/\bGATEHOUSE_[A-Z]+(?:_[A-Z]+)*\b/g) ?? []);
}

const run = promisify(execFile);
const cli = path.join(root, 'services', 'gatehouse', 'src', 'cli.ts');
const helps = new Map<string, Promise<readonly string[]>>();

/** The first word that is no command where it stands; null: all are, or are arguments. */
async function firstUnknown(words: readonly string[]): Promise<string | null> {
  for (const [index, word] of words.entries()) {
    const commands = await commandsOf(words.slice(0, index));
    if (commands.length === 0) return null;
    if (!commands.includes(word)) return word;
  }
  return null;
}

/** The commands that the help of a command lists; none: what follows it are arguments. */
function commandsOf(words: readonly string[]): Promise<readonly string[]> {
  const key = words.join(' ');
  const known = helps.get(key) ?? readHelp(words);
  helps.set(key, known);
  return known;
}

async function readHelp(words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, [cli, ...words, '--help']);
  const [, list = ''] = stdout.split(/^Commands:$/m);
  return [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== 'help');
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { showLayout } from './show-layout.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-layout-'));
});

afterEach(() => rm(directory, { recursive: true }));

const text = `- job:
    name: common
    abstract: true
    pre-run: npm ci
    timeout: 600
- job:
    name: unit
    parent: common
    run: npm test
- job: {name: docs, run: make docs, branches: ^stable$}
- project:
    name: acme/api
    check:
      jobs:
        - unit: {voting: false}
        - docs
    gate: {jobs: [gone]}
`;

async function show(format: 'text' | 'json') {
  await writeFile(join(directory, '.gatehouse.yaml'), text);
  const openHost = () => Promise.reject(new Error('not asked'));
  const deps = { workingDirectory: '/', openHost };
  const output = await showLayout(deps, directory, { format, branch: 'main' });
  if (!output.ok) throw new Error(output.complaint);
  return output.result;
}

test('people read what runs, what it is made of, and where each value stands', async () => {
  expect(await show('text')).toMatchInlineSnapshot(`
    "acme/api (main)

    1 error in the configuration; gatehouse lint shows it.

    pipeline check  (independent; built in)
      job unit
        listed at .gatehouse.yaml:15
        made of base (built in) < common (.gatehouse.yaml:2) < unit (.gatehouse.yaml:7)
        run       ["npm test"]  (.gatehouse.yaml:9)
        pre-run   ["npm ci"]  (.gatehouse.yaml:4)
        timeout   600  (.gatehouse.yaml:5)
        attempts  3  (default)
        voting    false  (.gatehouse.yaml:15)
      job docs  (not run on this branch)

    pipeline gate  (dependent; built in)
      error: no job is named \`gone\`
      job gone  (has an error)

    pipeline post  (supercedent; built in)
      the project lists nothing for it"
  `);
});

test('programs read the same', async () => {
  const layout = JSON.parse(await show('json'));

  expect(layout).toMatchObject({ repository: 'acme/api', branch: 'main', errors: 1 });
  expect(layout.pipelines[0]).toMatchObject({ name: 'check', takes_part: true, defined_at: null });
  expect(layout.pipelines[0].jobs[0]).toMatchObject({
    name: 'unit',
    state: 'runs',
    listed_at: ['.gatehouse.yaml:15'],
    values: expect.arrayContaining([
      { attribute: 'voting', value: false, from: ['.gatehouse.yaml:15'] },
      { attribute: 'attempts', value: 3, from: [] },
    ]),
  });
});

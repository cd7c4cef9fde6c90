import { describe, expect, test } from 'vitest';
import { api, ownerSource, source } from '../test-support.ts';
import { type ConsideredPart, explainChoice, stanzasFor } from './explain-choice.ts';
import { loadLayout } from './load.ts';

const owner = `- job: {name: common, abstract: true, run: make}
- job: {name: common, branches: ^stable$, timeout: 60}
`;
const own = `- job: {name: unit, parent: common, files: [^src/, ^lib/]}
- job: {name: unit, branches: [^stable$, ^old$], timeout: 90}
- job: {name: docs, parent: common, irrelevant-files: [^src/]}
- project:
    check:
      jobs:
        - unit
        - unit: {branches: ^stable$, voting: false}
        - docs
`;
const question = {
  subject: { repository: api, branch: 'main', ref: null },
  pipeline: 'check',
};

function choice(job: string, changedFiles: readonly string[] | null = null) {
  const { layout } = loadLayout([ownerSource(owner), source(own)]);
  return explainChoice(layout, question, { job, changedFiles });
}

function text({ name, place, isApplied, branches }: ConsideredPart): string {
  const only = branches === null ? '' : ` only ${branches.join(' ')}`;
  return `${isApplied ? '+' : '-'} ${name} ${place.path}:${place.line}${only}`;
}

describe('a choice is explained by what was looked at', () => {
  test('every variant of the job and its parents, whether it applies, and for which branches', () => {
    expect(choice('unit')?.definitions.map(text)).toEqual([
      '+ base built-in:1',
      '+ common .gatehouse.yaml:1',
      '- common .gatehouse.yaml:2 only ^stable$',
      '+ unit .gatehouse.yaml:1',
      '- unit .gatehouse.yaml:2 only ^stable$ ^old$',
    ]);
  });

  test('every place of the project that lists it', () => {
    expect(choice('unit')?.uses.map(text)).toEqual([
      '+ unit .gatehouse.yaml:7',
      '- unit .gatehouse.yaml:8 only ^stable$',
    ]);
  });

  test('the file that lets it run', () => {
    expect(choice('unit', ['a.md', 'lib/a.ts'])?.decidingFile).toEqual({
      attribute: 'files',
      file: 'lib/a.ts',
      pattern: '^lib/',
    });
    expect(choice('docs', ['src/a.ts', 'a.md'])?.decidingFile).toEqual({
      attribute: 'irrelevant-files',
      file: 'a.md',
      pattern: null,
    });
  });

  test('no file where none is known, and none where the filter leaves it out', () => {
    expect(choice('unit')?.decidingFile).toBeNull();
    expect(choice('unit', ['a.md'])?.decidingFile).toBeNull();
  });
});

test('a job that the project does not list has no choice to explain', () => {
  expect(choice('common')).toBeNull();
});

test('stanzas for other branches are named as what they are for', () => {
  const { layout } = loadLayout([
    source(
      `- project: {branches: ^stable$, check: {jobs: [noop]}}\n- project: {gate: {jobs: []}}\n`,
    ),
  ]);

  expect(stanzasFor(layout, question).map(text)).toEqual([
    '- acme/api .gatehouse.yaml:1 only ^stable$',
  ]);
});

import { describe, expect, test } from 'vitest';
import type { LayoutSource } from '../layout.ts';
import { api, line, ownerSource, problemsOf, source } from '../test-support.ts';
import { freezeJobs } from './freeze.ts';
import { loadLayout } from './load.ts';

const unit = (run: string, pragma = '') => `${pragma}- job: {name: unit, run: ${run}}\n`;
const template = (job: string) => `- project-template: {name: t, check: {jobs: [${job}]}}\n`;
const off = '- pragma: {implied-branch-matchers: false}\n';
const on = '- pragma: {implied-branch-matchers: true}\n';
const releases = "- pragma: {implied-branches: [release/.*, '^1\\.']}\n";
const all = '- project: {branches: .*, check: {jobs: [unit]}}\n';

function onBranch(branch: string, text: string): LayoutSource {
  return source(text, { branch });
}

/** What `unit` runs on a branch; empty: it does not run. */
function runs(sources: readonly LayoutSource[], branch: string): readonly string[] {
  const { layout } = loadLayout(sources);
  const request = { repository: api, branch, pipeline: 'check', changedFiles: null, base: null };
  const { jobs, problems } = freezeJobs(layout, request);
  expect(problems.map(line)).toEqual([]);
  return jobs.flatMap(({ execution }) => (execution.kind === 'command' ? execution.run : []));
}

describe('implied branches of jobs', () => {
  test.each([
    ['a job of one branch of several holds for it', unit('a'), 'main', ['a']],
    ['it does not hold for another one', unit('a'), 'next', []],
    ['the name is taken whole', unit('a'), 'main-2', []],
    ['the file says that there are none', unit('a', off), 'next', ['a']],
    ['the file says which instead', unit('a', releases), 'release/7', ['a']],
    ['any of them', unit('a', releases), '1.2', ['a']],
    ['its own branch is then none of them', unit('a', releases), 'main', []],
    ['a pragma further down counts for the whole file', `${unit('a')}${off}`, 'next', ['a']],
    ['that there are none wins over which', `${releases}${off}${unit('a')}`, 'next', ['a']],
    [
      'explicit branches win over all of it',
      `${releases}- job: {name: unit, run: a, branches: next}\n`,
      'next',
      ['a'],
    ],
  ])('%s', (...[, text, branch, expected]) => {
    expect(runs([onBranch('main', `${text}${all}`), onBranch('next', '')], branch)).toEqual(
      expected,
    );
  });

  test.each([
    ['a repository that is read on one branch has none', unit('a'), ['a']],
    ['unless the file asks for them', unit('a', on), []],
    ['or names them, which has no effect by itself', unit('a', releases), ['a']],
  ])('%s', (_, text, expected) => {
    expect(runs([onBranch('main', `${text}${all}`)], 'next')).toEqual(expected);
  });

  test.each([
    ["the owner's configuration has none", unit('a'), ['a']],
    ['even where the file says which', unit('a', releases), ['a']],
    ['unless it asks for them too', `${on}${unit('a', releases)}`, []],
  ])('%s', (_, text, expected) => {
    expect(runs([ownerSource(text), onBranch('main', all)], 'main')).toEqual(expected);
  });

  test('each branch has its own variant', () => {
    const sources = [
      onBranch('main', `${unit('a')}${all}`),
      onBranch('next', `${unit('b')}${all}`),
    ];

    expect([runs(sources, 'main'), runs(sources, 'next')]).toEqual([['a'], ['b']]);
  });

  test('a pragma holds for its own file, not for those beside it', () => {
    const files = [
      { path: '.gatehouse.d/a.yaml', text: `${off}${unit('a')}` },
      { path: '.gatehouse.d/b.yaml', text: `- job: {name: lint, run: b}\n` },
    ];

    const { layout } = loadLayout([source('', { files }), onBranch('next', '')]);

    expect(layout.jobs.map((job) => job.impliedBranches)).toEqual([null, 'main']);
  });
});

describe('implied branches of templates and stanzas', () => {
  const named = '- project: {branches: .*, templates: [t]}\n';
  const job = '- job: {name: unit, run: a, branches: .*}\n';

  test.each([
    ['a template holds for its own branch', '', 'main', ['a']],
    ['and for no other', '', 'next', []],
    ['unless the file says that there are none', off, 'next', ['a']],
    ['or says which', releases, 'release/7', ['a']],
  ])('%s', (...[, pragma, branch, expected]) => {
    const text = `${pragma}${job}${template('unit')}${named}`;

    expect(runs([onBranch('main', text), onBranch('next', '')], branch)).toEqual(expected);
  });

  test('a stanza keeps its own branch whatever the file says', () => {
    const text = `${off}${job}- project: {check: {jobs: [unit]}}\n`;
    const sources = [onBranch('main', text), onBranch('next', '')];

    expect([runs(sources, 'main'), runs(sources, 'next')]).toEqual([['a'], []]);
  });
});

test("an owner's stanzas of other repositories hold for the branches that their file implies", () => {
  const stanza = `- project: {name: acme/api, check: {jobs: [unit]}}\n${unit('a').replace('}', ', branches: .*}')}`;
  const owner = ownerSource(`${on}- pragma: {implied-branches: next}\n${stanza}`);

  expect([runs([owner, onBranch('main', '')], 'next'), runs([owner], 'main')]).toEqual([['a'], []]);
});

test('the pragma of a proposed change counts for what it proposes', () => {
  const base = onBranch('main', `${unit('a')}${all}`);
  const proposed = source(`${unit('b', off)}${all}`, { isProposed: true });

  expect(runs([base, onBranch('next', ''), proposed], 'next')).toEqual(['b']);
});

test.each([
  ['- pragma: {implied-branch-matchers: maybe}\n', 'must be true or false'],
  ['- pragma: {implied-branches: [3]}\n', 'must be a text'],
  ["- pragma: {implied-branches: '['}\n", 'is not a regular expression'],
  ['- pragma: {implied-branch: main}\n', 'a pragma has no attribute'],
])('a pragma with an error is told: %s', (text, message) => {
  expect(problemsOf(text)).toEqual([expect.stringContaining(message)]);
});

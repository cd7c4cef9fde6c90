import { describe, expect, test } from 'vitest';
import { loadLayout } from '../resolve/load.ts';
import { line, load, ownerSource, problemsOf } from '../test-support.ts';
import { bareRepository } from './project.ts';

const jobs = '- job: {name: unit, run: x}\n- job: {name: lint, run: x}\n';

describe('a project stanza', () => {
  test('without a name is for the repository that holds it', () => {
    const { layout } = load(`${jobs}- project: {check: {jobs: [unit]}}\n`);

    expect(layout.projects[0]?.target).toEqual({ repository: 'acme/api' });
  });

  test('lists jobs by name, or by name with attributes', () => {
    const { layout, problems } = load(
      `${jobs}- project: {check: {jobs: [unit, lint: {voting: no}, {unit: null}], debug: yes}}\n`,
    );

    expect(problems).toEqual([]);
    expect(layout.projects[0]?.pipelines).toMatchObject([
      {
        pipeline: 'check',
        isDebug: true,
        jobs: [
          { name: 'unit', set: [] },
          { name: 'lint', set: ['voting'], attributes: { isVoting: false } },
          { name: 'unit', set: [] },
        ],
      },
    ]);
  });

  test('lists jobs whose attributes may override or inherit', () => {
    const { layout, problems } = load(
      `${jobs}- project: {check: {jobs: [{unit: {files: !inherit [a], vars: !override {b: 1}}}]}}\n`,
    );

    expect(problems).toEqual([]);
    expect(layout.projects[0]?.pipelines[0]?.jobs[0]?.attributes).toMatchObject({
      files: { control: 'inherit' },
      vars: { control: 'override' },
    });
  });

  test('may hold nothing at all', () => {
    expect(problemsOf('- project:\n')).toEqual([]);
  });

  test.each([
    ['a text where a pipeline belongs', 'check: unit', 'error wrong-type 1:20'],
    ['nothing where a pipeline belongs', 'check: null', 'error wrong-type 1:20'],
    ['a misspelt attribute', 'template: [a]', 'error unknown-key 1:13'],
    ['a list where a pipeline belongs', 'check: [unit]', 'error wrong-type 1:13'],
    ['a list of jobs one level too high', 'jobs: [unit]', 'error misplaced-attribute 1:13'],
    ['an unknown attribute of a pipeline', 'check: {job: [unit]}', 'error unknown-key 1:21'],
    ['a job that is a number', 'check: {jobs: [3]}', 'error wrong-type 1:28'],
    ['two jobs in one entry', 'check: {jobs: [{a: {}, b: {}}]}', 'error job-entry 1:36'],
    ['a job with a list of attributes', 'check: {jobs: [{a: [x]}]}', 'error wrong-type 1:32'],
    ['an unknown attribute of a job', 'check: {jobs: [{a: {vote: no}}]}', 'error unknown-key 1:33'],
    ['an unknown merge mode', 'merge-mode: squash', 'error not-allowed 1:25'],
    ['templates that are no list', 'templates: a', 'error wrong-type 1:24'],
    ['another repository', 'name: acme/other', 'error foreign-project 1:19'],
    ['an expression for repositories', 'name: ^acme/.*$', 'error foreign-project 1:19'],
    ['a reserved variable', 'vars: {nodepool: 1}', 'error forbidden-variable 1:20'],
    ['the old place of queue', 'check: {queue: a}', 'warning no-effect 1:21'],
    [
      'a parent in a list of jobs',
      'check: {jobs: [{noop: {parent: x}}]}',
      'warning no-effect 1:36',
    ],
    ['an undefined queue', 'queue: main', 'warning undefined-queue'],
  ])('%s is told', (_, attributes, expected) => {
    const found = problemsOf(`- project: {${attributes}}\n`).filter(
      (problem) => !problem.includes('undefined-job'),
    );

    expect(found).toEqual([expect.stringMatching(`^${expected}`)]);
  });

  test.each([
    ['acme/api', 'acme/api'],
    ['github.com/acme/api', 'acme/api'],
    ['a/b/c', 'a/b/c'],
    ['api', 'api'],
  ])('the name %j means %j', (name, expected) => {
    expect(bareRepository(name)).toBe(expected);
  });

  test("in the owner's repository may be for any repository, also by expression", () => {
    const text = '- project: {name: acme/api}\n- project: {name: ^acme/.*$}\n';

    const { layout, problems } = loadLayout([ownerSource(text)]);

    expect(problems.map(line)).toEqual([]);
    expect(layout.projects.map(({ target }) => target)).toEqual([
      { repository: 'acme/api' },
      { pattern: { source: '^acme/.*$', isNegated: false } },
    ]);
  });
});

describe('a template', () => {
  test('needs a name', () => {
    expect(problemsOf('- project-template: {check: {jobs: [noop]}}\n')).toEqual([
      'error missing-key 1:21 a project-template needs `name`',
    ]);
  });

  test('takes no attribute that is for projects only', () => {
    expect(problemsOf('- project-template: {name: a, templates: [b]}\n')).toEqual([
      expect.stringMatching(/^error unknown-key 1:31 /),
    ]);
  });
});

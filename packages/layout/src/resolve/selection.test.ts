import { describe, expect, test } from 'vitest';
import type { Layout } from '../definitions.ts';
import { freeze, line, load, source } from '../test-support.ts';
import { loadLayout } from './load.ts';
import type { FreezeRequest, FreezeResult } from './request.ts';

/** Freezes `check` for one file of the repository. */
function check(text: string, request: Partial<FreezeRequest> = {}): FreezeResult {
  return freeze([source(text)], request);
}

function names(result: FreezeResult): readonly string[] {
  expect(result.problems.map(line)).toEqual([]);
  return result.jobs.map(({ name }) => name);
}

describe('file filters', () => {
  const text = (filters: string) =>
    `- job: {name: t, run: x, ${filters}}\n- project: {check: {jobs: [t]}}\n`;
  const docs = 'irrelevant-files: [^README$, ^docs/.*$]';

  test.each([
    ['a changed file matches', 'files: [".*-requires"]', ['random.txt', 'build-requires'], true],
    ['no changed file matches', 'files: [".*-requires"]', ['random.txt'], false],
    ['matches are anchored at the start', 'files: [requires]', ['build-requires'], false],
    ['all changed files are irrelevant', docs, ['README', 'docs/a'], false],
    ['one changed file is relevant', docs, ['README', 'src/a.c'], true],
    ['both filters have to allow it', `files: src, ${docs}`, ['docs/src'], false],
    ['nothing is known of the files', 'files: src', null, true],
    ['the list of files is empty', 'files: src', [], true],
    [
      'a negated pattern is per file',
      'files: {regex: ^docs/, negate: true}',
      ['docs/a', 'b'],
      true,
    ],
    [
      'a negated pattern that no file meets',
      'files: {regex: ^docs/, negate: true}',
      ['docs/a'],
      false,
    ],
    ['a leading ^(?!X) is "not X"', "files: ['^(?!docs/).*']", ['docs/a'], false],
  ])('%s', (...[, filters, changedFiles, isRun]) => {
    expect(names(check(text(filters), { changedFiles })).length === 1).toBe(isRun);
  });

  test('a job that is left out has the reason', () => {
    const { reasons } = check(text('files: [src]'), { changedFiles: ['a', 'b'] });

    expect(reasons).toEqual([
      {
        code: 'job-files-not-matched',
        subject: 't',
        seen: { count: 2, first: ['a', 'b'] },
        expected: ['src'],
      },
    ]);
  });

  test('a pattern that cannot be run is a configuration error of a run that needs it', () => {
    const { problems, jobs } = check(text("files: ['a(?=b)']"), { changedFiles: ['a'] });

    expect(jobs).toEqual([]);
    expect(problems).toMatchObject([{ level: 'error', code: 'look-around' }]);
  });
});

describe('match-on-config-updates', () => {
  const text = (job: string, more = '') =>
    `- job: {name: t, files: src, ${job}}\n- project: {${more}check: {jobs: [t, noop]}}\n`;
  const before = loadLayout([source(text('run: x'))]).layout;

  /** Names of the jobs of a change of the configuration alone. */
  function changed(after: string, base: Layout = before): readonly string[] {
    return names(check(after, { changedFiles: ['.gatehouse.yaml'], base }));
  }

  test.each([
    ['a job that runs differently', text('run: y')],
    ['a job with another limit', text('run: x, timeout: 60')],
    ['a job with other file filters', text('run: x, irrelevant-files: docs')],
    ['a job with other dependencies', text('run: x, dependencies: noop')],
    ['a job whose project has other variables', text('run: x', 'vars: {a: 1}, ')],
    [
      'a job that its project uses differently',
      text('run: x').replace('[t,', '[t: {voting: false},'),
    ],
    [
      'a job that inherits differently',
      `- job: {name: base, parent: null, pre-run: p}\n${text('run: x')}`,
    ],
  ])('runs whatever the change touches: %s', (_, after) => {
    expect(changed(after)).toContain('t');
  });

  test('runs a job that the change adds to the pipeline', () => {
    const without = loadLayout([source(text('run: x').replace('[t, noop]', '[noop]'))]).layout;

    expect(changed(text('run: x'), without)).toContain('t');
  });

  test('does not run a job that only moved in its file', () => {
    expect(changed(`- job: {name: other, run: y}\n${text('run: x')}`)).toEqual(['noop']);
  });

  test('can be switched off', () => {
    expect(changed(text('run: y, match-on-config-updates: false'))).toEqual(['noop']);
  });

  test('is inherited', () => {
    const after = `- job: {name: p, run: y, match-on-config-updates: false}\n${text('parent: p')}`;

    expect(changed(after)).toEqual(['noop']);
  });

  test('says why the job runs', () => {
    const { reasons } = check(text('run: y'), { changedFiles: ['.gatehouse.yaml'], base: before });

    expect(reasons).toContainEqual({ code: 'job-altered', subject: 't' });
  });
});

describe('dependencies', () => {
  const jobs = (more = '') => `- job: {name: a, run: x, files: main.c}
- job: {name: b, run: x, dependencies: a}
- job: {name: c, run: x, dependencies: {name: a, soft: true}}
${more}`;
  const use = (list: string) => `- project: {check: {jobs: [${list}]}}\n`;

  test('keep the order of the list and name members only', () => {
    const result = check(`${jobs()}${use('c, b, a')}`);

    expect(result.jobs.map(({ name, dependencies }) => [name, dependencies])).toEqual([
      ['c', [{ name: 'a', isSoft: true }]],
      ['b', [{ name: 'a', isSoft: false }]],
      ['a', []],
    ]);
  });

  test('a hard one is pulled in even if its files do not match', () => {
    const result = check(`${jobs()}${use('a, b')}`, { changedFiles: ['other'] });

    expect(names(result)).toEqual(['a', 'b']);
    expect(result.reasons).toContainEqual({ code: 'job-needed', subject: 'a', seen: 'b' });
  });

  test('pulling in goes on through what is pulled in', () => {
    const more = '- job: {name: z, run: x, files: z}\n';
    const text = `${jobs(more)}- project: {check: {jobs: [z, {a: {dependencies: z}}, b]}}\n`;

    expect(names(check(text, { changedFiles: ['other'] }))).toEqual(['z', 'a', 'b']);
  });

  test('a soft one is ignored when it is not part of the run', () => {
    const result = check(`${jobs()}${use('a, c')}`, { changedFiles: ['other'] });

    expect(result.jobs).toMatchObject([{ name: 'c', dependencies: [] }]);
  });

  test.each([
    ['a hard one outside the pipeline', `${jobs()}${use('b')}`, 'dependency-not-run'],
    [
      'a soft one that is defined nowhere',
      `${use('{noop: {dependencies: [{name: x, soft: true}]}}')}`,
      'undefined-job',
    ],
    ['a hard one that is defined nowhere', `${use('{noop: {dependencies: x}}')}`, 'undefined-job'],
    ['one on itself', `${use('{noop: {dependencies: noop}}')}`, 'dependency-loop'],
    ['a circle', `${jobs()}${use('{a: {dependencies: b}}, b')}`, 'dependency-loop'],
  ])('%s is an error and nothing runs', (_, text, code) => {
    const result = check(text);

    expect(result.jobs).toEqual([]);
    expect(result.problems.map((problem) => problem.code)).toEqual([code]);
  });

  test.each(['x', '{name: x, soft: true}'])(
    'one that is defined nowhere is told when the file is read, soft or not: %s',
    (dependency) => {
      const { problems } = load(`- job: {name: j, run: y, dependencies: [${dependency}]}\n`);

      expect(problems).toMatchObject([{ level: 'warning', code: 'undefined-dependency' }]);
    },
  );

  test('the message of a missing one names both', () => {
    const [problem] = check(`${jobs()}${use('b')}`).problems;

    expect(problem?.message).toBe('job `b` depends on `a` which was not run');
    expect(problem?.range).toMatchObject({ startLine: 2, startColumn: 40 });
  });

  test('a circle names its way', () => {
    const text = `${jobs()}${use('{a: {dependencies: b}}, b')}`;

    expect(check(text).problems[0]?.message).toBe('jobs wait for each other: a → b → a');
  });

  test('a long chain is no trouble', () => {
    const length = 3_000;
    const list = Array.from({ length }, (_, at) =>
      at === 0 ? 'j0' : `{j${at}: {dependencies: j${at - 1}}}`,
    );
    const definitions = Array.from({ length }, (_, at) => `- job: {name: j${at}, run: x}\n`);

    const text = `${definitions.join('')}- project: {check: {jobs: [${list.reverse().join(', ')}]}}\n`;

    expect(names(check(text))).toHaveLength(length);
  });
});

import type { FrozenJob } from '@gatehouse/model';
import { describe, expect, test } from 'vitest';
import { api, freeze, line, ownerSource, source } from '../test-support.ts';
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

function only(result: FreezeResult): FrozenJob {
  expect(result.problems.map(line)).toEqual([]);
  const [job, ...others] = result.jobs;
  expect(others).toEqual([]);
  if (job === undefined) throw new Error('no job was frozen');
  return job;
}

test('the smallest useful configuration runs its job with the defaults', () => {
  const text = `- job: {name: unit, run: npm test}
- project:
    check: {jobs: [unit]}
    gate: {jobs: [unit]}
`;

  expect(check(text)).toEqual({
    jobs: [
      {
        name: 'unit',
        execution: { kind: 'command', preRun: [], run: ['npm test'], postRun: [] },
        isVoting: true,
        timeoutMs: 1_800_000,
        attempts: 3,
        dependencies: [],
        vars: {},
        secrets: [],
        isAlteredByChange: false,
        successMessage: null,
        failureMessage: null,
      },
    ],
    reasons: [{ code: 'job-runs', subject: 'unit' }],
    problems: [],
    isDebug: false,
  });
});

test('the built-in noop needs no definition', () => {
  const { execution } = only(check('- project: {check: {jobs: [noop]}}\n'));

  expect(execution).toEqual({ kind: 'noop' });
});

test('a repository outside the pipeline gets no jobs and the reason', () => {
  expect(check('- job: {name: unit, run: x}\n')).toMatchObject({
    jobs: [],
    problems: [],
    reasons: [{ code: 'pipeline-not-configured', subject: 'check' }],
  });
});

test('an unknown pipeline is an error', () => {
  const { problems } = check('- project: {check: {jobs: [noop]}}\n', { pipeline: 'chek' });

  expect(problems).toMatchObject([{ code: 'undefined-pipeline', remedy: 'Did you mean `check`?' }]);
});

describe('stanzas and templates', () => {
  test('all stanzas and templates that apply are combined', () => {
    const text = `- job: {name: unit, run: x}
- job: {name: pep8, run: x}
- job: {name: docs, run: x}
- project-template: {name: py, check: {jobs: [pep8]}}
- project: {templates: [py], check: {jobs: [unit]}}
- project: {check: {jobs: [docs]}}
`;

    expect(names(check(text))).toEqual(['pep8', 'unit', 'docs']);
  });

  test('a job named twice is one job, with both variants applied in order', () => {
    const text = `- job: {name: unit, run: x}
- project: {check: {jobs: [{unit: {timeout: 1, vars: {a: 1}}}]}}
- project: {check: {jobs: [{unit: {timeout: 2, vars: {b: 2}}}]}}
`;

    expect(only(check(text))).toMatchObject({ timeoutMs: 2_000, vars: { a: 1, b: 2 } });
  });

  test("variables of the project and its templates are under the job's own", () => {
    const text = `- job: {name: unit, run: x, vars: {a: job, d: {x: 1}}}
- project-template: {name: t, vars: {a: template, b: template}, check: {jobs: [unit]}}
- project: {templates: [t], vars: {b: project, c: project, d: {y: 2}}, check: {jobs: []}}
`;

    expect(only(check(text)).vars).toEqual({
      a: 'job',
      b: 'project',
      c: 'project',
      d: { x: 1, y: 2 },
    });
  });

  test('debug in any stanza asks for the reasons in reports', () => {
    expect(check('- project: {check: {debug: true, jobs: [noop]}}\n').isDebug).toBe(true);
  });

  test("a template of the owner's may name a job that each repository defines for itself", () => {
    const template = '- project-template: {name: t, check: {jobs: [unit]}}\n';
    const sources = [
      ownerSource(`${template}- project: {name: ^acme/.*, templates: [t]}\n`),
      source('- job: {name: unit, run: own}\n'),
      source('- job: {name: unit, run: other}\n', { repository: 'acme/other' }),
    ];

    expect(only(freeze(sources)).execution).toMatchObject({ run: ['own'] });
  });
});

describe('names resolve', () => {
  const owner = '- job: {name: unit, run: owner}\n';
  const use = '- project: {check: {jobs: [unit]}}\n';

  test('to the own repository first', () => {
    const result = freeze([ownerSource(owner), source(`- job: {name: unit, run: own}\n${use}`)]);

    expect(only(result).execution).toMatchObject({ run: ['own'] });
  });

  test("then to the owner's configuration", () => {
    const other = source('- job: {name: unit, run: other}\n', { repository: 'acme/other' });

    expect(only(freeze([other, ownerSource(owner), source(use)])).execution).toMatchObject({
      run: ['owner'],
    });
  });

  test('then to one other repository', () => {
    const other = source('- job: {name: unit, run: other}\n', { repository: 'acme/other' });

    expect(only(freeze([other, source(use)])).execution).toMatchObject({ run: ['other'] });
  });

  test('a name in several other repositories is an error at its use', () => {
    const sources = ['acme/one', 'acme/two'].map((repository) =>
      source('- job: {name: unit, run: x}\n', { repository }),
    );

    const { problems } = freeze([...sources, source(use)]);

    expect(problems.map(line)).toEqual([
      'error ambiguous-name 1:28 the job `unit` is defined in several other repositories: acme/one, acme/two',
    ]);
  });

  test("a name in the owner's stanza is the owner's job, not the repository's", () => {
    const policy = '- project: {name: ^acme/.*, check: {jobs: [unit]}}\n';

    const result = freeze([
      ownerSource(`${owner}${policy}`),
      source('- job: {name: unit, run: "true"}\n'),
    ]);

    expect(only(result).execution).toMatchObject({ run: ['owner'] });
  });

  test("another repository's base is not inherited from", () => {
    const other = source('- job: {name: base, parent: null, pre-run: theirs}\n', {
      repository: 'acme/other',
    });

    const result = freeze([other, source(`- job: {name: unit, run: x}\n${use}`)]);

    expect(only(result).execution).toMatchObject({ preRun: [] });
  });
});

describe('branches', () => {
  const text = `- job: {name: t, run: x, timeout: 60}
- job: {name: t, branches: stable, timeout: 120}
- job: {name: old, branches: ^stable/1$, run: x}
- project: {check: {jobs: [t, old, {noop: {branches: [release]}}]}}
`;

  test.each([
    ['main', ['t'], 60_000],
    ['stable', ['t'], 120_000],
    ['stable/1', ['t', 'old'], 120_000],
    ['release-2', ['t', 'noop'], 60_000],
  ])('on %s the variants that match apply in order', (branch, expected, timeoutMs) => {
    const result = check(text, { branch });

    expect(names(result)).toEqual(expected);
    expect(result.jobs[0]).toMatchObject({ timeoutMs });
  });

  test('a job without a matching variant is left out with the reason', () => {
    expect(check(text).reasons).toContainEqual({
      code: 'job-branch-not-matched',
      subject: 'old',
      seen: 'main',
    });
  });

  test('a job whose parent has no matching variant is left out too', () => {
    const result = check(`- job: {name: p, branches: stable, run: x}
- job: {name: c, parent: p}
- project: {check: {jobs: [c]}}
`);

    expect(result).toMatchObject({
      jobs: [],
      problems: [],
      reasons: [{ code: 'job-branch-not-matched', subject: 'c', expected: 'p' }],
    });
  });

  test('definitions of a repository with several branches hold for their own', () => {
    const on = (branch: string, run: string) =>
      source(`- job: {name: unit, run: ${run}}\n- project: {check: {jobs: [unit]}}\n`, { branch });
    const sources = [on('main', 'new'), on('stable', 'old')];

    expect(only(freeze(sources, { branch: 'stable' })).execution).toMatchObject({ run: ['old'] });
    expect(only(freeze(sources, { branch: 'main' })).execution).toMatchObject({ run: ['new'] });
    expect(freeze(sources, { branch: 'main-2' }).jobs).toEqual([]);
  });

  test('explicit branches win over the implied one', () => {
    const sources = [
      source('- job: {name: unit, run: x, branches: .*}\n- project: {check: {jobs: [unit]}}\n'),
      source('- project: {check: {jobs: [unit]}}\n', { branch: 'stable' }),
    ];

    expect(names(freeze(sources, { branch: 'stable' }))).toEqual(['unit']);
  });

  test("the owner's definitions hold for every branch", () => {
    const sources = [
      ownerSource('- job: {name: unit, run: x}\n'),
      source('- project: {check: {jobs: [unit]}}\n', { branch: 'feature' }),
    ];

    expect(names(freeze(sources, { branch: 'feature' }))).toEqual(['unit']);
  });

  test('a stanza can be for certain branches', () => {
    const stanza = '- project: {branches: ^main$, check: {jobs: [noop]}}\n';

    expect(names(check(stanza))).toEqual(['noop']);
    expect(check(stanza, { branch: 'stable' }).jobs).toEqual([]);
  });

  test('for a tag, definitions without branches apply', () => {
    expect(names(check(text, { branch: null }))).toEqual(['t']);
  });

  test('for a tag, branches are matched against the full ref', () => {
    const tagged = '- project: {check: {jobs: [{noop: {branches: [^refs/tags/v]}}]}}\n';
    const on = (ref: string) => check(tagged, { branch: null, ref }).jobs.length;

    expect([on('refs/tags/v1'), on('refs/tags/x')]).toEqual([1, 0]);
  });
});

describe('jobs that a change alters', () => {
  const base = loadLayout([
    ownerSource('- job: {name: deploy, http: https://ci.example.com/deploy}\n'),
    source('- job: {name: unit, run: x}\n- project: {check: {jobs: [unit]}}\n'),
  ]).layout;

  test.each([
    ['nothing changed', '- job: {name: unit, run: x}\n', 'unit', false],
    ['its command', '- job: {name: unit, run: y}\n', 'unit', true],
    ['its preparation', '- job: {name: unit, run: x, pre-run: z}\n', 'unit', true],
    ['its way to run', '- job: {name: unit, http: https://ci.example.com/u}\n', 'unit', true],
    ['its timeout only', '- job: {name: unit, run: x, timeout: 9}\n', 'unit', false],
    ['a new job', '- job: {name: new, run: x}\n', 'new', true],
    ["a use of the owner's job", '', 'deploy', false],
    ["the owner's job under its own name", '- job: {name: deploy, run: x}\n', 'deploy', true],
    ['a child of a job', '- job: {name: kid, parent: deploy}\n', 'kid', true],
  ])('%s', (...[, text, name, expected]) => {
    const result = freeze(
      [
        ownerSource('- job: {name: deploy, http: https://ci.example.com/deploy}\n'),
        source(`${text}- project: {check: {jobs: [${name}]}}\n`),
      ],
      { base },
    );

    expect(only(result).isAlteredByChange).toBe(expected);
  });

  test('a variant in the list of jobs alters it as well', () => {
    const text = '- job: {name: unit, run: x}\n- project: {check: {jobs: [{unit: {run: y}}]}}\n';

    expect(only(freeze([source(text)], { base })).isAlteredByChange).toBe(true);
  });

  test('without a layout to compare with nothing is altered', () => {
    const text = '- job: {name: unit, run: y}\n- project: {check: {jobs: [unit]}}\n';

    expect(only(check(text)).isAlteredByChange).toBe(false);
  });
});

test('freezing twice gives the same', () => {
  const text = `- job: {name: a, run: x}
- job: {name: b, run: x, dependencies: a, files: [b]}
- project: {check: {jobs: [b, a]}}
`;
  const sources = [source(text)];

  expect(freeze(sources, { changedFiles: ['c'] })).toEqual(
    freeze(sources, { changedFiles: ['c'] }),
  );
});

test('repository names do not depend on case', () => {
  const text = '- project: {check: {jobs: [noop]}}\n';

  expect(names(freeze([source(text)], { repository: api.toUpperCase() }))).toEqual(['noop']);
});

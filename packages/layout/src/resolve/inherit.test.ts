import type { FrozenJob } from '@gatehouse/model';
import { describe, expect, test } from 'vitest';
import { api, freeze, line, ownerSource, source } from '../test-support.ts';
import type { FreezeRequest } from './request.ts';

/** Freezes the job `child`, used as `use`, from the definitions of one file. */
function child(definitions: string, use = 'child'): FrozenJob {
  const { jobs, problems } = freeze([source(textOf(definitions, use))]);
  expect(problems.map(line)).toEqual([]);
  const [job] = jobs;
  if (job === undefined) throw new Error('the job was not frozen');
  return job;
}

function refusals(
  definitions: string,
  use = 'child',
  request: Partial<FreezeRequest> = {},
): readonly string[] {
  const { jobs, problems } = freeze([source(textOf(definitions, use))], request);
  if (problems.length > 0) expect(jobs).toEqual([]);
  return problems.map(({ code }) => code);
}

function textOf(definitions: string, use: string): string {
  return `${definitions}\n- project: {check: {jobs: [${use}]}, gate: {jobs: [${use}]}}\n`;
}

describe('a child combines its attributes with those of its parent', () => {
  test.each([
    ['run replaces', 'run: a', 'run: b', { execution: { run: ['b'] } }],
    ['run is inherited', 'run: a', 'timeout: 1', { execution: { run: ['a'] } }],
    [
      'pre-run is added after',
      'run: a, pre-run: p',
      'pre-run: c',
      { execution: { preRun: ['p', 'c'] } },
    ],
    [
      'post-run is added before',
      'run: a, post-run: p',
      'post-run: c',
      { execution: { postRun: ['c', 'p'] } },
    ],
    [
      'http replaces run',
      'run: a, pre-run: p',
      'http: https://x.example',
      { execution: { kind: 'http' } },
    ],
    [
      'run replaces http',
      'http: https://x.example',
      'run: b, pre-run: c',
      { execution: { kind: 'command', preRun: ['c'] } },
    ],
    [
      'workflow replaces http',
      'http: https://x.example',
      'workflow: w.yml',
      { execution: { kind: 'workflow', file: 'w.yml' } },
    ],
    ['timeout replaces', 'run: a, timeout: 1', 'timeout: 2', { timeoutMs: 2_000 }],
    ['timeout is inherited', 'run: a, timeout: 1', 'attempts: 2', { timeoutMs: 1_000 }],
    ['attempts replace', 'run: a, attempts: 5', 'attempts: 2', { attempts: 2 }],
    ['voting replaces', 'run: a, voting: false', 'voting: true', { isVoting: true }],
    ['voting is inherited', 'run: a, voting: false', 'timeout: 1', { isVoting: false }],
    [
      'vars merge deeply',
      'run: a, vars: {x: {p: 1, q: 1}, l: [1]}',
      'vars: {x: {q: 2}, l: [2]}',
      { vars: { x: { p: 1, q: 2 }, l: [2] } },
    ],
    [
      'vars !override replaces',
      'run: a, vars: {x: 1}',
      'vars: !override {y: 2}',
      { vars: { y: 2 } },
    ],
    [
      'a map replaces a text in vars',
      'run: a, vars: {x: 1}',
      'vars: {x: {y: 2}}',
      { vars: { x: { y: 2 } } },
    ],
    [
      'messages replace',
      'run: a, success-message: p',
      'success-message: c',
      { successMessage: 'c' },
    ],
  ])('%s', (...[, parent, own, expected]) => {
    const definitions = `- job: {name: parent, ${parent}}\n- job: {name: child, parent: parent, ${own}}`;

    expect(child(definitions)).toMatchObject(expected);
  });

  test.each([
    ['files override by default', 'files: [b]', ['a'], false],
    ['files !inherit adds', 'files: !inherit [b]', ['a'], true],
    [
      'irrelevant-files override by default',
      'files: !override [], irrelevant-files: [a]',
      ['a'],
      false,
    ],
  ])('%s', (...[, own, changedFiles, isRun]) => {
    const definitions = `- job: {name: parent, run: x, files: [a]}\n- job: {name: child, parent: parent, ${own}}`;
    const { jobs } = freeze([source(textOf(definitions, 'child'))], { changedFiles });

    expect(jobs.length === 1).toBe(isRun);
  });

  test.each([
    ['dependencies override by default', 'dependencies: [noop]', ['noop']],
    ['dependencies !inherit adds', 'dependencies: !inherit [noop]', ['other', 'noop']],
  ])('%s', (...[, own, expected]) => {
    const definitions = `- job: {name: other, run: x}
- job: {name: parent, run: x, dependencies: [other]}
- job: {name: child, parent: parent, ${own}}`;
    const { jobs } = freeze([source(textOf(definitions, 'child, other, noop'))]);

    expect(jobs[0]?.dependencies.map(({ name }) => name)).toEqual(expected);
  });

  test('a dependency that is added again takes its new form', () => {
    const definitions = `- job: {name: parent, run: x, dependencies: [noop]}
- job: {name: child, parent: parent, dependencies: !inherit [{name: noop, soft: true}]}`;

    expect(child(definitions, 'child, noop').dependencies).toEqual([
      { name: 'noop', isSoft: true },
    ]);
  });

  test('all the way up, base first', () => {
    const definitions = `- job: {name: base, parent: null, pre-run: one, post-run: one, vars: {a: 1}}
- job: {name: middle, pre-run: two, post-run: two, vars: {b: 2}}
- job: {name: child, parent: middle, run: x, pre-run: three, post-run: three}`;

    expect(child(definitions)).toMatchObject({
      execution: { preRun: ['one', 'two', 'three'], postRun: ['three', 'two', 'one'] },
      vars: { a: 1, b: 2 },
    });
  });

  test('a parent is applied once, however many variants of the child name it', () => {
    const definitions = `- job: {name: parent, pre-run: p}
- job: {name: child, parent: parent, run: x}
- job: {name: child, parent: parent, timeout: 5}`;

    expect(child(definitions)).toMatchObject({ execution: { preRun: ['p'] }, timeoutMs: 5_000 });
  });

  test('`base` inherits from nothing, also when it does not say so', () => {
    const base = '- job: {name: base, pre-run: b}\n';

    expect(child(`${base}- job: {name: child, run: a}`)).toMatchObject({
      execution: { preRun: ['b'], run: ['a'] },
    });
  });

  test('a template that is named twice counts once', () => {
    const text = `- job: {name: child, run: a}
- project-template: {name: t, check: {jobs: [child: {pre-run: p}]}}
- project: {templates: [t, t]}\n`;

    expect(freeze([source(text)]).jobs).toMatchObject([{ execution: { preRun: ['p'] } }]);
  });

  test('branches that are an empty list are every branch', () => {
    const { jobs } = freeze([
      source(textOf('- job: {name: child, run: a, branches: []}', 'child')),
    ]);

    expect(jobs.map(({ name }) => name)).toEqual(['child']);
  });

  test('vars cannot reach a prototype', () => {
    const definitions = `- job: {name: parent, run: x, vars: {constructor: {prototype: {a: 1}}}}
- job: {name: child, parent: parent, vars: {constructor: {prototype: {b: 2}}, toString: t}}`;

    const { vars } = child(definitions);

    expect(vars).toEqual({ constructor: { prototype: { a: 1, b: 2 } }, toString: 't' });
    expect(Object.hasOwn(Object.prototype, 'b')).toBe(false);
  });
});

describe('a use in a project is a last variant', () => {
  test.each([
    ['it replaces', '{child: {run: y}}', { execution: { run: ['y'] } }],
    ['it merges vars', '{child: {vars: {b: 2}}}', { vars: { a: 1, b: 2 } }],
    ['it makes a job non-voting', '{child: {voting: false}}', { isVoting: false }],
    ['it makes the built-in job run something', '{noop: {run: z}}', { execution: { run: ['z'] } }],
  ])('%s', (...[, use, expected]) => {
    expect(child('- job: {name: child, run: x, vars: {a: 1}}', use)).toMatchObject(expected);
  });
});

describe('guards', () => {
  test.each([
    [
      'an abstract job does not run',
      '- job: {name: child, run: x, abstract: true}',
      'child',
      ['abstract-job'],
    ],
    [
      'a child of an abstract job does',
      '- job: {name: p, run: x, abstract: true}\n- job: {name: child, parent: p}',
      'child',
      [],
    ],
    ['base does not run', '', 'base', ['abstract-job']],
    [
      'nothing inherits from a final job',
      '- job: {name: p, run: x, final: true}\n- job: {name: child, parent: p}',
      'child',
      ['final-job'],
    ],
    ['a final job runs', '- job: {name: child, run: x, final: true}', 'child', []],
    [
      'a final job keeps its execution',
      '- job: {name: child, run: x, final: true}',
      '{child: {vars: {a: 1}}}',
      ['final-job'],
    ],
    [
      'a final job may be made non-voting',
      '- job: {name: child, run: x, final: true}',
      '{child: {voting: false, files: [a]}}',
      [],
    ],
    [
      'a variant of a final job keeps it too',
      '- job: {name: child, run: x, final: true}\n- job: {name: child, timeout: 3}',
      'child',
      ['final-job'],
    ],
    [
      'an intermediate job is for abstract ones',
      '- job: {name: p, run: x, abstract: true, intermediate: true}\n- job: {name: child, parent: p}',
      'child',
      ['intermediate-job'],
    ],
    [
      'an intermediate job below an abstract one',
      '- job: {name: p, run: x, abstract: true, intermediate: true}\n- job: {name: q, parent: p, abstract: true}\n- job: {name: child, parent: q}',
      'child',
      [],
    ],
    [
      'a frozen attribute',
      '- job: {name: p, run: x, attribute-control: {vars: {final: true}}}\n- job: {name: child, parent: p, vars: {a: 1}}',
      'child',
      ['final-attribute'],
    ],
    [
      'other attributes beside a frozen one',
      '- job: {name: p, run: x, attribute-control: {vars: {final: true}}}\n- job: {name: child, parent: p, timeout: 1}',
      'child',
      [],
    ],
    ['a job says what to run', '- job: {name: child, timeout: 1}', 'child', ['nothing-to-run']],
    [
      'an empty list is nothing to run',
      '- job: {name: child, run: []}',
      'child',
      ['nothing-to-run'],
    ],
    [
      'preparation alone is nothing to run',
      '- job: {name: child, pre-run: x}',
      'child',
      ['nothing-to-run'],
    ],
    [
      'preparation of an http job',
      '- job: {name: p, http: "https://x.example"}\n- job: {name: child, parent: p, pre-run: x}',
      'child',
      ['two-executors'],
    ],
    [
      'projects that may use it',
      '- job: {name: child, run: x, allowed-projects: [Acme/API]}',
      'child',
      [],
    ],
    [
      'a project that may not',
      '- job: {name: child, run: x, allowed-projects: acme/other}',
      'child',
      ['project-not-allowed'],
    ],
    [
      'the projects of all variants',
      '- job: {name: p, run: x, allowed-projects: [acme/api]}\n- job: {name: child, parent: p, allowed-projects: [acme/b]}',
      'child',
      ['project-not-allowed'],
    ],
    [
      'a post-review job in check',
      '- job: {name: child, run: x, post-review: true}',
      'child',
      ['post-review-job'],
    ],
    [
      'a child of a post-review job',
      '- job: {name: p, run: x, post-review: true}\n- job: {name: child, parent: p}',
      'child',
      ['post-review-job'],
    ],
    [
      'a job with a secret in check',
      '- secret: {name: s, data: {}}\n- job: {name: child, run: x, secrets: s}',
      'child',
      ['post-review-job'],
    ],
    [
      'an undefined parent',
      '- job: {name: child, run: x, parent: nothing}',
      'child',
      ['undefined-job'],
    ],
    [
      'a loop of parents',
      '- job: {name: p, parent: child}\n- job: {name: child, run: x, parent: p}',
      'child',
      ['inheritance-loop'],
    ],
  ])('%s', (...[, definitions, use, expected]) => {
    expect(refusals(definitions, use)).toEqual(expected);
  });

  test('a post-review job runs in a post-review pipeline', () => {
    const definitions = '- job: {name: child, run: x, post-review: true}';

    expect(refusals(definitions, 'child', { pipeline: 'gate' })).toEqual([]);
  });

  test('a job that would not run is not judged', () => {
    const definitions = '- job: {name: child, run: x, abstract: true, files: [docs]}';

    expect(refusals(definitions, 'child, noop', { changedFiles: ['src'] })).toEqual([]);
  });

  test("secrets of the owner's jobs do not make them post-review", () => {
    const owner = '- secret: {name: s, data: {}}\n- job: {name: child, run: x, secrets: s}\n';
    const use = source('- project: {check: {jobs: [child]}}\n');

    const { jobs, problems } = freeze([ownerSource(owner), use]);

    expect(problems).toEqual([]);
    expect(jobs[0]?.secrets).toEqual(['s']);
  });

  test('a protected job is for its own repository only', () => {
    const owner = ownerSource('- job: {name: p, run: x, protected: true}\n');
    const inherit = '- job: {name: child, parent: p}\n- project: {check: {jobs: [child]}}\n';
    const use = '- project: {check: {jobs: [p]}}\n';
    const vary = '- project: {check: {jobs: [{p: {timeout: 3}}]}}\n';
    const codes = (text: string) => freeze([owner, source(text)]).problems.map(({ code }) => code);

    expect(codes(inherit)).toEqual(['protected-job']);
    expect(codes(use)).toEqual([]);
    expect(codes(vary)).toEqual(['protected-job']);
  });

  test('another repository may say when a protected job runs, not how', () => {
    const owner = ownerSource('- job: {name: p, run: x, protected: true}\n');
    const use = 'voting: false, files: src/, dependencies: [], success-message: ok';
    const vary = `- project: {check: {jobs: [{p: {${use}}}]}}\n`;

    const { jobs, problems } = freeze([owner, source(vary)]);

    expect(problems).toEqual([]);
    expect(jobs).toMatchObject([{ name: 'p', isVoting: false }]);
  });

  test.each(['final', 'protected', 'abstract', 'intermediate', 'success-url', 'failure-url'])(
    'a final job may be given `%s`, which changes nothing about its run',
    (attribute) => {
      const value = attribute.endsWith('url') ? 'docs/' : attribute === 'final';
      const definitions = `- job: {name: child, run: x, final: true}
- job: {name: child, ${attribute}: ${value}}`;

      expect(refusals(definitions)).toEqual([]);
    },
  );

  test("allowed-projects do not bind the owner's own use", () => {
    const owner = `- job: {name: child, run: x, allowed-projects: acme/other}
- project: {name: ${api}, check: {jobs: [child]}}\n`;

    expect(freeze([ownerSource(owner)]).problems).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import {
  api,
  configuration,
  errorsOf,
  line,
  load,
  ownerSource,
  problemsOf,
  source,
} from '../test-support.ts';
import { loadLayout } from './load.ts';
import { pipelinesFor } from './names.ts';
import { takesPart } from './stanzas.ts';

const pipeline = (name: string, more = '') =>
  `- pipeline: {name: ${name}, manager: independent, trigger: {}${more}}\n`;
const job = (name: string, more = 'run: x') => `- job: {name: ${name}, ${more}}\n`;

test('a layout survives a JSON round trip unchanged', () => {
  const { layout } = loadLayout([
    ownerSource(
      `${pipeline('nightly')}${job('lint')}- project: {name: ^acme/, check: {jobs: [lint]}}\n`,
    ),
    source(
      `${job('unit')}${job('broken', 'rnu: x')}- project: {check: {jobs: [unit]}, queue: main}\n`,
    ),
  ]);

  expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
});

test('files are read in the order of their paths, whatever order they come in', () => {
  const files = [
    { path: '.gatehouse.d/b.yaml', text: job('second') },
    { path: '.gatehouse.d/a.yaml', text: job('first') },
  ];

  const { layout } = loadLayout([source('', { files })]);

  expect(layout.jobs.map(({ name }) => name)).toEqual(['first', 'second']);
});

test('the same text gives the same layout, the same problems and the same order', () => {
  const text = `${job('a', 'rnu: x')}- project: {chek: {jobs: [nothing]}}\n`;

  expect(load(text)).toEqual(load(text));
});

test('a file object that comes again is not read again', () => {
  const first = source(`${job('a')}${job('b')}`);

  const one = loadLayout([first]).layout.jobs[0]?.attributes;
  const two = loadLayout([{ ...first }]).layout.jobs[0]?.attributes;

  expect(one).toBe(two);
});

test('what takes long to read is bounded over all files of a source, and the rest is read', () => {
  const elaborate = `- job: {name: &name a, run: x}\n${'# and so on\n'.repeat(30_000)}`;
  const files = [
    { path: '.gatehouse.d/a.yaml', text: elaborate },
    { path: '.gatehouse.d/b.yaml', text: elaborate },
    { path: '.gatehouse.d/c.yaml', text: job('plain') },
  ];

  const { layout, problems } = loadLayout([source('', { files })]);

  expect(layout.jobs.map(({ name }) => name)).toEqual(['a', 'plain']);
  expect(problems).toMatchObject([{ code: 'too-elaborate', path: '.gatehouse.d/b.yaml' }]);
});

test('a file object read for one repository is read anew for another', () => {
  const files = [{ path: 'a.yaml', text: job('unit') }];

  loadLayout([source('', { files })]);
  const { layout } = loadLayout([source('', { files, repository: 'acme/other' })]);

  expect(layout.jobs[0]?.place.repository).toBe('acme/other');
});

describe('who may define what', () => {
  const names = (layout: Parameters<typeof pipelinesFor>[0], repository: string) =>
    pipelinesFor(layout, repository).map(({ name }) => name);

  test("the owner's pipelines are for all repositories, a repository's own for itself", () => {
    const { layout, problems } = loadLayout([
      ownerSource(pipeline('nightly')),
      source(pipeline('own')),
    ]);

    expect(problems).toEqual([]);
    expect(names(layout, api)).toEqual(['check', 'gate', 'post', 'nightly', 'own']);
    expect(names(layout, 'acme/other')).toEqual(['check', 'gate', 'post', 'nightly']);
  });

  test('a pipeline of the same name replaces a built-in one in its place', () => {
    const { layout } = loadLayout([ownerSource(pipeline('gate', ', description: ours'))]);

    expect(pipelinesFor(layout, api).map(({ name, description }) => [name, description])).toEqual([
      ['check', null],
      ['gate', 'ours'],
      ['post', null],
    ]);
  });

  test("a repository may not redefine a pipeline of the owner's configuration", () => {
    const { layout, problems } = loadLayout([
      source(pipeline('check', ', description: mine')),
      ownerSource(pipeline('check', ', description: ours')),
    ]);

    expect(problems.map(line)).toEqual([
      expect.stringMatching(
        /^error not-permitted 1:20 the pipeline `check` is defined in the owner/,
      ),
    ]);
    expect(pipelinesFor(layout, api)[0]?.description).toBe('ours');
  });

  test('pipelines are read from the default branch only', () => {
    const { layout, problems } = loadLayout([
      source(pipeline('own')),
      source(pipeline('old'), { branch: 'stable' }),
    ]);

    expect(names(layout, api)).toContain('own');
    expect(names(layout, api)).not.toContain('old');
    expect(problems.map(({ code }) => code)).toEqual(['no-effect']);
  });

  test('which branch is the default one can be said', () => {
    const { layout } = loadLayout([
      source(pipeline('old'), { branch: 'a', isDefaultBranch: false }),
      source(pipeline('own'), { branch: 'b', isDefaultBranch: true }),
    ]);

    expect(names(layout, api)).toEqual(['check', 'gate', 'post', 'own']);
  });

  test("only the owner's repository defines base jobs, and base itself", () => {
    const text = `${job('base', 'parent: null, run: x')}${job('minimal', 'parent: null, run: x')}`;

    expect(errorsOf(text)).toEqual(['not-permitted 2:24']);
    expect(loadLayout([ownerSource(text)]).problems).toEqual([]);
  });
});

describe('undefined names are errors at their place', () => {
  test.each([
    ['a parent', job('unit', 'parent: bsae, run: x'), 'undefined-job 1:29'],
    ['a job of a project', '- project: {check: {jobs: [unti]}}\n', 'undefined-job 1:28'],
    ['a template', '- project: {templates: [nothing]}\n', 'undefined-template 1:25'],
    ['a pipeline', '- project: {chek: {jobs: [noop]}}\n', 'undefined-pipeline 1:13'],
    ['a superseded pipeline', pipeline('own', ', supercedes: chek'), 'undefined-pipeline 1:72'],
    ['a secret', job('unit', 'run: x, secrets: [s]'), 'undefined-secret 1:39'],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected]);
  });

  test('with the nearest name', () => {
    const { problems } = load(`${job('integration')}- project: {check: {jobs: [integartion]}}\n`);

    expect(problems[0]?.remedy).toBe('Did you mean `integration`?');
  });

  test.each([
    ['a queue', '- project: {queue: main}\n', 'warning undefined-queue'],
    ['a semaphore', job('unit', 'run: x, semaphores: [s]'), 'warning undefined-semaphore'],
    [
      'a pipeline of a template',
      '- project-template: {name: t, chek: {jobs: [noop]}}\n',
      'warning undefined-pipeline',
    ],
  ])('%s is only a warning', (_, text, expected) => {
    const found = problemsOf(text).filter((problem) => !problem.includes('no-effect-yet'));

    expect(found).toEqual([expect.stringMatching(`^${expected} `)]);
  });

  test('a name whose definition has an error is not told twice', () => {
    const text = `${job('unit', 'rnu: x')}- project: {check: {jobs: [unit]}}\n`;

    expect(errorsOf(text)).toEqual(['unknown-key 1:21']);
  });

  test('a loop of inheritance names its way', () => {
    const text = `${job('a', 'parent: b, run: x')}${job('b', 'parent: c')}${job('c', 'parent: a')}`;

    expect(problemsOf(text)).toEqual([
      'error inheritance-loop 1:26 a job inherits from itself: a → b → c → a',
      'error inheritance-loop 2:26 a job inherits from itself: b → c → a → b',
      'error inheritance-loop 3:26 a job inherits from itself: c → a → b → c',
    ]);
  });

  test('a job that inherits from itself', () => {
    expect(errorsOf(job('a', 'parent: a, run: x'))).toEqual(['inheritance-loop 1:26']);
  });
});

describe('a name stands once', () => {
  test.each([
    ['a pipeline', pipeline('own')],
    ['a queue', '- queue: {name: own}\n'],
    ['a semaphore', '- semaphore: {name: own}\n'],
    ['a nodeset', '- nodeset: {name: own, nodes: []}\n'],
  ])('%s twice is an error that names the first place', (_, text) => {
    const { problems: all } = load(`${text}${text}`);
    const problems = all.filter(({ level }) => level === 'error');

    expect(problems).toMatchObject([
      { level: 'error', code: 'duplicate-name', range: { startLine: 2 } },
    ]);
    expect(problems[0]?.message).toContain('acme/api .gatehouse.yaml:1');
  });

  test('jobs of one name are variants, and templates of one name are merged', () => {
    const template = '- project-template: {name: t, check: {jobs: [noop]}}\n';

    expect(problemsOf(`${job('a')}${job('a')}${template}${template}`)).toEqual([]);
  });

  test('the same queue on two branches is one queue, a different one is an error', () => {
    const same = source('- queue: {name: main, per-branch: true}\n', { branch: 'stable' });
    const other = source('- queue: {name: main}\n', { branch: 'stable' });
    const first = source('- queue: {name: main, per-branch: true}\n');

    expect(loadLayout([first, same]).problems).toEqual([]);
    expect(loadLayout([first, other]).problems.map(({ code }) => code)).toEqual(['duplicate-name']);
  });

  test('secrets are of their repository, so that others may use the same name', () => {
    const secret = '- secret: {name: token, data: {a: b}}\n';

    const { problems } = loadLayout([source(secret), source(secret, { repository: 'acme/other' })]);

    expect(problems.map(({ code }) => code)).toEqual(['no-effect-yet', 'no-effect-yet']);
  });
});

describe('taking part', () => {
  const template = '- project-template: {name: t, gate: {jobs: [noop]}}\n';

  test.each([
    ['by its own stanza', [source('- project: {gate: {jobs: [noop]}}\n')], true],
    ['by a template', [source(`${template}- project: {templates: [t]}\n`)], true],
    [
      "by the owner's stanza",
      [ownerSource('- project: {name: Acme/API, gate: {jobs: [noop]}}\n')],
      true,
    ],
    [
      'by an expression',
      [ownerSource('- project: {name: ^acme/a.*, gate: {jobs: [noop]}}\n')],
      true,
    ],
    [
      'with the host before it',
      [ownerSource("- project: {name: '^github.com/acme/api', gate: {jobs: []}}\n")],
      true,
    ],
    [
      'not by an expression that matches a part',
      [ownerSource('- project: {name: ^acme/a, gate: {jobs: [noop]}}\n')],
      false,
    ],
    ['not by another pipeline', [source('- project: {check: {jobs: [noop]}}\n')], false],
    ['not without a stanza', [source(template)], false],
    [
      'not by a stanza for another',
      [ownerSource('- project: {name: acme/b, gate: {jobs: [noop]}}\n')],
      false,
    ],
  ])('%s', (_, sources, expected) => {
    expect(takesPart(loadLayout(sources).layout, api, 'gate')).toBe(expected);
  });
});

test('problems say which repository, branch and file they are about', () => {
  const { problems } = loadLayout([
    ownerSource('- nonsense\n', { branch: null }),
    source('- nonsense\n', { branch: 'stable', files: [{ path: 'zuul.d/x.yaml', text: '- 1\n' }] }),
  ]);

  expect(problems).toMatchObject([
    { repository: configuration, branch: null, path: '.gatehouse.yaml' },
    { repository: api, branch: 'stable', path: 'zuul.d/x.yaml' },
  ]);
});

import { describe, expect, test } from 'vitest';
import { fileProblemsMax, referenceProblemsMax } from '../limits.ts';
import { errorsOf, load, problemsOf } from '../test-support.ts';
import { repairCharactersMax } from '../yaml/repair.ts';

describe('an item is a map with one key, its type', () => {
  test.each([
    ['a text', '- job\n', 'error item-not-map 1:3'],
    ['a list', '- [job]\n', 'error item-not-map 1:3'],
    ['nothing', '-\n', 'error item-not-map 1:2'],
    ['an empty map', '- {}\n', 'error item-keys 1:3'],
    ['attributes beside the type', '- job:\n  name: unit\n', 'error item-keys 2:3'],
    ['an unknown type', '- jobs: {}\n', 'error unknown-item 1:3'],
    ['a type in capitals', '- Job: {}\n', 'error unknown-item 1:3'],
    ['a type without attributes', '- job:\n', 'error missing-key 1:3'],
    ['a type with a text', '- job: unit\n', 'error wrong-type 1:8'],
    ['a type with a list', '- queue: [a]\n', 'error wrong-type 1:10'],
  ])('%s is not', (_, text, expected) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(`^${expected} `)]);
  });

  test('an unknown type names the nearest known one', () => {
    expect(load('- projcet: {}\n').problems[0]?.remedy).toBe('Did you mean `project`?');
  });

  test.each(['image', 'flavor', 'label', 'section', 'provider'])(
    "%s items are Zuul's node launcher's and load without effect",
    (type) => {
      expect(problemsOf(`- ${type}: {any: thing}\n`)).toEqual([
        expect.stringMatching(/^warning no-effect 1:3 /),
      ]);
    },
  );
});

test('a broken item leaves its neighbours alone', () => {
  const { layout } = load(
    `- job: {name: first, run: x}
- job: {name: second, rnu: x}
- job: {name: third, run: x}
- nonsense
- job: {name: fourth, name: again}
- queue: {name: main}
`,
  );

  expect(layout.jobs.map(({ name }) => name)).toEqual(['first', 'third']);
  expect(layout.queues.map(({ name }) => name)).toEqual(['main']);
  expect(layout.broken.map(({ type, name }) => `${type} ${name}`)).toEqual([
    'job second',
    'job fourth',
  ]);
});

test('all errors of a file are told in one pass, in the order of its lines', () => {
  const found = problemsOf(
    `- job: {name: a, name: b, timeout: soon, vars: {zuul: 1}}
- project: {chek: {jobs: [unit, {x: {voting: 3}}]}}
- semaphore: {max: -1}
- secret: {name: s}
`,
  );

  expect(found.map((problem) => problem.split(' ').slice(0, 3).join(' '))).toEqual([
    'error duplicate-key 1:18',
    'error wrong-type 1:36',
    'error forbidden-variable 1:49',
    'error wrong-type 2:46',
    'error missing-key 3:15',
    'error out-of-range 3:20',
    'warning no-effect-yet 4:3',
    'error missing-key 4:12',
  ]);
});

test('an anchor in one item serves another, even when its own item has an error', () => {
  const { layout } = load(
    '- job: {name: a, oops: 1, vars: &v {x: 1}}\n- job: {name: b, vars: *v}\n',
  );

  expect(layout.jobs[0]).toMatchObject({ name: 'b', attributes: { vars: { value: { x: 1 } } } });
});

test('what is used through several aliases is told once, where it stands', () => {
  const found = problemsOf(`- project:
    check: &jobs
      jobs:
        - nope: {tags: x, files: ['(?=a)b']}
    gate: *jobs
    post: *jobs
`);

  expect(found.map((problem) => problem.split(' ').slice(0, 3).join(' '))).toEqual([
    'warning no-effect-yet 4:18',
    'warning look-around 4:35',
    'error undefined-job 4:11',
  ]);
});

test('the problems of one file are bounded and the rest is counted', () => {
  const { problems } = load('- nonsense\n'.repeat(fileProblemsMax + 7));

  expect(problems).toHaveLength(fileProblemsMax + 1);
  expect(problems.at(-1)?.message).toBe('7 further problems are not shown');
});

describe('what is meant to cost much costs little', () => {
  test('of many unknown keys as many are looked into as are shown', () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => `k${at}: 1`);

    const { problems } = load(`- job: {name: a, ${keys.join(', ')}}\n`);

    expect(problems).toHaveLength(fileProblemsMax + 1);
  });

  test('of many undefined names the first come with a suggestion, and a bounded number is told', () => {
    const jobs = Array.from(
      { length: 3_000 },
      (_, at) => `- job: {name: job${at}, parent: jbo${at}}`,
    );

    const { problems } = load(jobs.join('\n'));

    expect(problems).toHaveLength(referenceProblemsMax + 1);
    expect(problems[0]?.remedy).toBe('Did you mean `job0`?');
    expect(problems.at(-2)?.remedy).toBe('Define it, or correct the name.');
    expect(problems.at(-1)?.message).toBe('1000 further problems are not shown');
  });

  test('a chain of parents is followed no further than one may be long', () => {
    const jobs = Array.from(
      { length: 5_000 },
      (_, at) => `- job: {name: j${at}, parent: j${at + 1}}`,
    );

    expect(errorsOf(`${jobs.join('\n')}\n- job: {name: j5000, run: x}\n`)).toEqual([]);
  });

  test('quoted text that a library ends early is mended in files of usual size only', () => {
    const text = '- job:\n    name: a\n    run: "x\n  y"\n';

    expect(errorsOf(text)).toEqual([]);
    expect(errorsOf(`# ${'x'.repeat(repairCharactersMax)}\n${text}`)).toEqual(['broken-yaml 4:10']);
  });
});

describe('a text as editors of other systems write it', () => {
  test('may begin with a byte order mark, which counts as no column', () => {
    const { layout, problems } = load('\ufeff- job: {name: a, oops: 1}\n- job: {name: b}\n');

    expect(layout.jobs.map(({ name }) => name)).toEqual(['b']);
    expect(problems[0]?.range).toMatchObject({ startLine: 1, startColumn: 18 });
  });

  test('may end its lines with a carriage return', () => {
    const { layout, problems } = load(
      '- job:\r\n    name: a\r\n    run: |\r\n      x\r\n      y\r\n- queue: {nmae: q}\r\n',
    );

    expect(layout.jobs[0]?.attributes.run).toEqual(['x\ny\n']);
    expect(problems.map(({ range }) => range?.startLine)).toEqual([6, 6]);
  });
});

test.each(['image', 'flavor', 'label', 'section', 'provider'])(
  'an item of the node launcher is a map of attributes too: %s',
  (type) => {
    expect(errorsOf(`- ${type}: small\n`)).toEqual([`wrong-type 1:${type.length + 5}`]);
    expect(errorsOf(`- ${type}: {name: small}\n`)).toEqual([]);
  },
);

describe('an encrypted value is a text or a list of texts', () => {
  test.each([
    ['- secret: {name: s, data: {a: !encrypted/pkcs1-oaep abc=}}\n', []],
    ['- secret: {name: s, data: {a: !encrypted/pkcs1-oaep [abc=, 12]}}\n', []],
    ['- secret: {name: s, data: {a: [!encrypted/pkcs1-oaep [abc=]]}}\n', []],
    ['- secret: {name: s, data: {a: !encrypted/pkcs1-oaep {b: c}}}\n', ['wrong-type 1:53']],
    ['- secret: {name: s, data: {a: !encrypted/pkcs1-oaep [[b]]}}\n', ['wrong-type 1:53']],
  ])('%s', (text, expected) => {
    expect(errorsOf(text)).toEqual(expected);
  });
});

describe('the small items', () => {
  test('have their attributes and defaults', () => {
    const { layout } = load(
      `- queue: {name: main, per-branch: yes}
- semaphore: {name: one}
- semaphore: {name: five, max: 5}
- secret: {name: s, data: {password: !encrypted/pkcs1-oaep [abc, def]}}
- nodeset: {name: n, nodes: [{name: a, label: b}]}
`,
    );

    expect(layout.queues).toMatchObject([{ name: 'main', isPerBranch: true }]);
    expect(layout.semaphores).toMatchObject([
      { name: 'one', max: 1 },
      { name: 'five', max: 5 },
    ]);
    expect(layout.secrets.map(({ name }) => name)).toEqual(['s']);
    expect(layout.nodesets.map(({ name }) => name)).toEqual(['n']);
  });

  test.each([
    '- secret: {name: s, data: {password: hunter2}}\n',
    '- secret: {name: s, data: hunter2}\n',
    '- secret: {name: s, data: {password: !hidden hunter2}}\n',
    '- secret: {name: s, data: {password: [hunter2}}\n',
    '- secret: {name: s, data: {password: "a" hunter2}}\n',
    '- secret:\n    data:\n      password: "a" "hunter2"\n',
    '- secret:\n    data:\n     hunter2\n    name: s\n',
    '- secret: {name: s, data: {password: *hunter2}}\n',
    '- secret: {name: s, data: {password: !hunter2 }}\n',
    '- secret: {name: s, data: {password: !hunter2 x}}\n',
    '- secerts: {name: s, data: {password: hunter2}}\n',
    '- secrets: {name: s, data: {password: *hunter2}}\n',
    '- secret: {name: s, data: {password: "a\\uhunter2"}}\n',
  ])('neither a layout nor a problem holds what a secret says: %j', (text) => {
    const { layout, problems } = load(text);

    expect(JSON.stringify({ layout, problems })).not.toContain('hunter2');
  });
});

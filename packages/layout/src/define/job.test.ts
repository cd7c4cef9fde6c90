import { describe, expect, test } from 'vitest';
import type { JobDefinition } from '../definitions.ts';
import { load, problemsOf } from '../test-support.ts';
import { isPlaybook } from './job.ts';

function job(attributes: string): JobDefinition {
  const { layout, problems } = load(`- job: {name: unit, ${attributes}}\n`);
  const [found] = layout.jobs;
  if (found === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return found;
}

function problems(attributes: string): readonly string[] {
  return problemsOf(`- job: {name: unit, ${attributes}}\n`);
}

describe('executors', () => {
  test.each([
    ['a command line', 'run: npm test', { run: ['npm test'] }],
    ['several of them', 'run: [npm ci, npm test]', { run: ['npm ci', 'npm test'] }],
    ['a map with a name', 'run: {name: npm test}', { run: ['npm test'] }],
    [
      'preparation and after-care',
      'pre-run: npm ci, post-run: [a, b]',
      { run: null, preRun: ['npm ci'], postRun: ['a', 'b'] },
    ],
    [
      'an address',
      'http: https://ci.example.com/x',
      { http: { url: 'https://ci.example.com/x', headers: {} } },
    ],
    [
      'an address with headers',
      'http: {url: "https://ci.example.com/{change.number}", headers: {X-A: "{build.id}"}}',
      { http: { url: 'https://ci.example.com/{change.number}', headers: { 'X-A': '{build.id}' } } },
    ],
    [
      'a workflow',
      'workflow: ci.yml',
      { workflow: { file: 'ci.yml', inputs: {}, ref: null, repository: null } },
    ],
    [
      'a workflow with inputs',
      'workflow: {file: .github/workflows/ci.yml, inputs: {a: 1, b: yes}, ref: main}',
      {
        workflow: { file: 'ci.yml', inputs: { a: '1', b: 'true' }, ref: 'main', repository: null },
      },
    ],
  ])('%s', (_, attributes, expected) => {
    expect(job(attributes).attributes).toMatchObject(expected);
    expect(problems(attributes)).toEqual([]);
  });

  test.each([
    ['two at once', 'run: x, http: https://a.example', 'error two-executors 1:29'],
    ['http and workflow', 'http: https://a.example, workflow: a.yml', 'error two-executors 1:46'],
    ['pre-run beside http', 'pre-run: x, http: https://a.example', 'error two-executors 1:33'],
    ['an address that is none', 'http: ci.example.com', 'error malformed 1:27'],
    ['another scheme', 'http: ftp://a.example', 'error malformed 1:27'],
    ['a workflow without a file', 'workflow: {inputs: {}}', 'error missing-key 1:21'],
    ['a workflow that is no file', 'workflow: ci', 'error malformed 1:31'],
    ['an empty command', "run: ''", 'error out-of-range 1:26'],
    ['a command that is a number', 'run: 3', 'error wrong-type 1:26'],
    [
      'a bad header name',
      'http: {url: "https://a.example", headers: {"a b": x}}',
      'error malformed',
    ],
    ['an unknown field', 'run: "echo {change.titel}"', 'error unknown-field 1:26'],
    ['a field that is not offered', 'run: "echo {change.title}"', 'error unknown-field 1:26'],
    [
      'a field in a header',
      'http: {url: "https://a.example", headers: {A: "{build.no}"}}',
      'error unknown-field 1:67',
    ],
    ['a playbook', 'run: playbooks/run.yaml', 'warning playbook 1:26'],
    ['a cleanup step', 'post-run: {name: x, cleanup: true}', 'warning no-effect-yet 1:41'],
  ])('%s is told', (_, attributes, expected) => {
    expect(problems(attributes)).toEqual([expect.stringMatching(`^${expected}`)]);
  });

  test.each([
    ['playbooks/run.yaml', true],
    ['run.yml ', true],
    ['./run.sh', false],
    ['cat a.yaml', false],
    ['kubectl apply -f x.yml', false],
  ])('%j is a playbook: %j', (step, expected) => {
    expect(isPlaybook(step)).toBe(expected);
  });

  test("braces of the shell's own are left alone", () => {
    expect(problems('run: "cp {a,b} ${HOME} && awk \'{print}\' {item}"')).toEqual([]);
  });

  test("only the owner's configuration may run another repository's workflow", () => {
    expect(problems('workflow: {file: a.yml, repository: acme/other}')).toEqual([
      expect.stringMatching(/^error not-permitted 1:57 /),
    ]);
    expect(problems('workflow: {file: a.yml, repository: Acme/API}')).toEqual([]);
  });
});

describe('attributes', () => {
  test.each([
    ['timeout', 'timeout: 60', { timeoutMs: 60_000 }],
    ['attempts', 'attempts: 5', { attempts: 5 }],
    ['voting, in YAML 1.1', 'voting: no', { isVoting: false }],
    ['one dependency', 'dependencies: a', { dependencies: { control: 'override' } }],
    [
      'vars',
      'vars: {a: {b: [1, null]}}',
      { vars: { value: { a: { b: [1, null] } }, control: 'inherit' } },
    ],
    ['vars that override', 'vars: !override {a: 1}', { vars: { control: 'override' } }],
    ['files that inherit', 'files: !inherit [a]', { files: { control: 'inherit' } }],
    ['allowed-projects', 'allowed-projects: a/b', { allowedProjects: ['a/b'] }],
    ['post-review', 'post-review: true', { isPostReview: true }],
    ['final attributes', 'attribute-control: {vars: {final: true}}', { finalAttributes: ['vars'] }],
    [
      'flags',
      'abstract: yes, final: yes, protected: yes',
      { isAbstract: true, isFinal: true, isProtected: true },
    ],
  ])('%s', (_, attributes, expected) => {
    expect(job(attributes).attributes).toMatchObject(expected);
  });

  test('dependencies are hard unless they are soft', () => {
    const { dependencies } = job('dependencies: [a, {name: b, soft: yes}]').attributes;

    expect(dependencies?.value).toMatchObject([
      { name: 'a', isSoft: false },
      { name: 'b', isSoft: true },
    ]);
  });

  test.each([
    ['an unknown attribute', 'tiemout: 3', 'error unknown-key 1:21', 'Did you mean `timeout`?'],
    ['a number in quotes', "timeout: '60'", 'error wrong-type 1:30', 'Remove the quotes.'],
    ['a timeout of nothing', 'timeout: 0', 'error out-of-range 1:30', null],
    [
      'a timeout beyond the limit',
      'timeout: 10801',
      'error timeout-too-long 1:30',
      'Lower it to 10800 or less.',
    ],
    ['no attempt', 'attempts: 0', 'error out-of-range 1:31', null],
    ['a name that is a number', 'parent: 3', 'error wrong-type 1:29', 'Put it in quotes.'],
    ['post-review: false', 'post-review: false', 'error not-allowed 1:34', 'Write `true`.'],
    ['a reserved variable', 'vars: {zuul: 1}', 'error forbidden-variable 1:28', 'Rename it.'],
    ['a branch that is a number', 'branches: 3.10', 'error wrong-type 1:31', 'Put it in quotes.'],
    [
      'an expression with a mistake',
      'files: [a, "("]',
      'error bad-pattern 1:32',
      'Regular expressions are RE2; escape special characters with a backslash.',
    ],
    [
      'a misplaced !override',
      'voting: !override true',
      'error misplaced-tag 1:39',
      expect.stringContaining('dependencies'),
    ],
    [
      'a misplaced secret',
      'vars: {a: !encrypted/pkcs1-oaep x}',
      'error misplaced-tag',
      expect.stringContaining('secret'),
    ],
    [
      'intermediate without abstract',
      'intermediate: true',
      'error intermediate-job 1:15',
      'Add `abstract: true`.',
    ],
    ['parent: null', 'parent: null', 'error not-permitted 1:21', expect.stringContaining('base')],
    [
      'control of an attribute that has none',
      'attribute-control: {run: {final: true}}',
      'error unknown-key 1:41',
      expect.stringContaining('vars'),
    ],
  ])('%s is an error with a remedy', (...[, attributes, expected, remedy]) => {
    const found = load(`- job: {name: unit, ${attributes}}\n`).problems;

    expect(problems(attributes)).toEqual([expect.stringMatching(`^${expected}`)]);
    expect(found[0]?.remedy).toEqual(remedy);
  });

  test('settings can raise the limit of timeouts', () => {
    const text = '- job: {name: unit, timeout: 20000}\n';

    expect(problemsOf(text, { jobTimeoutMaxS: 20_000 })).toEqual([]);
  });

  test('a job without a name is an error at its first attribute', () => {
    expect(problemsOf('- job:\n    run: x\n')).toEqual([
      'error missing-key 2:5 a job needs `name`',
    ]);
  });

  test('a job named base may stand alone in any repository', () => {
    expect(problemsOf('- job: {name: base, parent: null, run: ci/run.sh}\n')).toEqual([]);
  });
});

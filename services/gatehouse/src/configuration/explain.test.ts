import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ExplainOptions, explain } from './explain.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
});

afterEach(() => rm(directory, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

function run(options: Partial<ExplainOptions> = {}, target = '.') {
  const openHost = () => Promise.reject(new Error('not asked'));
  const deps = { workingDirectory: directory, openHost };
  return explain(deps, target, { format: 'text', repository: 'acme/api', ...options });
}

const text = `- job: {name: common, abstract: true, pre-run: npm ci}
- job:
    name: unit
    parent: common
    run: npm test
    files: [^src/]
- job: {name: unit, branches: ^stable$, timeout: 60}
- job: {name: docs, run: make docs, branches: ^stable$}
- job: {name: build, run: make, irrelevant-files: [^docs/]}
- job: {name: e2e, run: make e2e, dependencies: [build]}
- project:
    check: {jobs: [unit, docs, build, e2e]}
- project:
    branches: ^stable$
    gate: {jobs: [unit]}
`;

describe('an explanation', () => {
  test('says of each job why it runs or not, what decided it, and what it is made of', async () => {
    await write({ '.gatehouse.yaml': text });

    const { result, exitCode } = await run({ branch: 'main', files: ['docs/a.md'] });

    expect(result).toMatchInlineSnapshot(`
      "acme/api for a change to the branch main
      Changed files: docs/a.md.

      pipeline check  (independent; built in)
        Job unit does not run: none of docs/a.md matches ^src/.
          decided at  .gatehouse.yaml:6
          listed at   .gatehouse.yaml:12
          made of     base (built in) < common (.gatehouse.yaml:1) < unit (.gatehouse.yaml:3)
          left out    unit (.gatehouse.yaml:7), only for branches ^stable$
        Job docs does not run: it is not for the branch main.
          decided at  .gatehouse.yaml:8
          listed at   .gatehouse.yaml:12
          left out    docs (.gatehouse.yaml:8), only for branches ^stable$
        Job build runs because e2e needs it.
          decided at  .gatehouse.yaml:10
          listed at   .gatehouse.yaml:12
          made of     base (built in) < build (.gatehouse.yaml:9)
        Job e2e runs.
          listed at   .gatehouse.yaml:12
          made of     base (built in) < e2e (.gatehouse.yaml:10)

      pipeline gate  (dependent; built in)
        acme/api gives the pipeline gate no jobs here. The project at .gatehouse.yaml:13 is only for ^stable$."
    `);
    expect(exitCode).toBe(0);
  });

  test('names the file that lets a job run', async () => {
    await write({ '.gatehouse.yaml': text });

    const { result } = await run({ files: ['docs/a.md,src/a.ts', 'x'], pipeline: 'check' });

    expect(result).toContain('Changed files: docs/a.md, src/a.ts, x.');
    expect(result).toContain('Job unit runs. src/a.ts matches ^src/ in files.\n');
    expect(result).toContain('Job build runs. src/a.ts matches nothing in irrelevant-files.\n');
  });

  test('can be for one job in one pipeline', async () => {
    await write({ '.gatehouse.yaml': text });

    const { result } = await run({ job: 'docs', pipeline: 'check', branch: 'stable' });

    expect(result).toMatchInlineSnapshot(`
      "acme/api for a change to the branch stable
      The changed files are not known: no job is left out for its files.

      pipeline check  (independent; built in)
        Job docs runs.
          listed at   .gatehouse.yaml:12
          made of     base (built in) < docs (.gatehouse.yaml:8)"
    `);
  });

  test('says of an error that nothing runs, and ends with 1', async () => {
    await write({ '.gatehouse.yaml': '- project: {check: {jobs: [gone]}}\n' });

    const { result, exitCode } = await run();

    expect(result).toMatchInlineSnapshot(`
      "acme/api for a change to the branch main (--branch names another)
      The changed files are not known: no job is left out for its files.
      1 error in the configuration; gatehouse lint shows it.

      pipeline check  (independent; built in)
        error: no job is named \`gone\` (.gatehouse.yaml:1)
        Nothing runs in it until this is put right.
        Job gone has an error.
          listed at   .gatehouse.yaml:1"
    `);
    expect(exitCode).toBe(1);
  });

  test('names a pipeline whose definition has an error', async () => {
    await write({ '.gatehouse.yaml': '- pipeline: {name: gate, manger: dependent}\n' });

    const { result, exitCode } = await run();

    expect(result).toContain('pipeline gate  (has an error at .gatehouse.yaml:1: nothing runs');
    expect(exitCode).toBe(1);
  });

  test('of a repository that takes no part says how it would', async () => {
    await write({ '.gatehouse.yaml': '- job: {name: unit, run: make}\n' });

    const { result, exitCode } = await run();

    expect(result).toContain('acme/api takes part in no pipeline. A project');
    expect(exitCode).toBe(0);
  });

  test('shows no control character that somebody wrote', async () => {
    await write({ '.gatehouse.yaml': '- project: {check: {jobs: ["\\e[31mred\\u202E"]}}\n' });

    const { result } = await run();

    expect(result).toContain('[31mred');
    expect(result).not.toContain('\u001b');
    expect(result).not.toContain('\u202e');
  });

  test('says "does not run" of exactly the jobs that it counts as left out', async () => {
    await write({ '.gatehouse.yaml': text });

    const { result } = await run({ format: 'json', branch: 'main', files: ['docs/a.md'] });

    const report = JSON.parse(result ?? '') as {
      pipelines: { jobs: { decision: string; why: string }[] }[];
    };
    const jobs = report.pipelines.flatMap((pipeline) => pipeline.jobs);
    expect(jobs.map(({ decision }) => decision)).toEqual(['left-out', 'left-out', 'runs', 'runs']);
    for (const { decision, why } of jobs) {
      expect(why.includes('does not run')).toBe(decision === 'left-out');
    }
  });

  test('is for the branch that the working copy names', async () => {
    const own = '- job: {name: unit, run: make}\n- project: {check: {jobs: [unit]}}\n';
    await write({ '.gatehouse.yaml': own, '.git/HEAD': 'ref: refs/heads/topic/1\n' });
    expect((await run()).result).toContain('for a change to the branch topic/1');

    await write({ '.git/refs/remotes/origin/HEAD': 'ref: refs/remotes/origin/trunk\n' });
    expect((await run()).result).toContain('for a change to the branch trunk');
  });

  test('is the same for programs', async () => {
    await write({ '.gatehouse.yaml': text });

    const { result } = await run({ format: 'json', branch: 'main', files: ['docs/a.md'] });

    const report = JSON.parse(result ?? '');
    expect(report).toMatchObject({
      repository: 'acme/api',
      branch: 'main',
      changed_files: ['docs/a.md'],
      pull_request: null,
      errors: 0,
    });
    expect(report.pipelines[0]).toMatchObject({ name: 'check', defined_at: null, nothing: null });
    expect(report.pipelines[0].jobs[0]).toEqual({
      name: 'unit',
      decision: 'left-out',
      reason: {
        code: 'job-files-not-matched',
        subject: 'unit',
        seen: { count: 1, first: ['docs/a.md'] },
        expected: ['^src/'],
      },
      why: 'Job unit does not run: none of docs/a.md matches ^src/.',
      because: null,
      decided_at: ['.gatehouse.yaml:6'],
      listed_at: ['.gatehouse.yaml:12'],
      made_of: [
        { name: 'base', place: 'built in' },
        { name: 'common', place: '.gatehouse.yaml:1' },
        { name: 'unit', place: '.gatehouse.yaml:3' },
      ],
      left_out: [{ name: 'unit', place: '.gatehouse.yaml:7', branches: ['^stable$'] }],
    });
  });
});

describe('what cannot be explained ends with 2 and says what to do', () => {
  const cases: readonly [string, Partial<ExplainOptions>, string][] = [
    ['.', { job: 'e2' }, 'no job e2 here. Give --job one of: unit, docs, build, e2e'],
    ['.', { pipeline: 'gat' }, 'no pipeline gat. Give --pipeline one of: check, gate'],
    ['.', { files: [' , '] }, '--files names no file. Write --files src/a.ts'],
    ['acme/api#7', { files: ['a'] }, 'Leave them out: it says'],
    ['nowhere', {}, 'There is no file or directory nowhere here'],
  ];

  test.each(cases)('%s %j', async (target, options, complaint) => {
    await write({ '.gatehouse.yaml': text });

    const output = await run(options, target);

    expect(output).toEqual({
      exitCode: 2,
      result: null,
      complaint: expect.stringContaining(complaint),
    });
  });
});

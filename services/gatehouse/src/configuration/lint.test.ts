import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lint } from './lint.ts';
import type { TargetDeps } from './target.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-lint-'));
});

afterEach(() => rm(directory, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

function run(target: string, options: Partial<Parameters<typeof lint>[2]> = {}) {
  const deps: TargetDeps & { readonly isColoured: boolean } = {
    workingDirectory: directory,
    isColoured: false,
    openHost: async () => ({ ok: false, complaint: 'no settings' }),
  };
  return lint(deps, target, { format: 'text', ...options });
}

const faulty = `- job:
    name: unit
    run: npm test
    tiemout: 60
    tags: [a]
    branches: master
- job: {name: "a,b", parent: 'x%:y'}
`;

describe('what people read', () => {
  test('of a faulty file', async () => {
    await write({ '.gatehouse.yaml': faulty });

    const { result, exitCode } = await run('.');

    expect(result).toMatchInlineSnapshot(`
      "error[unknown-key]: a job has no attribute \`tiemout\`
       --> .gatehouse.yaml:4:5
        |
      4 |     tiemout: 60
        |     ^^^^^^^
        = Did you mean \`timeout\`?

      warning[no-effect-yet]: \`tags\` is accepted, no effect yet
       --> .gatehouse.yaml:5:5
        |
      5 |     tags: [a]
        |     ^^^^

      warning[matches-more]: \`master\` also matches what only begins with it, such as \`master-2\`
       --> .gatehouse.yaml:6:15
        |
      6 |     branches: master
        |               ^^^^^^
        = Write \`^master$\` to match that name alone.

      error[undefined-job]: no job is named \`x%:y\`
       --> .gatehouse.yaml:7:30
        |
      7 | - job: {name: "a,b", parent: 'x%:y'}
        |                              ^^^^^^
        = Define it, or correct the name.

      2 errors, 2 warnings in 1 file."
    `);
    expect(exitCode).toBe(1);
  });

  test('of a sound one', async () => {
    await write({ '.gatehouse.yaml': '- job: {name: unit, run: make}\n' });

    expect(await run('.')).toEqual({
      exitCode: 0,
      result: 'No problems in 1 file.',
      complaint: null,
    });
  });

  test('of a range over several lines, of a wide line, and of a file as a whole', async () => {
    const job = `- job: {name: unit, run: ${'x'.repeat(200)}, tiemout: 1}`;
    await write({
      '.gatehouse.d/a.yaml': `${job}\n- job:\n    name: [\n      a,\n      b,\n      c\n    ]\n`,
      '.gatehouse.d/b.yaml': 'job: unit\n',
    });

    const { result } = await run('.');

    const wide = `${job.slice(0, 160)}…`;
    expect(result).toContain(` --> .gatehouse.d/a.yaml:1:228\n  |\n1 | ${wide}\n  = Did you mean`);
    expect(result).toContain(
      [
        ' --> .gatehouse.d/a.yaml:3:11',
        '  |',
        '3 |     name: [',
        '  |           ^',
        '4 |       a,',
        '  |       ^^',
        '5 |       b,',
        '  |       ^^',
        '',
      ].join('\n'),
    );
    expect(result).toContain(' --> .gatehouse.d/b.yaml:1:1\n  |\n1 | job: unit\n  | ^\n');
    expect(result).toMatch(/\n\n3 errors in 2 files\.$/);
  });

  test('is coloured for a terminal', async () => {
    await write({ '.gatehouse.yaml': '- jbo: {}\n' });
    const deps = { workingDirectory: directory, isColoured: true };
    const openHost = () => Promise.reject(new Error('not asked'));

    const { result } = await lint({ ...deps, openHost }, '.', { format: 'text' });

    expect(result).toContain('\u001b[31merror[unknown-item]\u001b[39m');
  });
});

describe('what programs read', () => {
  test('as JSON', async () => {
    await write({ '.gatehouse.yaml': faulty });

    const { result, exitCode } = await run('.', { format: 'json' });

    const report = JSON.parse(result ?? '');
    expect(report).toMatchObject({ errors: 2, warnings: 2, files: ['.gatehouse.yaml'] });
    expect(report.problems[0]).toEqual({
      level: 'error',
      code: 'unknown-key',
      message: 'a job has no attribute `tiemout`',
      remedy: 'Did you mean `timeout`?',
      path: '.gatehouse.yaml',
      line: 4,
      column: 5,
      end_line: 4,
      end_column: 12,
    });
    expect(exitCode).toBe(1);
  });

  test('as SARIF', async () => {
    await write({ 'a b/.gatehouse.yaml': faulty });

    const { result } = await run('a b', { format: 'sarif' });

    const { version, runs } = JSON.parse(result ?? '');
    expect(version).toBe('2.1.0');
    expect(runs[0].tool.driver.rules).toContainEqual({
      id: 'unknown-key',
      name: 'unknown-key',
      shortDescription: { text: 'Unknown key' },
      fullDescription: { text: 'Unknown key' },
      help: { text: expect.stringContaining('docs/configuration.md') },
    });
    expect(runs[0].results[0]).toEqual({
      ruleId: 'unknown-key',
      ruleIndex: 3,
      level: 'error',
      message: { text: 'a job has no attribute `tiemout`. Did you mean `timeout`?' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a%20b/.gatehouse.yaml' },
            region: { startLine: 4, startColumn: 5, endLine: 4, endColumn: 12 },
          },
        },
      ],
    });
  });

  test('as workflow commands', async () => {
    await write({ 'a,b/.gatehouse.yaml': faulty });

    const { result } = await run('a,b', { format: 'github' });

    expect(result).toMatchInlineSnapshot(`
      "::error file=a%2Cb/.gatehouse.yaml,line=4,endLine=4,col=5,endColumn=11,title=.gatehouse.yaml%3A unknown-key::a job has no attribute \`tiemout\`. Did you mean \`timeout\`?
      ::warning file=a%2Cb/.gatehouse.yaml,line=5,endLine=5,col=5,endColumn=8,title=.gatehouse.yaml%3A no-effect-yet::\`tags\` is accepted, no effect yet
      ::warning file=a%2Cb/.gatehouse.yaml,line=6,endLine=6,col=15,endColumn=20,title=.gatehouse.yaml%3A matches-more::\`master\` also matches what only begins with it, such as \`master-2\`. Write \`^master$\` to match that name alone.
      ::error file=a%2Cb/.gatehouse.yaml,line=7,endLine=7,col=30,endColumn=35,title=.gatehouse.yaml%3A undefined-job::no job is named \`x%25:y\`. Define it, or correct the name.
      2 errors, 2 warnings in 1 file."
    `);
  });
});

describe('what is looked at', () => {
  test('is the first name that exists, a directory with everything below it', async () => {
    await write({
      'zuul.d/b.yaml': '- job: {name: b, run: make, oops: 1}\n',
      'zuul.d/sub/a.yaml': '- job: {name: a, run: make, oops: 1}\n',
      'zuul.d/notes.txt': 'no YAML: [',
      'zuul.d/off/.zuul.ignore': '',
      'zuul.d/off/c.yaml': 'no: list\n',
      '.zuul.yaml': 'no: list\n',
    });

    const { result } = await run('.', { format: 'json' });

    expect(JSON.parse(result ?? '')).toMatchObject({
      errors: 2,
      files: ['zuul.d/b.yaml', 'zuul.d/sub/a.yaml'],
    });
  });

  test('can be one file', async () => {
    await write({ 'some/file.yaml': '- job: {name: b, run: make, oops: 1}\n' });

    const { result } = await run('some/file.yaml', { format: 'github' });

    expect(result).toContain('file=some/file.yaml,line=1');
  });

  test.each([
    ['a whole path', () => join(directory, 'some')],
    ['a roundabout one', () => './some/../some'],
  ])('is named from where the command runs, also by %s', async (_, target) => {
    await write({ 'some/.gatehouse.yaml': '- job: {name: b, run: make, oops: 1}\n' });

    const { result } = await run(target(), { format: 'github' });

    expect(result).toContain('file=some/.gatehouse.yaml,line=1');
  });

  test('stands in the repository that the remote names', async () => {
    const config = '[core]\n[remote "origin"]\n\turl = git@github.com:acme/api.git\n[branch "x"]\n';
    const foreign = '- project: {name: acme/web, check: {jobs: [noop]}}\n';
    await write({ '.git/config': config, '.gatehouse.yaml': foreign });

    const { result } = await run('.');

    expect(result).toContain('this repository, acme/api, may not configure `acme/web`');
  });

  test('is taken for the repository that its stanzas name when nothing else does', async () => {
    await write({ '.gatehouse.yaml': '- project: {name: acme/web, check: {jobs: [noop]}}\n' });

    expect((await run('.')).exitCode).toBe(0);
  });

  test('may use what the owner defines', async () => {
    await write({
      'own/.gatehouse.yaml': '- project: {check: {jobs: [shared]}}\n',
      'owner/.gatehouse.yaml': '- job: {name: shared, run: make}\n',
    });

    const alone = await run('own');
    const beside = await run('own', { owner: 'owner' });

    expect(alone.result).toContain('no job is named `shared`');
    expect(beside.result).toBe('No problems in 1 file.');
  });
});

test('with --strict a warning is an error', async () => {
  await write({ '.gatehouse.yaml': '- job: {name: unit, run: make, tags: [a]}\n' });

  expect((await run('.')).exitCode).toBe(0);
  expect((await run('.', { strict: true })).exitCode).toBe(1);
});

test('what is there and cannot be looked at is told as such', async () => {
  await symlink('loop', join(directory, 'loop'));
  await mkdir(join(directory, 'some'));
  await symlink('loop', join(directory, 'some/loop'));

  const outputs = [await run('loop'), await run('some/loop')];

  for (const { exitCode, complaint } of outputs) {
    expect(complaint).toMatch(/^(some\/)?loop cannot be read: ELOOP/);
    expect(exitCode).toBe(2);
  }
});

describe('nothing to look at ends with 2 and says why', () => {
  test.each([
    ['nowhere', {}, 'There is no file or directory nowhere here'],
    ['.', {}, 'has no configuration: none of .gatehouse.yaml'],
    ['acme/gone', {}, 'no settings'],
    ['acme/api', { owner: 'x' }, 'are for files on this machine'],
    ['.', { repository: 'api' }, 'write OWNER/NAME'],
  ])('%s', async (target, options, complaint) => {
    const output = await run(target, options);

    expect(output).toEqual({
      exitCode: 2,
      result: null,
      complaint: expect.stringContaining(complaint),
    });
  });
});

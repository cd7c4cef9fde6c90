import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lint } from './lint.ts';
import type { lintFormats } from './words.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-lint-'));
});

afterEach(() => rm(directory, { recursive: true }));

/** Lints `own` beside `owner`. */
async function run(own: string, owner: string, format: (typeof lintFormats)[number] = 'text') {
  for (const [name, text] of Object.entries({ own, owner })) {
    await mkdir(join(directory, name), { recursive: true });
    await writeFile(join(directory, name, '.gatehouse.yaml'), text);
  }
  const openHost = () => Promise.reject(new Error('not asked'));
  const deps = { workingDirectory: directory, isColoured: false, openHost };
  return lint(deps, 'own', { format, owner: 'owner', repository: 'acme/api' });
}

test('an owner without configuration is told, not passed over', async () => {
  await mkdir(join(directory, 'own'));
  await writeFile(join(directory, 'own/.gatehouse.yaml'), '- job: {name: unit, run: make}\n');
  const openHost = () => Promise.reject(new Error('not asked'));
  const deps = { workingDirectory: directory, isColoured: false, openHost };

  const output = await lint(deps, 'own', { format: 'text', owner: 'onwer' });

  expect(output).toEqual({
    exitCode: 2,
    result: null,
    complaint: expect.stringContaining('onwer has no configuration'),
  });
});

const usesShared = '- project: {check: {jobs: [shared]}}\n';
const sharedIsBroken = '- job: {name: shared, run: make, oops: 1}\n- jbo: {}\n';

describe("errors of the owner's configuration", () => {
  test('that runs end with are named, counted and fail', async () => {
    const { result, exitCode } = await run(usesShared, sharedIsBroken);

    expect(result).toMatchInlineSnapshot(`
      "acme/.gatehouse has 2 errors, and runs of this repository end with:
        the job \`shared\` is defined with an error at acme/.gatehouse owner/.gatehouse.yaml:1 (acme/api own/.gatehouse.yaml:1)
        gatehouse lint owner --as-owner shows them.

      No problems in 1 file of its own."
    `);
    expect(exitCode).toBe(1);
  });

  test('that no run ends with are counted and fail nothing', async () => {
    const own = '- job: {name: unit, run: make}\n- project: {check: {jobs: [unit]}}\n';

    const { result, exitCode } = await run(own, sharedIsBroken);

    expect(result).toMatchInlineSnapshot(`
      "acme/.gatehouse has 2 errors that this repository's pipelines do not meet; gatehouse lint owner --as-owner shows them.

      No problems in 1 file."
    `);
    expect(exitCode).toBe(0);
  });

  test('in a pipeline leave every repository without it', async () => {
    const gate = '- pipeline:\n    name: gate\n    manager: dependant\n    trigger: {}\n';
    const own = '- job: {name: unit, run: make}\n- project: {gate: {jobs: [unit]}}\n';

    const { result, exitCode } = await run(own, gate);

    expect(result).toContain('`manager` cannot be `dependant`');
    expect(exitCode).toBe(1);
  });

  test('in a stanza for the repository stop its runs', async () => {
    const stanza = '- project: {name: acme/api, check: {jobs: [gone]}}\n';

    const { result, exitCode } = await run('- job: {name: unit, run: make}\n', stanza);

    expect(result).toContain('no job is named `gone` (acme/.gatehouse owner/.gatehouse.yaml:1)');
    expect(exitCode).toBe(1);
  });

  test('are told to programs in the form of each', async () => {
    const json = JSON.parse((await run(usesShared, sharedIsBroken, 'json')).result ?? '');
    const sarif = JSON.parse((await run(usesShared, sharedIsBroken, 'sarif')).result ?? '');
    const { result: commands } = await run(usesShared, sharedIsBroken, 'github');

    expect(json).toMatchObject({
      errors: 0,
      owner: {
        repository: 'acme/.gatehouse',
        errors: 2,
        met: [{ code: 'broken-definition', repository: 'acme/api', line: 1 }],
        command: 'gatehouse lint owner --as-owner',
      },
    });
    expect(sarif.runs[0].invocations).toMatchObject([
      { toolConfigurationNotifications: [{ level: 'error' }] },
    ]);
    expect(commands).toMatch(
      /^::error title=acme\/.gatehouse::acme\/.gatehouse has 2 errors, .*%0A/,
    );
  });
});

describe('errors that only a run would meet', () => {
  test('are found where they stand', async () => {
    const own =
      '- job: {name: unit, abstract: true, run: make}\n- project: {check: {jobs: [unit]}}\n';

    const { result, exitCode } = await run(own, '- job: {name: other, run: make}\n');

    expect(result).toContain('--> own/.gatehouse.yaml:2');
    expect(result).toContain('abstract');
    expect(exitCode).toBe(1);
  });

  test('are not told twice', async () => {
    const own = '- project: {check: {jobs: [gone]}, gate: {jobs: [gone]}}\n';

    const { result } = await run(own, '- job: {name: other, run: make}\n', 'json');

    const { problems } = JSON.parse(result ?? '') as { problems: { column: number }[] };
    expect(problems).toHaveLength(2);
  });
});

/** Which branches and repositories a change's configuration is read from, and what that costs. */
import type { CheckRunView, FileChanges, RequestRow } from '@gatehouse/github-sim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRepository } from './actions.ts';
import { type ExternalCi, openExternalCi, report } from './external-ci.ts';
import { type House, openHouse } from './house.ts';

let ci: ExternalCi;
let house: House;

beforeAll(async () => {
  ci = await openExternalCi();
  house = await openHouse({ files: yaml(runs('unit')) });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
  await ci[Symbol.asyncDispose]();
});

describe.concurrent('a change to a branch that is not the default one', () => {
  it('runs the jobs of that branch, and a change to the default branch runs its own', async () => {
    const repository = await twoBranches('two-branches', {
      main: runs('unit', 'docs'),
      stable: runs('unit', 'compat'),
    });

    const toStable = await runTo(repository, 'stable');
    const toMain = await runTo(repository, 'main');

    expect(jobsOf(toStable)).toEqual(['unit', 'compat']);
    expect(jobsOf(toMain)).toEqual(['unit', 'docs']);
  });

  it('runs in the pipelines of the default branch, and in no other', async () => {
    const job = "- job: {name: unit, run: 'true'}\n";
    const repository = await twoBranches('pipelines', {
      main: `${pipeline('express')}${job}`,
      stable: `${pipeline('own')}${job}- project:\n    express: {jobs: [unit]}\n    own: {jobs: [unit]}\n`,
    });

    const { number } = await openTo(repository, 'stable');
    const run = await endOf(repository, number);
    await house.idle();

    expect(run).toMatchObject({ name: 'gatehouse/express', conclusion: 'success' });
    expect(await house.runs(number, repository)).toHaveLength(1);
  });

  it('runs nothing of the default branch where it has no configuration', async () => {
    const repository = await twoBranches('bare', { main: runs('unit'), stable: null });

    const run = await runTo(repository, 'stable');

    expect(run.conclusion).toBe('skipped');
  });

  it('says what holds for the default branch once it is protected, and not before', async () => {
    const everywhere = "- job: {name: unit, run: 'false', branches: ['.*']}\n";
    const repository = await twoBranches('smuggler-branch', {
      main: runs('unit'),
      stable: everywhere,
    });

    const before = await runTo(repository, 'main');
    await house.sim.act.setBranchProtection({ repository, branch: 'stable', protection: {} });
    await runTo(repository, 'stable');
    const after = await runTo(repository, 'main');

    expect([before.conclusion, after.conclusion]).toEqual(['success', 'failure']);
  });
});

describe.concurrent('a name that a repository does not define', () => {
  it("is found in another of the owner's repositories", async () => {
    const repository = 'acme/borrower';
    await addRepository(
      house,
      'acme/lender',
      yaml("- job: {name: lent, run: 'test -e own.txt'}\n"),
    );
    const uses = '- project:\n    check: {jobs: [lent]}\n';
    await addRepository(house, repository, { ...yaml(uses), 'own.txt': 'x\n' });

    const run = await runTo(repository, 'main');

    expect(run).toMatchObject({ conclusion: 'success', title: '1 job passed' });
  });

  it('is not found in a private one by a public one', async () => {
    const hidden = { owner: 'acme', name: 'hidden', user: 'olga', private: true };
    await house.sim.act.createRepository({
      ...hidden,
      files: yaml("- job: {name: secret-job, run: 'true'}\n"),
    });
    const repository = 'acme/curious';
    await addRepository(house, repository, yaml(runs('unit')));

    const uses = yaml('- project:\n    check: {jobs: [secret-job]}\n');
    const run = await runTo(repository, 'main', uses);

    expect(run).toMatchObject({ conclusion: 'failure', title: 'Configuration error' });
  });
});

describe('a push that changes configuration', () => {
  it('counts for the next run, and not for one that is under way', async () => {
    const repository = 'acme/moving';
    const remote = (name: string) =>
      `- job: {name: ${name}, http: {url: '${ci.url}/hook'}}\n- project:\n    check: {jobs: [${name}]}\n`;
    await addRepository(house, repository, yaml(remote('before')));
    const first = await openTo(repository, 'main', {
      files: { 'a.txt': 'a\n' },
      title: 'moving-1',
    });
    const launch = await ci.launched('moving-1');

    await house.sim.act.pushCommit({
      ...{ repository, branch: 'main', user: 'ada' },
      files: yaml(remote('after')),
    });
    const second = await openTo(repository, 'main', {
      files: { 'b.txt': 'b\n' },
      title: 'moving-2',
    });
    const next = await ci.launched('moving-2');
    for (const one of [launch, next]) await report(one, 'result', { result: 'SUCCESS' });

    expect(jobsOf(await endOf(repository, first.number))).toEqual(['before']);
    expect(jobsOf(await endOf(repository, second.number))).toEqual(['after']);
  });
});

describe('a file that is too large to be read', () => {
  const large = { '.gatehouse.yaml': `# ${'x'.repeat(1024 * 1024)}\n${runs('unit')}` };

  it('fails the change that brings it, with an annotation on the file', async () => {
    const repository = 'acme/large-proposal';
    await addRepository(house, repository, yaml(runs('unit')));

    const run = await runTo(repository, 'main', large);

    expect(run).toMatchObject({ conclusion: 'failure', title: 'Configuration error' });
    expect(run.annotations).toMatchObject([
      { path: '.gatehouse.yaml', message: expect.stringContaining('larger than 1 MiB') },
    ]);
  });

  it('on the base gives way to the change that mends it', async () => {
    const repository = 'acme/large-base';
    await addRepository(house, repository, large);

    expect((await runTo(repository, 'main', yaml(runs('unit')))).conclusion).toBe('success');
  });
});

describe('reading configuration that did not change', () => {
  it('costs one conditional request', async () => {
    const repository = 'acme/cheap';
    await addRepository(house, repository, yaml(runs('unit')));
    const { number } = await openTo(repository, 'main');

    expect(await readsAfterLabel(repository, number)).toEqual(['304 git/get-tree']);
  });

  it('costs one conditional request for two branches together', async () => {
    const repository = await twoBranches('cheap-branches', {
      main: runs('unit'),
      stable: runs('unit'),
    });
    const { number } = await openTo(repository, 'stable');

    expect(await readsAfterLabel(repository, number)).toEqual(['304 repos/list-branches']);
  });
});

/** What is asked for a repository's configuration by an event that starts nothing. */
async function readsAfterLabel(repository: string, number: number): Promise<readonly string[]> {
  const { act } = house.sim;
  await endOf(repository, number);
  const label = (name: string) =>
    act.addLabels({ repository, number, user: 'ada', labels: [name] });
  await label('first');
  await house.idle();
  const since = (await act.requests({ since: Number.MAX_SAFE_INTEGER })).total;
  await label('second');
  await house.idle();
  const { requests } = await act.requests({ since });
  return requests
    .filter((row) => isRead(row, repository))
    .map((row) => `${row.status} ${row.operation}`);
}

function isRead({ path, operation }: RequestRow, repository: string): boolean {
  return path.startsWith(`/repos/${repository}/`) && operation !== 'pulls/get';
}

/** A repository with `main` and `stable`; null: no configuration there. */
async function twoBranches(
  name: string,
  { main, stable }: { readonly main: string; readonly stable: string | null },
): Promise<string> {
  const repository = `acme/${name}`;
  await addRepository(house, repository, { 'README.md': '# x\n', ...yaml(main) });
  await house.sim.act.pushCommit({
    ...{ repository, branch: 'stable', user: 'ada' },
    files: stable === null ? { '.gatehouse.yaml': null } : yaml(stable),
  });
  return repository;
}

let changes = 0;

interface NewChange {
  readonly files?: FileChanges;
  readonly title?: string;
}

async function openTo(
  repository: string,
  base: string,
  { files = { 'change.txt': 'new\n' }, title = 'Change' }: NewChange = {},
) {
  changes += 1;
  const head = `change-${changes}`;
  const on = { repository, user: 'ada' };
  await house.sim.act.pushCommit({ ...on, branch: head, from: base, files });
  return house.sim.act.openPullRequest({ ...on, head, base, title });
}

async function runTo(
  repository: string,
  base: string,
  files: FileChanges = { 'change.txt': 'new\n' },
): Promise<CheckRunView> {
  const { number } = await openTo(repository, base, { files });
  return endOf(repository, number);
}

function endOf(repository: string, number: number): Promise<CheckRunView> {
  return house.runThat(number, (run) => run.status === 'completed', repository);
}

function jobsOf({ summary }: CheckRunView): string[] {
  const rows = (summary ?? '').split('\n').filter((line) => /^\| (?!Job |-)/.test(line));
  return rows.map((row) => row.split(' | ')[0]?.replace('| ', '').replaceAll('\\', '') ?? '');
}

function runs(...names: readonly string[]): string {
  const jobs = names.map((name) => `- job: {name: ${name}, run: 'true'}\n`);
  return `${jobs.join('')}- project:\n    check: {jobs: [${names.join(', ')}]}\n`;
}

function pipeline(name: string): string {
  const trigger = '{github: [{event: pull_request, action: [opened, changed]}]}';
  const reports = 'success: {github: {check: success}}, failure: {github: {check: failure}}';
  return `- pipeline: {name: ${name}, manager: independent, trigger: ${trigger}, ${reports}}\n`;
}

function yaml(text: string): Record<string, string> {
  return { '.gatehouse.yaml': text };
}

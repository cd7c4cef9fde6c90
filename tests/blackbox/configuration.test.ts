/** Where configuration comes from, and who hears of it when it is wrong. */
import type { CheckRunView, FileChanges } from '@gatehouse/github-sim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addOwner, addRepository, propose, withJob } from './actions.ts';
import { type House, openHouse } from './house.ts';

const NOT_YAML = ['- job: {name: unit, run: "true"}', '- project:', '    check: {jobs: [unit', ''];

let house: House;

beforeAll(async () => {
  house = await openHouse({ files: withJob('true') });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
});

describe.concurrent('a configuration file that is not YAML', () => {
  it('fails the change that brings it, on its line, and nobody else', async () => {
    const broken = { '.gatehouse.yaml': NOT_YAML.join('\n') };

    const bad = await propose(house, broken, 'broken');
    const good = await propose(house, { 'a.txt': 'a\n' }, 'sound');

    const run = await endOf('acme/api', bad.number);
    expect(run).toMatchObject({ conclusion: 'failure', title: 'Configuration error' });
    expect(run.annotations).toMatchObject([
      { path: '.gatehouse.yaml', start_line: expect.any(Number), annotation_level: 'failure' },
    ]);
    expect([3, 4]).toContain(run.annotations[0]?.start_line);
    expect((await endOf('acme/api', good.number)).conclusion).toBe('success');
  });

  it('on the base stops no other repository, and is overcome by the change that mends it', async () => {
    const repository = 'acme/broken-base';
    await addRepository(house, repository, { '.gatehouse.yaml': NOT_YAML.join('\n') });

    const mending = await propose(house, withJob('true'), { repository, branch: 'mend' });
    const elsewhere = await propose(house, { 'b.txt': 'b\n' }, 'elsewhere');

    expect((await endOf(repository, mending.number)).conclusion).toBe('success');
    expect((await endOf('acme/api', elsewhere.number)).conclusion).toBe('success');
  });
});

describe.concurrent('what runs for a change', () => {
  it('is shown as skipped, with the reason, where no job applies', async () => {
    const repository = 'acme/filtered';
    await addRepository(house, repository, withJob('true', ", files: ['^src/']"));

    const run = await runOn(repository, { 'docs/a.md': 'a\n' });

    expect(run).toMatchObject({ conclusion: 'skipped', title: 'Skipped' });
    expect(run.summary).toContain('No job of the pipeline check applies to this change.');
    expect(`${run.summary}${run.text}`).toMatch(/Job unit does not run: none of docs\/a\\?\.md/);
  });

  it('is what the change itself says', async () => {
    const repository = 'acme/own';
    await addRepository(house, repository, withJob('true'));
    const own = [
      "- job: {name: unit, run: 'true'}",
      "- job: {name: added, run: 'test -e added.txt'}",
      '- project:',
      '    check: {jobs: [unit, added]}',
      '',
    ];

    const files = { '.gatehouse.yaml': own.join('\n'), 'added.txt': 'x\n' };
    const run = await runOn(repository, files);

    expect(run).toMatchObject({ conclusion: 'success', title: '2 jobs passed' });
  });

  it('does not include pipelines that only the change defines', async () => {
    const repository = 'acme/smuggler';
    await addRepository(house, repository, withJob('true'));
    const text = `${withJob('true')['.gatehouse.yaml']}    express: {jobs: [unit]}\n`;

    const run = await runOn(repository, { '.gatehouse.yaml': `${pipeline('express')}${text}` });
    const [, ...others] = await house.runs(1, repository);

    expect(run).toMatchObject({ name: 'gatehouse/check', conclusion: 'success' });
    expect(others).toEqual([]);
  });

  it('comes from a pipeline that the repository defines on its default branch', async () => {
    const repository = 'acme/pipelined';
    const rest = "- job: {name: unit, run: 'true'}\n- project:\n    express: {jobs: [unit]}\n";
    await addRepository(house, repository, { '.gatehouse.yaml': `${pipeline('express')}${rest}` });

    const run = await runOn(repository, { 'a.txt': 'a\n' });

    expect(run).toMatchObject({ name: 'gatehouse/express', conclusion: 'success' });
  });

  it('fails, on the line of the use, when a job is not known', async () => {
    const repository = 'acme/unknown-job';
    await addRepository(house, repository, withJob('true'));
    const text = [
      "- job: {name: unit, run: 'true'}",
      '- project:',
      '    check:',
      '      jobs:',
      '        - unit',
      '        - unti',
      '',
    ];

    const run = await runOn(repository, { '.gatehouse.yaml': text.join('\n') });

    expect(run).toMatchObject({ conclusion: 'failure', title: 'Configuration error' });
    expect(run.annotations).toMatchObject([{ path: '.gatehouse.yaml', start_line: 6 }]);
    expect(run.annotations[0]?.message).toMatch(/unti.*\n?.*unit/s);
  });

  it('may come from the configuration repository of the owner', async () => {
    await addOwner(house, 'umbra', {
      'README.md': '# api\n',
      'zuul.yaml':
        '- project:\n    express: {jobs: [shared, own]}\n- job: {name: own, run: "true"}\n',
    });
    await addRepository(house, 'umbra/.gatehouse', {
      '.gatehouse.yaml': `${pipeline('express')}- job: {name: shared, run: 'test -e README.md'}\n`,
    });

    const run = await runOn('umbra/api', { 'a.txt': 'a\n' });

    expect(run).toMatchObject({ name: 'gatehouse/express', title: '2 jobs passed' });
  });
});

describe.concurrent('of several places with configuration the first counts', () => {
  it.each<[string, FileChanges, readonly string[]]>([
    ['.gatehouse.yaml', { 'zuul.yaml': job('no'), '.gatehouse.yaml': job('yes') }, ['yes']],
    [
      '.gatehouse.d',
      {
        'zuul.yaml': job('no'),
        '.gatehouse.d/b/two.yaml': job('two'),
        '.gatehouse.d/a.yaml': job('one'),
        '.gatehouse.d/c.txt': 'no: [yaml',
      },
      ['one', 'two'],
    ],
    ['zuul.yaml', { 'zuul.d/a.yaml': job('no'), 'zuul.yaml': job('yes') }, ['yes']],
    ['zuul.d', { '.zuul.yaml': job('no'), 'zuul.d/a.yaml': job('yes') }, ['yes']],
    ['.zuul.yaml', { '.zuul.d/a.yaml': job('no'), '.zuul.yaml': job('yes') }, ['yes']],
    ['.zuul.d', { '.zuul.d/a.yaml': job('yes') }, ['yes']],
  ])('%s', async (place, files, jobs) => {
    const repository = `acme/places-${place.replaceAll('.', '-')}`;
    await addRepository(house, repository, files);

    const run = await runOn(repository, { 'a.txt': 'a\n' });

    expect(run.conclusion).toBe('success');
    expect(jobsOf(run)).toEqual(jobs);
  });
});

async function runOn(repository: string, files: FileChanges): Promise<CheckRunView> {
  const { number } = await propose(house, files, { repository, branch: 'change' });
  return endOf(repository, number);
}

function endOf(repository: string, number: number): Promise<CheckRunView> {
  return house.runThat(number, (run) => run.status === 'completed', repository);
}

function jobsOf({ summary }: CheckRunView): string[] {
  const rows = (summary ?? '').split('\n').filter((line) => /^\| (?!Job |-)/.test(line));
  return rows.map((row) => row.split(' | ')[0]?.replace('| ', '').replaceAll('\\', '') ?? '');
}

function job(name: string): string {
  return `- job: {name: '${name}', run: 'true'}\n- project:\n    check: {jobs: ['${name}']}\n`;
}

function pipeline(name: string): string {
  return [
    '- pipeline:',
    `    name: ${name}`,
    '    manager: independent',
    '    trigger: {github: [{event: pull_request, action: [opened, changed]}]}',
    '    success: {github: {check: success}}',
    '    failure: {github: {check: failure}}',
    '',
  ].join('\n');
}

/** Why did this run, or not: on the pull request, and from the command line beside it. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRepository, propose } from './actions.ts';
import { type House, openHouse, runCli } from './house.ts';

const configuration = (debug: string): Record<string, string> => ({
  '.gatehouse.yaml': [
    "- job: {name: unit, run: 'true'}",
    "- job: {name: docs, run: 'true', files: [^docs/]}",
    '- project:',
    `    check: {${debug}jobs: [unit, docs]}`,
    '',
  ].join('\n'),
});

let house: House;

beforeAll(async () => {
  house = await openHouse({ files: configuration('debug: true, ') });
  await addRepository(house, 'acme/quiet', configuration(''));
  const { act } = house.sim;
  const on = { owner: 'acme', name: 'vault', user: 'olga', private: true };
  await act.createRepository({ ...on, files: { '.gatehouse.yaml': '- jbo: {}\n' } });
  await act.createOrganization({ login: 'other' });
  await act.createRepository({ owner: 'other', name: 'api', files: configuration('') });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
});

const isOver = (run: { readonly status: string }) => run.status === 'completed';
const notRun = 'Job docs does not run: none of a.txt matches ^docs/.';

describe('a check run', () => {
  it('of a project that debugs lists in its summary why jobs were chosen', async () => {
    const { number } = await propose(house, { 'a.txt': 'a\n' }, 'loud');

    const run = await house.runThat(number, isOver);

    expect(run.summary).toContain(`### Why these jobs\n- Job unit runs.\n- ${notRun}`);
    expect(run.text).toBeNull();
  });

  it('of any other project lists it in the text below the summary', async () => {
    const place = { repository: 'acme/quiet', branch: 'quiet' };
    const { number } = await propose(house, { 'a.txt': 'a\n' }, place);

    const run = await house.runThat(number, isOver, 'acme/quiet');

    expect(run.summary).not.toContain('Why these jobs');
    expect(run.text).toContain(notRun);
  });
});

describe('the command line, with the settings of the service', () => {
  const gatehouse = (...args: readonly string[]) => runCli(args, house.environment);

  it('explains a pull request in the words of its run', async () => {
    const { number } = await propose(house, { 'a.txt': 'b\n' }, 'explained');
    const run = await house.runThat(number, isOver);

    const { code, output } = await gatehouse('explain', `acme/api#${number}`);

    expect(output).toContain(notRun);
    expect(run.summary).toContain(notRun);
    expect(code).toBe(0);
  });

  it('checks a private repository, and shows what another one resolves to', async () => {
    const vault = await gatehouse('lint', 'acme/vault', '--format', 'github');
    const layout = await gatehouse('show-layout', 'acme/api');

    expect(vault).toMatchObject({ code: 1, output: expect.stringMatching(/^::error file=/) });
    expect(layout).toMatchObject({ code: 0, output: expect.stringContaining('job docs') });
  });

  it('says what is not there, or not for this App', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const stranger = { ...house.environment, GATEHOUSE_GITHUB_PRIVATE_KEY: privateKey };

    const missing = await gatehouse('lint', 'acme/gone');
    const foreign = await gatehouse('explain', 'other/api');
    const refused = await runCli(['lint', 'acme/api'], stranger);

    expect(missing).toMatchObject({ code: 2, output: expect.stringContaining('no acme/gone') });
    expect(foreign).toMatchObject({ code: 2, output: expect.stringContaining('not installed') });
    expect(refused).toMatchObject({ code: 2, output: expect.stringContaining('credentials') });
    expect(refused.output).not.toContain('PRIVATE KEY-');
  });
});

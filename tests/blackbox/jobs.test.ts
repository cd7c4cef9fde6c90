/** What becomes of `command` jobs, the bad ones too, and what exactly they run on. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CheckRunView } from '@gatehouse/github-sim';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, readLog } from './actions.ts';
import { openExternalCi, report } from './external-ci.ts';
import { type House, openHouse, until } from './house.ts';

const MB = 1_000_000;
/** Seconds of sleep that no other process of this machine sleeps. */
const MARKER = `86400.${process.pid}`;

let folder: string;
let house: House;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-jobs-'));
  house = await openHouse({
    files: { 'README.md': '# api\n', 'shared.txt': 'one\n', '.gatehouse.yaml': configuration() },
    environment: { GATEHOUSE_RUNNER_CONCURRENCY: '6' },
  });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe.concurrent('a command job', () => {
  it('fails with the reason when its command does not exist', async () => {
    const run = await runOf('missing');

    expect(run.conclusion).toBe('failure');
    expect(run.summary).toMatch(/exit code 127: a command was not found/);
    expect(await readLog(house, run)).toContain('no-such-command-here');
  });

  it('that prints 100 MB costs a bounded log and bounded memory, and passes', async () => {
    const before = await memoryOf(house);

    const run = await runOf('chatty');
    const log = await readLog(house, run);
    const after = await memoryOf(house);

    expect(run.conclusion).toBe('success');
    expect(log.length).toBeLessThan(12 * MB);
    expect(log).toMatch(/the first line\n/);
    expect(log).toMatch(/\[gatehouse: \d+ bytes left out here\]\n/);
    expect(log.trimEnd()).toMatch(/the last line\n[\s\S]*Result: SUCCESS$/);
    expect(after - before).toBeLessThan(150 * MB);
  });

  it('that never ends is ended with everything it started', async () => {
    const { number } = await propose(house, { 'endless.txt': 'x\n' }, 'endless');
    await until('all of it to run', async () =>
      (await processesLike(MARKER)).length >= 4 ? true : null,
    );

    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run).toMatchObject({ conclusion: 'timed_out', title: '1 of 1 job timed out' });
    expect(run.summary).toMatch(/no end within 2 s/);
    expect(await processesLike(MARKER)).toEqual([]);
  });

  it('that fails leaves those that depend on it out, directly or through others', async () => {
    const run = await runOf('chain');

    expect(run).toMatchObject({ conclusion: 'failure', title: '1 of 4 jobs failed' });
    expect(rowsOf(run)).toMatchObject({
      'chain-first': '❌ failed: run "exit 3" ended with exit code 3',
      'chain-second': expect.stringMatching(/skipped: chain-first did not succeed/),
      'chain-third': expect.stringMatching(/skipped: chain-second did not succeed/),
      'chain-alone': '✅ passed',
    });
  });

  it('that does not vote is shown and decides nothing', async () => {
    const run = await runOf('quiet');

    expect(run.conclusion).toBe('success');
    expect(rowsOf(run)).toMatchObject({
      'quiet-fails (non-voting)': expect.stringMatching(/^❌ failed/),
      'quiet-passes': '✅ passed',
    });
  });

  it('whose preparation failed is tried again', async () => {
    const run = await runOf('shaky');

    expect(run.conclusion).toBe('success');
    expect(rowsOf(run)).toMatchObject({ shaky: expect.stringContaining('(try 2 of 3)') });
  });

  it('whose preparation fails every time is given up', async () => {
    const run = await runOf('hopeless');

    expect(run.conclusion).toBe('failure');
    expect(rowsOf(run)).toMatchObject({
      hopeless: expect.stringMatching(/gave up after its last try \(try 2 of 2\).*pre-run/),
    });
  });

  it('finds its variables and those that are promised, and nothing of the service', async () => {
    const { number, headSha } = await propose(house, { 'varied.txt': 'x\n' }, 'varied');

    const run = await house.runThat(number, (one) => one.status === 'completed');
    const log = await readLog(house, run);

    expect(run.conclusion).toBe('success');
    for (const line of [
      'GREETING=hello',
      'ANSWER=42',
      'GATEHOUSE_PIPELINE=check',
      'GATEHOUSE_JOB=varied',
      `GATEHOUSE_BUILD_ID=${run.externalId}.0`,
      'GATEHOUSE_REPOSITORY=acme/api',
      `GATEHOUSE_CHANGE=${number}`,
      `GATEHOUSE_HEAD_SHA=${headSha}`,
      'GATEHOUSE_BASE_REF=main',
      'file: {"GREETING":"hello","ANSWER":42,"LIST":[1,"two"]}',
    ]) {
      expect(log.split('\n')).toContain(line);
    }
    expect(log).toMatch(/^GATEHOUSE_REF=refs\/.+$/m);
    expect(log).not.toMatch(/PRIVATE_KEY|WEBHOOK_SECRET|ADMIN_TOKEN|GATEHOUSE_REDIS|ghs_/);
  });

  it('hands what it returned to those that depend on it', async () => {
    await using ci = await openExternalCi();
    const files = { '.gatehouse.yaml': returning(ci.url) };
    const { number } = await propose(house, files, 'returning');

    const launch = await ci.launched('returning');
    await report(launch, 'result', { result: 'SUCCESS' });
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(launch.body.parent_data).toEqual({ image: 'api:7', sizes: [1, 2] });
    expect(run.conclusion).toBe('success');
    expect(run.summary).toContain('https://ci.example.com/logs/7');
  });

  it('begins in a fresh checkout each time', async () => {
    const { number } = await propose(house, { 'fresh.txt': 'x\n' }, 'fresh');
    const first = await house.runThat(number, (one) => one.status === 'completed');

    await house.sim.act.comment({
      ...{ repository: 'acme/api', number, user: 'ada' },
      body: 'recheck',
    });
    const second = await house.runThat(
      number,
      (one) => one.id !== first.id && one.status === 'completed',
    );

    expect([first.conclusion, second.conclusion]).toEqual(['success', 'success']);
  });
});

describe('what a job is run on', () => {
  const on = { repository: 'acme/api', user: 'ada' };

  it('is the base as it is now, with the change merged in', async () => {
    const { act } = house.sim;
    const { number, headSha } = await propose(house, { 'merged.txt': 'mine\n' }, 'merged');
    const first = await house.runThat(number, (one) => one.status === 'completed');
    const news = { branch: 'main', files: { 'news.txt': 'theirs\n' } };

    const { sha: tip } = await act.pushCommit({ ...on, ...news });
    await act.comment({ ...on, number, body: 'recheck' });
    const second = await house.runThat(
      number,
      (one) => one.id !== first.id && one.status === 'completed',
    );
    await house.idle();
    const logs = [await readLog(house, first), await readLog(house, second)];
    const refs = Object.keys(await act.refs({ repository: 'acme/api' }));

    expect([first.conclusion, second.conclusion]).toEqual(['success', 'success']);
    expect(logs[0]).toContain('merged.txt: mine');
    expect(logs[0]).not.toContain('theirs');
    expect(logs[1]).toContain('merged.txt: mine');
    expect(logs[1]).toContain('news.txt: theirs');
    expect(logs[1]).toMatch(new RegExp(`^parents: ${tip} ${headSha}$`, 'm'));
    // What was made to be tested is taken away again.
    expect(refs.filter((ref) => ref.startsWith('refs/heads/gatehouse/'))).toEqual([]);
  });

  it('does not exist when change and base contradict each other, and the run says so', async () => {
    const branch = 'conflict';
    await house.sim.act.pushCommit({ ...on, branch, files: { 'shared.txt': 'mine\n' } });
    await house.sim.act.pushCommit({ ...on, branch: 'main', files: { 'shared.txt': 'theirs\n' } });

    const { number } = await house.sim.act.openPullRequest({ ...on, head: branch, title: branch });
    const run = await house.runThat(number, (one) => one.status === 'completed');
    await house.idle();

    expect(run).toMatchObject({ conclusion: 'failure', title: 'Merge conflict' });
    expect(run.summary).toMatch(/cannot be merged into main without conflicts/);
    expect(await house.runs(number)).toHaveLength(1);
  });
});

/** The run of a change that only the jobs of this name are for. */
async function runOf(name: string): Promise<CheckRunView> {
  const { number } = await propose(house, { [`${name}.txt`]: 'x\n' }, name);
  return house.runThat(number, (run) => run.status === 'completed');
}

/** Result by job, as the table of a run shows it. */
function rowsOf({ summary }: CheckRunView): Record<string, string> {
  const cells = (summary ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| |\\(?=["_])/g, '').trim()));
  return Object.fromEntries(cells.map(([job = '', result = '']) => [job, result]));
}

async function memoryOf({ url }: House): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

async function processesLike(pattern: string): Promise<string[]> {
  // Code 1: none.
  const found = promisify(execFile)('pgrep', ['-af', pattern.replace('.', '[.]')]).then(
    ({ stdout }) => stdout,
    (error: { code: number }) => (error.code === 1 ? '' : Promise.reject(error)),
  );
  return (await found).split('\n').filter((line) => line !== '');
}

interface JobText {
  readonly name: string;
  readonly run: string;
  readonly more?: string;
}

function configuration(): string {
  const line = 'x'.repeat(99);
  const flag = join(folder, 'prepared');
  const jobs: readonly JobText[] = [
    { name: 'missing', run: 'no-such-command-here' },
    {
      name: 'chatty',
      run: `echo 'the first line'; { yes ${line} || true; } | head -c ${100 * MB}; echo 'the last line'`,
    },
    {
      name: 'endless',
      run: `sleep ${MARKER} & (sleep ${MARKER}) & bash -c 'exec sleep ${MARKER}'`,
      more: 'timeout: 2',
    },
    { name: 'chain-first', run: 'exit 3' },
    { name: 'chain-second', run: 'true', more: 'dependencies: [chain-first]' },
    { name: 'chain-third', run: 'true', more: 'dependencies: [chain-second]' },
    { name: 'chain-alone', run: 'true' },
    { name: 'quiet-fails', run: 'false', more: 'voting: false' },
    { name: 'quiet-passes', run: 'true' },
    {
      name: 'shaky',
      run: 'true',
      more: `attempts: 3, pre-run: 'test -e ${flag} || { touch ${flag}; exit 1; }'`,
    },
    { name: 'hopeless', run: 'true', more: "attempts: 2, pre-run: 'exit 1'" },
    {
      name: 'varied',
      run: 'env | sort; printf "file: "; cat "$GATEHOUSE_VARS_FILE"',
      more: 'vars: {GREETING: hello, ANSWER: 42, LIST: [1, two]}',
    },
    { name: 'fresh', run: 'test -z "$(git status --porcelain)"; test ! -e left; touch left' },
    {
      name: 'merged',
      run: [
        'test "$(git rev-parse HEAD)" = "$GATEHOUSE_SHA"',
        'for file in merged.txt news.txt; do if [ -e $file ]; then echo "$file: $(cat $file)"; fi; done',
        'echo "parents: $(git cat-file -p HEAD | sed -n "s/^parent //p" | xargs)"',
      ].join('\n'),
    },
    { name: 'shared', run: 'true' },
  ];
  const texts = jobs.map(({ name, run, more }) => {
    const [file] = name.split('-');
    const rest = more === undefined ? '' : `, ${more}`;
    return `- job: {name: ${name}, files: ['^${file}'], run: ${JSON.stringify(run)}${rest}}`;
  });
  const names = jobs.map(({ name }) => name).join(', ');
  return [...texts, '- project:', `    check: {jobs: [${names}]}`, ''].join('\n');
}

/** A configuration whose first job returns something to its second. */
function returning(url: string): string {
  const data = {
    ...{ image: 'api:7', sizes: [1, 2] },
    zuul: { log_url: 'https://ci.example.com/logs/7' },
  };
  return [
    '- job:',
    '    name: build',
    `    run: ${JSON.stringify(`echo '${JSON.stringify(data)}' > "$GATEHOUSE_RETURN_FILE"`)}`,
    `- job: {name: deploy, dependencies: [build], http: '${url}/deploy'}`,
    '- project:',
    '    check: {jobs: [build, deploy]}',
    '',
  ].join('\n');
}

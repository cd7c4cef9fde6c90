/** Contracts, section 5: what an external CI can rely on. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, proposeFromFork } from './actions.ts';
import { type ExternalCi, openExternalCi, report, withBuild, withToken } from './external-ci.ts';
import { type House, openHouse, runCli, until } from './house.ts';

let ci: ExternalCi;
let house: House;

beforeAll(async () => {
  ci = await openExternalCi();
  house = await openHouse({ files: { '.gatehouse.yaml': configuration(ci.url) } });
  const { act } = house.sim;
  await act.createRepository({
    owner: 'acme',
    name: 'open',
    user: 'olga',
    files: { 'README.md': '# open\n', '.gatehouse.yaml': openToOutsiders(ci.url) },
  });
  await act.setPermission({ repository: 'acme/open', user: 'ada', permission: 'write' });
});
afterAll(async () => {
  expect(house.sim.violations).toEqual([]);
  await house[Symbol.asyncDispose]();
  await ci[Symbol.asyncDispose]();
});

describe.concurrent('a job that runs elsewhere', () => {
  it('is launched with everything that its runner needs, signed', async () => {
    const title = 'launch/all';
    const { number, headSha, url } = await propose(house, { 'launch.txt': 'x\n' }, title);

    const launch = await ci.launched(title);
    const run = await house.runThat(number, (one) => one.status === 'in_progress');
    const key = await runCli(['http-key', 'Acme'], house.environment);
    await report(launch, 'result', { result: 'SUCCESS' });

    const { ref, sha } = JSON.parse(launch.text).change;
    const build = launch.body.build.id;
    expect(launch.path).toBe(`/hooks/${number}`);
    expect(JSON.parse(launch.text)).toEqual({
      build: {
        ...{ id: expect.any(String), job: 'launch', attempt: 1, voting: false, timeout_s: 90 },
        vars: { answer: 42, nested: { list: [1, 'two'] } },
      },
      buildset: { id: run.externalId, pipeline: 'check', queue: null },
      change: {
        ...{ repository: 'acme/api', number, url, title, author: 'ada', base_ref: 'main' },
        ...{ head_sha: headSha, ref: expect.stringMatching(/^refs\//), sha: expect.any(String) },
      },
      items: [{ repository: 'acme/api', number, head_sha: headSha }],
      parent_data: {},
      callback: {
        url: `http://localhost:${new URL(house.url).port}/api/v1/builds/${build}`,
        token: expect.stringMatching(/^\S{20,}$/),
      },
    });
    expect(await filesAt(ref, sha)).toEqual(['x\n', expect.stringContaining('- job:')]);
    expect(launch.headers).toMatchObject({
      'content-type': 'application/json',
      'x-gatehouse-signature-256': signature(key.output.trim(), launch.text),
      'x-gatehouse-build': build,
      'x-gatehouse-attempt': '1',
      'x-team': 'core check',
    });
  });

  it('has its log linked from its start on, and its success shown', async () => {
    const title = 'unit/success';
    const { number } = await propose(
      house,
      { 'unit.txt': '1\n' },
      { branch: title, repository: 'acme/open' },
    );
    const launch = await ci.launched(title);

    const started = await report(launch, 'started', { log_url: 'https://ci.example.com/1' });
    const running = await house.runThat(number, showing('https://ci.example.com/1'), 'acme/open');
    const result = { result: 'SUCCESS', log_url: 'https://ci.example.com/2' };
    const ended = await report(launch, 'result', result);
    const run = await house.runThat(number, (one) => one.status === 'completed', 'acme/open');

    expect([started.status, ended.status]).toEqual([200, 200]);
    expect(running.status).toBe('in_progress');
    expect(run).toMatchObject({ conclusion: 'success', title: '1 job passed' });
    expect(run.summary).toContain('https://ci.example.com/2');
  });

  it('fails its run when it failed', async () => {
    const title = 'unit/failure';
    const { number } = await propose(house, { 'unit.txt': '2\n' }, title);
    const launch = await ci.launched(title);

    await report(launch, 'result', { result: 'FAILURE' });
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run).toMatchObject({ conclusion: 'failure', title: '1 of 1 job failed' });
  });

  it('is reported on by nobody else, and only in the form of the contract', async () => {
    const title = 'unit/refused';
    const { number } = await propose(house, { 'unit.txt': '3\n' }, title);
    const launch = await ci.launched(title);
    const success = { result: 'SUCCESS' };

    const answers = await Promise.all([
      report(withToken(launch, 'x'.repeat(43)), 'result', success),
      report(withToken(launch, 'x'.repeat(43)), 'started', {}),
      report(withToken(launch, ''), 'result', success),
      report(withBuild(launch, `${launch.body.build.id}9`), 'result', success),
      report(launch, 'result', '{"result": "SUCC'),
      report(launch, 'result', { result: 'FINE' }),
      report(launch, 'result', { ...success, log_url: 7 }),
      report(launch, 'result', { ...success, data: [] }),
      report(launch, 'result', '"SUCCESS"'),
    ]);
    const [run] = await house.runs(number);

    expect(answers.map(({ status }) => status)).toEqual([
      ...[401, 401, 401, 404, 400, 422, 422, 422, 422],
    ]);
    expect(answers[5]?.body).toMatchObject({
      error: { reasons: [expect.stringMatching(/result.*SUCCESS, FAILURE/)] },
    });
    expect(answers[6]?.body).toMatchObject({
      error: { reasons: [expect.stringMatching(/log_url/)] },
    });
    expect(run?.status).not.toBe('completed');
    expect((await report(launch, 'result', success)).status).toBe(200);
  });

  it('may say the same result again, and no other', async () => {
    const title = 'unit/repeated';
    const { number } = await propose(house, { 'unit.txt': '4\n' }, title);
    const launch = await ci.launched(title);
    const said = { result: 'SUCCESS', data: { b: 1, a: { zuul: 2 } } };
    const sameSaid = { data: { a: { zuul: 2 }, b: 1 }, result: 'SUCCESS' };

    const first = await report(launch, 'result', said);
    const again = await report(launch, 'result', sameSaid);
    const run = await house.runThat(number, (one) => one.status === 'completed');
    const later = await report(launch, 'result', said);
    const other = await report(launch, 'result', { result: 'FAILURE' });
    const started = await report(launch, 'started', {});

    expect([first, again, later, other, started].map(({ status }) => status)).toEqual([
      ...[200, 200, 200, 409, 409],
    ]);
    expect(run.conclusion).toBe('success');
  });

  it('loses single bad file comments and nothing else', async () => {
    const title = 'unit/comments';
    const { number } = await propose(house, { 'unit.txt': '5\n' }, title);
    const launch = await ci.launched(title);
    const comments = [{ line: 1, message: 'good' }, { line: 'x', message: 'bad' }, 'worse'];

    const data = { zuul: { file_comments: { 'unit.txt': comments } }, kept: true };
    const answer = await report(launch, 'result', { result: 'SUCCESS', data });
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(answer).toMatchObject({ status: 200, body: { dropped: [{}, {}] } });
    expect(run.conclusion).toBe('success');
  });

  it('is launched again under a new token when its launch was refused', async () => {
    const title = 'fragile/refused';
    ci.onLaunch(title, ({ body }) => (body.build.attempt === 1 ? 500 : 204));
    const { number } = await propose(house, { 'fragile.txt': '1\n' }, title);
    const first = await ci.launched(title);
    const second = await ci.launched(title, { count: 2 });

    const stale = await report(first, 'result', { result: 'FAILURE' });
    const staleStart = await report(first, 'started', {});
    await report(second, 'result', { result: 'SUCCESS' });
    const run = await house.runThat(number, (one) => one.status === 'completed');
    const afterwards = await report(first, 'result', { result: 'FAILURE' });

    expect(second.body.build).toMatchObject({ id: first.body.build.id, attempt: 2 });
    expect(second.headers['x-gatehouse-attempt']).toBe('2');
    expect(second.body.callback.token).not.toBe(first.body.callback.token);
    expect([stale.status, staleStart.status, afterwards.status]).toEqual([409, 409, 409]);
    expect(run.conclusion).toBe('success');
  });

  it('is given up when no launch was taken', async () => {
    const title = 'fragile/never';
    ci.onLaunch(title, () => 503);
    const { number } = await propose(house, { 'fragile.txt': '2\n' }, title);

    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run.conclusion).toBe('failure');
    expect(run.summary).toMatch(/gave up after its last try.*the launch failed: answered 503/);
  });

  it('is launched again, as the same build, when its runner asks for it', async () => {
    const title = 'fragile/retry';
    const { number } = await propose(house, { 'fragile.txt': '3\n' }, title);
    const first = await ci.launched(title);

    const asked = await report(first, 'result', { result: 'RETRY' });
    const second = await ci.launched(title, { count: 2 });
    const stale = await report(first, 'result', { result: 'SUCCESS' });
    await report(second, 'result', { result: 'SUCCESS' });
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect([asked.status, stale.status]).toEqual([200, 409]);
    expect(second.body.build).toMatchObject({ id: first.body.build.id, attempt: 2 });
    expect(run.conclusion).toBe('success');
  });

  it('is cancelled once, signed, by a newer head, and not listened to any more', async () => {
    const title = 'unit/cancelled';
    await propose(house, { 'unit.txt': '6\n' }, title);
    const old = await ci.launched(title);
    const build = old.body.build.id;

    const on = { repository: 'acme/api', user: 'ada', branch: title };
    await house.sim.act.pushCommit({ ...on, files: { 'unit.txt': '7\n' } });
    const fresh = await ci.launched(title, { count: 2 });
    await until('the cancellation', async () => ci.cancels(build)[0] ?? null);
    const late = await report(old, 'result', { result: 'SUCCESS' });
    await report(fresh, 'result', { result: 'SUCCESS' });
    const key = await runCli(['http-key', 'acme'], house.environment);

    const [cancel] = ci.cancels(build);
    expect(cancel?.path).toBe(old.path);
    expect(JSON.parse(cancel?.text ?? '')).toEqual({ cancel: { build, attempt: 1 } });
    expect(cancel?.headers['x-gatehouse-signature-256']).toBe(
      signature(key.output.trim(), cancel?.text ?? ''),
    );
    expect(late.status).toBe(409);
    expect(fresh.body.build).toMatchObject({ attempt: 1 });
    expect(fresh.body.build.id).not.toBe(build);
  });

  it('may be done before it has said that it took the launch', async () => {
    const title = 'unit/quick';
    ci.onLaunch(title, async (launch) => {
      const { status } = await report(launch, 'result', { result: 'SUCCESS' });
      return status;
    });

    const { number } = await propose(house, { 'unit.txt': '8\n' }, title);
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(run).toMatchObject({ conclusion: 'success', title: '1 job passed' });
  });

  it('is cancelled when its time is up, and its run says so', async () => {
    const title = 'impatient/silent';
    const { number } = await propose(house, { 'impatient.txt': 'x\n' }, title);
    const launch = await ci.launched(title);

    const run = await house.runThat(number, (one) => one.status === 'completed');
    const build = launch.body.build.id;
    await until('the cancellation', async () => ci.cancels(build)[0] ?? null);
    const late = await report(launch, 'result', { result: 'SUCCESS' });

    expect(run).toMatchObject({ conclusion: 'timed_out', title: '1 of 1 job timed out' });
    expect(late.status).toBe(409);
  });

  it('gets what the jobs it depends on returned', async () => {
    const title = 'family/data';
    const { number } = await propose(house, { 'family.txt': 'x\n' }, title);
    const parent = await ci.launched(title, { job: 'parent' });
    expect(ci.launches(title, 'child')).toEqual([]);

    const data = { image: 'api:7', list: [1], zuul: { log_url: 'https://ci.example.com/p' } };
    await report(parent, 'result', { result: 'SUCCESS', data });
    const child = await ci.launched(title, { job: 'child' });
    await report(child, 'result', { result: 'SUCCESS' });
    const run = await house.runThat(number, (one) => one.status === 'completed');

    expect(parent.body.parent_data).toEqual({});
    expect(child.body.parent_data).toEqual({ image: 'api:7', list: [1] });
    expect(run.title).toBe('2 jobs passed');
    expect(run.summary).toContain('https://ci.example.com/p');
  });

  it('runs for a stranger where the pipeline asks for no trust', async () => {
    const { number } = await proposeFromFork(house, { 'x.txt': 'x\n' }, 'acme/open');
    const launch = await ci.launched('From outside');

    await report(launch, 'result', { result: 'SUCCESS' });
    const run = await house.runThat(number, (one) => one.status === 'completed', 'acme/open');

    expect(run).toMatchObject({ name: 'gatehouse/outside', conclusion: 'success' });
    expect(launch.body).toMatchObject({ change: { repository: 'acme/open', author: 'sam' } });
  });

  it.each([
    [
      'plain',
      'http://localhost:9/',
      /refused: the address is not https and not in GATEHOUSE_HTTP_ALLOW/,
    ],
    ['private', 'https://10.0.0.1/', /refused: address is private and not in GATEHOUSE_HTTP_ALLOW/],
  ])(
    'is refused by name where the operator did not allow its address: %s',
    async (kind, _, why) => {
      const { number } = await propose(house, { [`${kind}.txt`]: 'x\n' }, `${kind}/refused`);

      const run = await house.runThat(number, (one) => one.status === 'completed');

      expect(run.conclusion).toBe('failure');
      expect(run.summary).toMatch(why);
    },
  );
});

describe('when all of them are over', () => {
  it('nothing was launched or cancelled once more than it had to be', async () => {
    await house.idle();

    const attempts = (title: string) => ci.launches(title).map(({ body }) => body.build.attempt);
    const cancelled = ['unit/cancelled', 'impatient/silent'].flatMap((title) =>
      ci.launches(title).map(({ body }) => ci.cancels(body.build.id).length),
    );
    expect(attempts('unit/quick')).toEqual([1]);
    expect(attempts('fragile/never')).toEqual([1, 2]);
    expect(attempts('fragile/refused')).toEqual([1, 2]);
    // The old head's build, the new head's, and the one whose time was up.
    expect(cancelled).toEqual([1, 0, 1]);
  });
});

function configuration(url: string): string {
  const job = (name: string, more: string) =>
    `- job: {name: ${name}, files: ['^${name}'], ${more}}`;
  const at = `http: '${url}/hook'`;
  return [
    '- job:',
    '    name: launch',
    `    http: {url: '${url}/hooks/{change.number}', headers: {X-Team: 'core {pipeline}'}}`,
    "    files: ['^launch']",
    '    voting: false',
    '    timeout: 90',
    '    vars: {answer: 42, nested: {list: [1, two]}}',
    job('unit', at),
    job('fragile', `${at}, attempts: 2`),
    job('impatient', `${at}, timeout: 1`),
    `- job: {name: parent, files: ['^family'], ${at}}`,
    `- job: {name: child, files: ['^family'], dependencies: [parent], ${at}}`,
    job('plain', `http: 'http://localhost:9/', attempts: 1`),
    job('private', `http: 'https://10.0.0.1/', attempts: 1`),
    '- project:',
    '    check:',
    '      jobs: [launch, unit, fragile, impatient, parent, child, plain, private]',
    '',
  ].join('\n');
}

function openToOutsiders(url: string): string {
  return [
    '- pipeline:',
    '    name: outside',
    '    manager: independent',
    '    progress-interval: 1s',
    '    trigger: {github: [{event: pull_request, action: [opened, changed]}]}',
    '    success: {github: {check: success}}',
    '    failure: {github: {check: failure}}',
    `- job: {name: unit, http: '${url}/hook'}`,
    '- project:',
    '    outside: {jobs: [unit]}',
    '',
  ].join('\n');
}

/** What the commit that is to be checked out holds, at the ref it is fetched from. */
async function filesAt(ref: string, sha: string): Promise<(string | null)[]> {
  const { act } = house.sim;
  const repository = 'acme/api';
  const refs = await act.refs({ repository });
  expect(refs[ref]).toBe(sha);
  const paths = ['launch.txt', '.gatehouse.yaml'];
  const files = paths.map((path) => act.readFile({ repository, path, ref: sha }));
  return (await Promise.all(files)).map(({ content }) => content);
}

function signature(key: string, text: string): string {
  return `sha256=${createHmac('sha256', key).update(text).digest('hex')}`;
}

function showing(text: string): (run: { readonly summary: string | null }) => boolean {
  return ({ summary }) => summary?.includes(text) === true;
}

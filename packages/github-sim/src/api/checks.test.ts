import { expect, test } from 'vitest';
import { appJwt, buildWorld, callerWith, openBranchPull, startTestSim } from '../testing.ts';

const RUNS = '/repos/acme/api/check-runs';
const ANNOTATION = {
  path: 'src/a.txt',
  start_line: 1,
  end_line: 1,
  annotation_level: 'warning',
  message: 'look',
};

test('a check run goes from queued to completed, in one suite per App and commit', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, app, sha } = await buildWorld(on);

  const made = await call('POST', RUNS, {
    body: { name: 'gatehouse/check', head_sha: sha, external_id: 'bs-1' },
  });
  const other = await call('POST', RUNS, { body: { name: 'gatehouse/post', head_sha: sha } });
  const running = await call('PATCH', `${RUNS}/${made.body.id}`, {
    body: { status: 'in_progress', output: { title: 'Running', summary: '1 of 2' } },
  });
  const done = await call('PATCH', `${RUNS}/${made.body.id}`, { body: { conclusion: 'failure' } });

  expect(made.body).toMatchObject({ status: 'queued', conclusion: null, external_id: 'bs-1' });
  expect(made.body.app.id).toBe(app.id);
  expect(other.body.check_suite.id).toBe(made.body.check_suite.id);
  expect(running.body).toMatchObject({ status: 'in_progress', output: { title: 'Running' } });
  expect(done.body).toMatchObject({ status: 'completed', conclusion: 'failure' });
  expect(done.body.completed_at).not.toBeNull();
  expect(on.sim.violations).toEqual([]);
});

test('the suite takes the weightiest conclusion once every run is complete', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const post = (name: string, more: object) =>
    call('POST', RUNS, { body: { name, head_sha: sha, ...more } });
  const made = await post('a', { conclusion: 'success' });
  const suite = async () => {
    const { body } = await call('GET', `/repos/acme/api/check-suites/${made.body.check_suite.id}`);
    return [body.status, body.conclusion, body.latest_check_runs_count];
  };

  expect(await suite()).toEqual(['completed', 'success', 1]);
  const b = await post('b', { status: 'in_progress' });
  expect(await suite()).toEqual(['in_progress', null, 2]);
  await call('PATCH', `${RUNS}/${b.body.id}`, { body: { conclusion: 'timed_out' } });
  expect(await suite()).toEqual(['completed', 'timed_out', 2]);
  expect(on.sim.violations).toEqual([]);
});

test('the list of a commit shows the newest run of each name unless all are asked for', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha, app } = await buildWorld(on);
  for (const externalId of ['1', '2']) {
    await call('POST', RUNS, { body: { name: 'a', head_sha: sha, external_id: externalId } });
  }

  const latest = await call('GET', `/repos/acme/api/commits/main/check-runs?app_id=${app.id}`);
  const all = await call('GET', `/repos/acme/api/commits/${sha}/check-runs?filter=all`);

  expect(latest.body.check_runs.map((run: { external_id: string }) => run.external_id)).toEqual([
    '2',
  ]);
  expect(all.body.total_count).toBe(2);
  expect(on.sim.violations).toEqual([]);
});

test('annotations are appended by each request and listed in order', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const output = (count: number, text: string) => ({
    title: 't',
    summary: 's',
    annotations: Array.from({ length: count }, () => ({ ...ANNOTATION, message: text })),
  });
  const made = await call('POST', RUNS, {
    body: { name: 'a', head_sha: sha, output: output(50, 'first') },
  });

  const more = await call('PATCH', `${RUNS}/${made.body.id}`, {
    body: { output: output(2, 'second') },
  });
  const page = await call('GET', `${RUNS}/${made.body.id}/annotations?per_page=50&page=2`);

  expect(more.body.output.annotations_count).toBe(52);
  expect(page.body.map((each: { message: string }) => each.message)).toEqual(['second', 'second']);
  expect(on.sim.violations).toEqual([]);
});

test.each([
  [
    '51 annotations',
    { output: { title: 't', summary: 's', annotations: Array(51).fill(ANNOTATION) } },
    'No more than 50 items are allowed; 51 were supplied.',
  ],
  ['an output without summary', { output: { title: 't' } }, '"summary" wasn\'t supplied.'],
  ['an output without title', { output: { summary: 's' } }, '"title" wasn\'t supplied.'],
  [
    'a summary that is too long',
    { output: { title: 't', summary: 'x'.repeat(65_536) } },
    'Only 65535 characters are allowed; 65536 were supplied.',
  ],
  [
    'four actions',
    { actions: Array(4).fill({ label: 'l', description: 'd', identifier: 'i' }) },
    'No more than 3 items',
  ],
  [
    'a long label',
    { actions: [{ label: 'x'.repeat(21), description: 'd', identifier: 'i' }] },
    'Only 20 characters',
  ],
  ['completed without conclusion', { status: 'completed' }, '"conclusion" wasn\'t supplied.'],
  ['the conclusion stale', { conclusion: 'stale' }, 'stale'],
  [
    'columns over several lines',
    {
      output: {
        title: 't',
        summary: 's',
        annotations: [{ ...ANNOTATION, end_line: 2, start_column: 1 }],
      },
    },
    'start_line equals end_line',
  ],
  [
    'a path with ./',
    { output: { title: 't', summary: 's', annotations: [{ ...ANNOTATION, path: './a' }] } },
    'is invalid',
  ],
])('%s: refused with 422', async (_name, change, message) => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);

  const answer = await call('POST', RUNS, { body: { name: 'a', head_sha: sha, ...change } });

  expect(answer.status).toBe(422);
  expect(answer.body.message).toContain(message);
});

test('a commit that the repository does not have is refused', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  const missing = 'f'.repeat(40);

  const answer = await call('POST', RUNS, { body: { name: 'a', head_sha: missing } });

  expect(answer.status).toBe(422);
  expect(answer.body.message).toBe(`No commit found for SHA: ${missing}`);
});

test('only the App that made a check run may change it, and people never write checks', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha, app } = await buildWorld(on);
  const made = await call('POST', RUNS, { body: { name: 'a', head_sha: sha } });
  const other = await on.act.registerApp({
    slug: 'other',
    permissions: { checks: 'write' },
    events: [],
    privateKey: app.privateKey,
  });
  const { id } = await on.act.installApp({ app: 'other', owner: 'acme' });
  const asOther = callerWith(on.apiUrl, appJwt(other));
  const { body } = await asOther('POST', `/app/installations/${id}/access_tokens`);
  const person = await on.act.createUser({ login: 'eve' });
  await on.act.setPermission({ repository: 'acme/api', user: 'eve', permission: 'admin' });

  const change = { body: { conclusion: 'success' } };
  const stolen = await callerWith(on.apiUrl, body.token)(
    'PATCH',
    `${RUNS}/${made.body.id}`,
    change,
  );
  const byHand = await callerWith(on.apiUrl, person.token)('POST', RUNS, {
    body: { name: 'a', head_sha: sha },
  });

  expect(stolen.status).toBe(403);
  expect(stolen.body.message).toContain('Invalid app_id');
  expect(byHand.status).toBe(403);
});

test('a completed check run stays completed, and the attempt is recorded', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const made = await call('POST', RUNS, {
    body: { name: 'a', head_sha: sha, conclusion: 'success' },
  });

  const back = await call('PATCH', `${RUNS}/${made.body.id}`, { body: { status: 'in_progress' } });

  expect(back.body).toMatchObject({ status: 'completed', conclusion: 'success' });
  expect(on.sim.violations).toMatchObject([{ kind: 'misuse' }]);
});

test('a check run on a head in a fork names no pull request and no branch', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await on.act.forkRepository({ repository: 'acme/api', owner: 'sam' });
  await on.act.pushCommit({ repository: 'sam/api', user: 'sam', branch: 'x', files: { x: 'y' } });
  const pull = await on.act.openPullRequest({
    repository: 'acme/api',
    user: 'sam',
    head: 'sam:x',
    title: 'x',
  });
  const own = await openBranchPull(on.act, 'own');

  const foreign = await call('POST', RUNS, { body: { name: 'a', head_sha: pull.headSha } });
  const near = await call('POST', RUNS, { body: { name: 'a', head_sha: own.headSha } });
  const suite = await call('GET', `/repos/acme/api/check-suites/${foreign.body.check_suite.id}`);

  expect(foreign.body.pull_requests).toEqual([]);
  expect(suite.body.head_branch).toBeNull();
  expect(near.body.pull_requests).toMatchObject([{ number: own.number }]);
  expect(on.sim.violations).toEqual([]);
});

test('a status stands beside the checks, with the newest of each context', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  const post = (state: string, context: string) =>
    call('POST', `/repos/acme/api/statuses/${sha}`, { body: { state, context } });
  await post('pending', 'gatehouse/check');
  await post('success', 'gatehouse/check');

  const combined = await call('GET', '/repos/acme/api/commits/main/status');
  const all = await call('GET', '/repos/acme/api/commits/main/statuses');
  const long = await call('POST', `/repos/acme/api/statuses/${sha}`, {
    body: { state: 'success', description: 'x'.repeat(141) },
  });

  expect(combined.body).toMatchObject({ state: 'success', total_count: 1 });
  expect(all.body.map((each: { state: string }) => each.state)).toEqual(['success', 'pending']);
  expect(long.status).toBe(422);
  expect(on.sim.violations).toEqual([]);
});

test('automatic suites can be switched off', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, app } = await buildWorld(on);

  const preferences = await call('PATCH', '/repos/acme/api/check-suites/preferences', {
    body: { auto_trigger_checks: [{ app_id: app.id, setting: false }] },
  });
  await on.act.pushCommit({ repository: 'acme/api', branch: 'x', user: 'ada', files: { x: 'y' } });
  const suites = await call('GET', '/repos/acme/api/commits/x/check-suites');

  expect(preferences.body.preferences.auto_trigger_checks).toEqual([
    { app_id: app.id, setting: false },
  ]);
  expect(suites.body.total_count).toBe(0);
  expect(on.sim.violations).toEqual([]);
});

import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { buildWorld, openBranchPull, startReceiver, startTestSim } from '../testing.ts';

const PULL = { repository: 'acme/api', number: 1, user: 'ada' };

test('a delivery is signed and carries the headers of GitHub', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  const { app } = await buildWorld(on, { webhookUrl: hooks.url });
  await on.act.settled();

  const [ping] = hooks.received;

  expect(ping?.isSigned).toBe(true);
  expect(ping?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-github-event': 'ping',
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
  });
  expect(ping?.headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
  expect(ping?.headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
  const sha1 = createHmac('sha1', 'secret').update(JSON.stringify(ping?.payload)).digest('hex');
  expect(ping?.headers['x-hub-signature']).toBe(`sha1=${sha1}`);
});

test('each change of a pull request is told', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  await buildWorld(on, { webhookUrl: hooks.url });
  await openBranchPull(on.act, 'fix');
  await on.act.settled();
  hooks.received.length = 0;

  await on.act.editPullRequest({ ...PULL, title: 'better' });
  await on.act.setDraft({ ...PULL, draft: true });
  await on.act.setDraft({ ...PULL, draft: false });
  await on.act.addLabels({ ...PULL, labels: ['gate'] });
  await on.act.removeLabel({ ...PULL, label: 'gate' });
  await on.act.comment({ ...PULL, body: 'recheck' });
  await on.act.review({ ...PULL, user: 'sam', event: 'approve' });
  await on.act.closePullRequest(PULL);
  await on.act.reopenPullRequest(PULL);
  await on.act.mergePullRequest(PULL);
  await on.act.settled();

  const names = hooks.names().sort();
  expect(names).toEqual([
    'check_suite.requested',
    'issue_comment.created',
    'label.created',
    'pull_request.closed',
    'pull_request.closed',
    'pull_request.converted_to_draft',
    'pull_request.edited',
    'pull_request.labeled',
    'pull_request.ready_for_review',
    'pull_request.reopened',
    'pull_request.unlabeled',
    'pull_request_review.submitted',
    'push',
  ]);
  const edited = hooks.received.find((each) => each.payload.action === 'edited');
  expect(edited?.payload.changes).toEqual({ title: { from: 'fix' } });
  expect(edited?.payload).toMatchObject({
    number: 1,
    repository: { full_name: 'acme/api' },
    organization: { login: 'acme' },
    sender: { login: 'ada' },
  });
  const comment = hooks.received.find((each) => each.event === 'issue_comment');
  expect(comment?.payload.issue.pull_request.url).toContain('/pulls/1');
  expect(JSON.stringify(comment?.payload.issue)).not.toContain('head_sha');
  expect(on.sim.violations).toEqual([]);
});

test('a push to the head is told as push, synchronize and a new suite', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  await buildWorld(on, { webhookUrl: hooks.url });
  const { headSha } = await openBranchPull(on.act, 'fix');
  await on.act.settled();
  hooks.received.length = 0;

  const push = { repository: 'acme/api', branch: 'fix', user: 'ada' };
  const { sha } = await on.act.pushCommit({ ...push, files: { 'b.txt': 'b\n' }, message: 'b' });
  await on.act.settled();

  const sync = hooks.received.find((each) => each.payload.action === 'synchronize');
  const pushed = hooks.received.find((each) => each.event === 'push');
  const suite = hooks.received.find((each) => each.event === 'check_suite');
  expect(sync?.payload).toMatchObject({ before: headSha, after: sha });
  expect(sync?.payload.pull_request.head.sha).toBe(sha);
  expect(pushed?.payload).toMatchObject({
    ref: 'refs/heads/fix',
    before: headSha,
    after: sha,
    forced: false,
    commits: [{ id: sha, added: ['b.txt'], message: 'b' }],
  });
  expect(suite?.payload.check_suite).toMatchObject({ head_sha: sha, head_branch: 'fix' });
  expect(on.sim.violations).toEqual([]);
});

test('a push to a fork tells the base synchronize only, without a suite', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  await buildWorld(on, { webhookUrl: hooks.url });
  await on.act.forkRepository({ repository: 'acme/api', owner: 'sam' });
  const push = { repository: 'sam/api', branch: 'x', user: 'sam' };
  await on.act.pushCommit({ ...push, files: { x: '1' } });
  const head = 'sam:x';
  await on.act.openPullRequest({ repository: 'acme/api', user: 'sam', head, title: 'x' });
  await on.act.settled();
  hooks.received.length = 0;

  await on.act.pushCommit({ ...push, files: { x: '2' } });
  await on.act.settled();

  expect(hooks.names()).toEqual(['pull_request.synchronize']);
});

test('re-run and buttons reach only the App that made the check run', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  const { asInstallation: call, app } = await buildWorld(on, { webhookUrl: hooks.url });
  await using others = await startReceiver();
  await on.act.registerApp({
    slug: 'other',
    permissions: { checks: 'write' },
    events: ['check_run', 'check_suite'],
    privateKey: app.privateKey,
    webhookUrl: others.url,
  });
  await on.act.installApp({ app: 'other', owner: 'acme' });
  const { headSha } = await openBranchPull(on.act, 'fix');
  const made = await call('POST', '/repos/acme/api/check-runs', {
    body: {
      name: 'gatehouse/check',
      head_sha: headSha,
      conclusion: 'failure',
      actions: [{ label: 'Again', description: 'Run again', identifier: 'rerun' }],
    },
  });
  const checkRun: number = made.body.id;
  const press = { repository: 'acme/api', checkRun, user: 'ada' };
  await on.act.settled();
  hooks.received.length = 0;
  others.received.length = 0;

  await on.act.rerunCheckRun(press);
  await on.act.rerunAllChecks({ repository: 'acme/api', number: 1, user: 'ada' });
  await on.act.pressCheckAction({ ...press, identifier: 'rerun' });
  const stranger = on.act.pressCheckAction({ ...press, identifier: 'rerun', user: 'sam' });
  await expect(stranger).rejects.toMatchObject({ status: 403 });
  const unknown = on.act.pressCheckAction({ ...press, identifier: 'nothing' });
  await expect(unknown).rejects.toMatchObject({ status: 422 });
  await on.act.settled();
  const suite = await call('GET', `/repos/acme/api/check-suites/${made.body.check_suite.id}`);

  expect(hooks.names().sort()).toEqual([
    'check_run.requested_action',
    'check_run.rerequested',
    'check_suite.rerequested',
  ]);
  expect(others.names()).toEqual([]);
  const pressed = hooks.received.find((each) => each.payload.action === 'requested_action');
  expect(pressed?.payload.requested_action).toEqual({ identifier: 'rerun' });
  expect(pressed?.payload.sender.login).toBe('ada');
  expect(suite.body).toMatchObject({ status: 'queued', conclusion: null });
  expect((await call('GET', `/repos/acme/api/check-runs/${checkRun}`)).body.status).toBe(
    'completed',
  );
  expect(on.sim.violations).toEqual([]);
});

test('an App without the permission or the subscription is not told', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  await buildWorld(on, { webhookUrl: hooks.url, permissions: { contents: 'read' } });
  await on.act.settled();
  hooks.received.length = 0;

  await openBranchPull(on.act, 'fix');
  await on.act.settled();

  expect(hooks.names().sort()).toEqual(['create', 'push']);
});

test('installing, choosing repositories and uninstalling are told', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  const { installation } = await buildWorld(on, { webhookUrl: hooks.url });
  await on.act.createRepository({ owner: 'acme', name: 'web' });
  await on.act.editInstallation({ installation, repositories: ['web'] });
  await on.act.editInstallation({ installation, suspended: true });
  await on.act.editInstallation({ installation, suspended: false });
  await on.act.uninstallApp({ installation });
  await on.act.settled();

  expect(hooks.names().sort()).toEqual([
    'installation.created',
    'installation.deleted',
    'installation.suspend',
    'installation.unsuspend',
    'installation_repositories.added',
    'installation_repositories.removed',
    'ping',
  ]);
  expect(on.sim.violations).toEqual([]);
});

test('failed deliveries are listed by status and page, and redelivery keeps the GUID', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  const { asApp } = await buildWorld(on, { webhookUrl: hooks.url });
  await on.act.settled();
  hooks.answerWith(503);
  await openBranchPull(on.act, 'fix');
  await on.act.settled();
  hooks.received.length = 0;

  const failed = await asApp('GET', '/app/hook/deliveries?status=failure&per_page=2');
  const next = /<([^>]+)>; rel="next"/.exec(failed.headers.get('link') ?? '')?.[1] ?? '';
  const rest = await asApp('GET', next);
  hooks.answerWith(202);
  const [first] = failed.body;
  const again = await asApp('POST', `/app/hook/deliveries/${first.id}/attempts`);
  await on.act.settled();
  const one = await asApp('GET', `/app/hook/deliveries/${first.id}`);
  const newest = (await asApp('GET', '/app/hook/deliveries?per_page=1')).body[0];

  expect(failed.body).toHaveLength(2);
  expect(first).toMatchObject({ status: 'Invalid HTTP Response: 503', status_code: 503 });
  expect(rest.body).toHaveLength(2);
  expect(again.status).toBe(202);
  expect(one.body.request.headers['X-GitHub-Delivery']).toBe(first.guid);
  expect(hooks.received[0]?.headers['x-github-delivery']).toBe(first.guid);
  expect(newest).toMatchObject({ guid: first.guid, redelivery: true, status: 'OK' });
  expect(on.sim.violations).toEqual([]);
});

test('a receiver that is away or too slow shows in the log', async () => {
  await using on = await startTestSim({ webhookTimeoutMs: 800 });
  const { createServer } = await import('node:http');
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await buildWorld(on, { webhookUrl: `http://127.0.0.1:${port}/` });
  await on.act.settled();
  const slow = await on.act.deliveries({ event: 'ping' });
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
  await on.act.pushCommit({
    repository: 'acme/api',
    branch: 'main',
    user: 'ada',
    files: { a: 'b' },
  });
  await on.act.settled();
  const away = await on.act.deliveries({ event: 'push' });

  expect(slow[0]).toMatchObject({ status: 'timed out', statusCode: 0 });
  expect(away[0]).toMatchObject({ status: 'failed to connect to host', statusCode: 0 });
});

/** What a whole GitHub tells the App, and what it failed to tell. */
import { commitSha } from '@gatehouse/model';
import type { FailedDelivery } from '@gatehouse/ports';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runningCheck } from './test/bodies.ts';
import { startWorld, type World } from './test/world.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  expect(world.sim.violations).toEqual([]);
});
afterAll(() => world[Symbol.asyncDispose]());

const marker = '<!-- gatehouse:check -->';

test('what people do to a change is read off the deliveries', async () => {
  const repository = await world.repository('events');
  const { number, headSha } = await world.change(repository, 'door');
  const at = { repository, number, user: 'bob' };
  await world.sim.act.comment({ ...at, body: '> why?\n\nrecheck' });
  await world.sim.act.addLabels({ ...at, labels: ['gate'] });
  await world.sim.act.review({ ...at, event: 'approve' });
  await world.sim.act.setDraft({ ...at, user: 'ada', draft: true });
  await world.sim.act.closePullRequest(at);
  await world.github.writeComment(repository, number, { marker, text: 'recheck' });
  await world.sim.act.settled();

  const told = world
    .notices()
    .filter((notice) => notice.kind === 'change' && notice.repository === repository)
    .map((notice) => (notice.kind === 'change' ? notice : null));

  const said = told.map((notice) => `${notice?.trigger.event} ${notice?.trigger.action}`);
  expect(said).toEqual(
    expect.arrayContaining([
      'pull_request opened',
      'pull_request comment',
      'pull_request labeled',
      'pull_request_review submitted',
      'pull_request converted_to_draft',
      'pull_request closed',
    ]),
  );
  const comments = told.filter((notice) => notice?.trigger.action === 'comment');
  expect(comments).toMatchObject([
    { headSha: null, sender: { login: 'bob', isSelf: false }, trigger: { comment: 'recheck' } },
  ]);
  expect(told.find((notice) => notice?.trigger.action === 'opened')).toMatchObject({ headSha });
});

test('buttons and re-runs name the buildset of our run', async () => {
  const repository = await world.repository('buttons');
  const { headSha } = await world.change(repository, 'door');
  const checkRun = await world.github.createCheckRun(repository, runningCheck(headSha));
  const press = { repository, checkRun, identifier: 'abort', user: 'bob' };
  await world.sim.act.pressCheckAction(press);
  const done = { status: 'completed', conclusion: 'failure', completedAt: Date.now() } as const;
  await world.github.updateCheckRun(repository, checkRun, runningCheck(headSha, done));
  await world.sim.act.rerunCheckRun({ repository, checkRun, user: 'bob' });
  await world.sim.act.settled();

  const told = world
    .notices()
    .filter((notice) => 'repository' in notice && notice.repository === repository);

  expect(told).toContainEqual(
    expect.objectContaining({ kind: 'button', buildset: 'bs-1', identifier: 'abort', headSha }),
  );
  expect(told).toContainEqual(
    expect.objectContaining({
      kind: 'head',
      buildset: 'bs-1',
      trigger: expect.objectContaining({
        event: 'check_run',
        action: 'rerequested',
        check: 'gatehouse:gatehouse/check:failure',
      }),
    }),
  );
});

test('pushes to ordinary branches are told with their paths, ours are ignored', async () => {
  const repository = await world.repository('pushes');
  const old = await world.github.readBranch(repository, 'main');
  const files = { 'a.txt': 'a\n' };
  const pushed = { repository, branch: 'main', user: 'ada', files };
  const { sha } = await world.sim.act.pushCommit(pushed);
  await world.github.placeBranch(repository, 'gatehouse/1', commitSha(sha));
  await world.sim.act.settled();

  const told = world
    .notices()
    .filter((notice) => notice.kind === 'ref' && notice.repository === repository);

  expect(told).toContainEqual(
    expect.objectContaining({
      ref: 'refs/heads/main',
      oldSha: old,
      newSha: sha,
      paths: ['a.txt'],
    }),
  );
  expect(told).not.toContainEqual(expect.objectContaining({ ref: 'refs/heads/gatehouse/1' }));
});

test('deliveries that failed are listed and can be sent again', async () => {
  const since = Date.now() - 1000;
  const repository = await world.repository('missed');
  await world.sim.act.settled();
  world.receiveWith(503);
  const { number } = await world.change(repository, 'door');
  await world.sim.act.settled();
  world.receiveWith(202);

  const failed: FailedDelivery[] = [];
  for await (const page of world.github.listFailed(since)) failed.push(...page);
  for (const { attemptId } of failed) await world.github.redeliver(attemptId);
  await world.sim.act.settled();
  const left: FailedDelivery[] = [];
  for await (const page of world.github.listFailed(since)) left.push(...page);

  expect(failed.map(({ event }) => event)).toContain('pull_request');
  expect(left).toEqual([]);
  expect(number).toBeGreaterThan(0);
});

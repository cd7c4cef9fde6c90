import type { Json } from '@gatehouse/model';
import type { Notice } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { fakeSha } from '../test/bodies.ts';
import {
  checkRun,
  issueComment,
  payload,
  pullRequest,
  push,
  self,
  zeroSha,
} from '../test/payloads.ts';
import { readDelivery } from './reader.ts';

function read(event: string, body: Json): Notice {
  return readDelivery(
    { event, payload: body },
    { identity: { id: 1, slug: 'gatehouse' }, appId: 1 },
  );
}

const noFacts = {
  action: null,
  comment: null,
  label: null,
  reviewState: null,
  check: null,
  status: null,
  ref: null,
};
const ada = { login: 'ada', isBot: false, isSelf: false };

test.each([
  ['opened', 'opened'],
  ['synchronize', 'changed'],
  ['closed', 'closed'],
  ['reopened', 'reopened'],
  ['edited', 'edited'],
  ['ready_for_review', 'ready_for_review'],
  ['converted_to_draft', 'converted_to_draft'],
])('pull_request %s is a change that was %s', (given, action) => {
  const notice = read('pull_request', pullRequest(given));

  expect(notice).toEqual({
    kind: 'change',
    repository: 'acme/api',
    number: 7,
    headSha: fakeSha('head'),
    commentId: null,
    sender: ada,
    trigger: { ...noFacts, event: 'pull_request', action },
  });
});

test.each(['labeled', 'unlabeled'])('pull_request %s names the label', (action) => {
  const notice = read('pull_request', pullRequest(action, { label: { id: 1, name: 'gate' } }));

  expect(notice).toMatchObject({ kind: 'change', trigger: { action, label: 'gate' } });
});

test('an action of pull requests that nobody uses is ignored by name', () => {
  const notice = read('pull_request', pullRequest('assigned'));

  expect(notice).toEqual({
    kind: 'ignored',
    reason: 'nothing follows from pull_request assigned',
  });
});

test('a comment on a pull request is something said on a change, without a head', () => {
  const notice = read('issue_comment', issueComment('recheck'));

  expect(notice).toEqual({
    kind: 'change',
    repository: 'acme/api',
    number: 7,
    headSha: null,
    commentId: 3001,
    sender: ada,
    trigger: { ...noFacts, event: 'pull_request', action: 'comment', comment: 'recheck' },
  });
});

test('a comment on an issue is ignored', () => {
  const notice = read(
    'issue_comment',
    payload('created', { issue: { number: 3 }, comment: { id: 1, body: 'recheck' } }),
  );

  expect(notice).toMatchObject({ kind: 'ignored' });
});

test.each(['edited', 'deleted'])('a comment that was %s is ignored', (action) => {
  const comment = issueComment('recheck');
  const notice = read('issue_comment', { ...(comment as object), action });

  expect(notice).toMatchObject({ kind: 'ignored' });
});

test('our own comment is ignored, by whom and through what it was written', () => {
  const asBot = issueComment('recheck');
  const throughUs = issueComment('recheck', { performed_via_github_app: { id: 1 } });

  const notices = [
    read('issue_comment', { ...(asBot as object), sender: self }),
    read('issue_comment', throughUs),
  ];

  const own = { kind: 'ignored', reason: 'the comment is our own' };
  expect(notices).toEqual([own, own]);
});

test('a comment through us is ours even before GitHub was asked who we are', () => {
  const throughUs = issueComment('recheck', { performed_via_github_app: { id: 1 } });

  const notice = readDelivery(
    { event: 'issue_comment', payload: throughUs },
    { identity: null, appId: 1 },
  );

  expect(notice).toMatchObject({ kind: 'ignored' });
});

test('a comment of another bot counts, and says that it is a bot', () => {
  const comment = issueComment('recheck');
  const sender = { login: 'renovate[bot]', type: 'Bot' };

  const notice = read('issue_comment', { ...(comment as object), sender });

  expect(notice).toMatchObject({
    kind: 'change',
    sender: { login: 'renovate[bot]', isBot: true, isSelf: false },
  });
});

test.each(['submitted', 'dismissed', 'edited'])('a review that was %s is a vote', (action) => {
  const review = { review: { state: 'APPROVED', commit_id: fakeSha('head') } };

  const notice = read('pull_request_review', pullRequest(action, review));

  expect(notice).toMatchObject({
    kind: 'change',
    headSha: fakeSha('head'),
    trigger: { event: 'pull_request_review', action, reviewState: 'approved' },
  });
});

test('a status is an action of the change whose head it is on', () => {
  const notice = read(
    'status',
    payload(null, { sha: fakeSha('head'), context: 'ci/lint', state: 'success' }),
  );

  expect(notice).toEqual({
    kind: 'head',
    repository: 'acme/api',
    headSha: fakeSha('head'),
    buildset: null,
    sender: ada,
    trigger: {
      ...noFacts,
      event: 'pull_request',
      action: 'status',
      status: 'ada:ci/lint:success',
    },
  });
});

test.each(['rerequested', 'completed'])('our check run %s names its buildset', (action) => {
  const notice = read('check_run', checkRun(action));

  expect(notice).toMatchObject({
    kind: 'head',
    headSha: fakeSha('head'),
    buildset: 'bs-1',
    trigger: { event: 'check_run', action, check: 'gatehouse:gatehouse/check:failure' },
  });
});

test('the check run of another App has no buildset, whatever its external id', () => {
  const app = { id: 2, slug: 'other-ci' };

  const notice = read('check_run', checkRun('completed', { app, conclusion: 'success' }));

  expect(notice).toMatchObject({
    kind: 'head',
    buildset: null,
    trigger: { check: 'other-ci:gatehouse/check:success' },
  });
});

test('a pressed button names the buildset and what was pressed', () => {
  const pressed = { requested_action: { identifier: 'abort' } };

  const notice = read('check_run', checkRun('requested_action', {}, pressed));

  expect(notice).toMatchObject({
    kind: 'button',
    headSha: fakeSha('head'),
    buildset: 'bs-1',
    identifier: 'abort',
    sender: ada,
  });
});

test('a check run that was created is ignored', () => {
  const notice = read('check_run', checkRun('created'));

  expect(notice).toMatchObject({ kind: 'ignored' });
});

test.each(['requested', 'rerequested'])('a check suite %s is about a head', (action) => {
  const suite = { check_suite: { id: 5001, head_sha: fakeSha('head'), head_branch: null } };

  const notice = read('check_suite', payload(action, suite));

  expect(notice).toMatchObject({
    kind: 'head',
    buildset: null,
    trigger: { event: 'check_suite', action },
  });
});

test('a push names both ends and what it touched', () => {
  const notice = read('push', push());

  expect(notice).toEqual({
    kind: 'ref',
    repository: 'acme/api',
    ref: 'refs/heads/main',
    oldSha: fakeSha('before'),
    newSha: fakeSha('after'),
    commitUrl: '',
    paths: ['a.ts', 'b.ts', 'c.ts'],
    sender: ada,
    trigger: { ...noFacts, event: 'push', ref: 'refs/heads/main' },
  });
});

test('a new tag has no old end and no known paths', () => {
  const notice = read(
    'push',
    push({ ref: 'refs/tags/v1', before: zeroSha, created: true, commits: [] }),
  );

  expect(notice).toMatchObject({ oldSha: null, newSha: fakeSha('after'), paths: null });
});

test('an annotated tag stands for its commit, whose page is named', () => {
  const repository = { full_name: 'acme/api', html_url: 'https://github.example/acme/api' };
  const tagged = { ref: 'refs/tags/v2', before: zeroSha, head_commit: { id: fakeSha('commit') } };

  const notice = read('push', push({ ...tagged, repository, created: true }));

  expect(notice).toMatchObject({
    newSha: fakeSha('commit'),
    commitUrl: `https://github.example/acme/api/commit/${fakeSha('commit')}`,
  });
});

test('a deleted branch has no new end', () => {
  const notice = read('push', push({ after: zeroSha, deleted: true, commits: [] }));

  expect(notice).toMatchObject({ oldSha: fakeSha('before'), newSha: null });
});

test('what a rewritten branch touched is unknown', () => {
  const notice = read('push', push({ forced: true }));

  expect(notice).toMatchObject({ paths: null });
});

test.each(['refs/heads/gatehouse/gate/abc', 'refs/heads/gh-readonly-queue/main/pr-7-abc'])(
  'a push to %s is ignored',
  (ref) => {
    const notice = read('push', push({ ref }));

    expect(notice).toEqual({ kind: 'ignored', reason: `${ref} is a temporary branch` });
  },
);

test("GitHub's merge queue asks for checks of a ref", () => {
  const group = {
    head_sha: fakeSha('group'),
    head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-abc',
    base_sha: fakeSha('base'),
    base_ref: 'refs/heads/main',
  };

  const notice = read('merge_group', payload('checks_requested', { merge_group: group }));

  expect(notice).toMatchObject({
    kind: 'ref',
    ref: group.head_ref,
    oldSha: fakeSha('base'),
    newSha: fakeSha('group'),
    trigger: { event: 'merge_group', action: 'checks_requested', ref: group.head_ref },
  });
});

test.each([
  ['installation', 'created', 'created'],
  ['installation', 'suspend', 'suspend'],
  ['installation_repositories', 'added', 'repositories_added'],
])('%s %s tells of an account', (event, given, action) => {
  const installation = { id: 11, account: { login: 'acme', type: 'Organization' } };

  const notice = read(event, { action: given, installation, sender: { login: 'ada' } });

  expect(notice).toEqual({ kind: 'installation', account: 'acme', action });
});

test.each(['ping', 'workflow_run', 'made-up'])('the event %s is ignored by name', (event) => {
  const notice = read(event, {});

  expect(notice).toEqual({ kind: 'ignored', reason: `nobody uses the event ${event}` });
});

test.each([
  [null, 'its root'],
  [[], 'its root'],
  [{ action: 'opened' }, 'repository'],
  [pullRequest('opened', { pull_request: { number: 7, head: { sha: '../..' } } }), 'head.sha'],
  [pullRequest('opened', { repository: { full_name: 'a/b/c' } }), 'repository.full_name'],
])('a payload that cannot be read is ignored and says where: %j', (body, where) => {
  const notice = read('pull_request', body);

  expect(notice).toMatchObject({ kind: 'ignored', reason: expect.stringContaining(where) });
});

/** Comments, reactions, reviews and commit statuses. */
import { type Core, fullNameOf, now, repoDir, tick } from '../core.ts';
import { invalid, notFound, Refusal, validationFailed } from '../errors.ts';
import { listRefs, objectType, readCommit } from '../git/read.ts';
import { showStatus } from '../present/checks.ts';
import { showCommit } from '../present/commits.ts';
import { showComment, showIssue, showPull, showReview } from '../present/pulls.ts';
import { repoApi } from '../present/repositories.ts';
import { needPull, repoById } from '../state/find.ts';
import type {
  CommentRecord,
  PullRecord,
  RepoRecord,
  ReviewRecord,
  ReviewState,
  StatusRecord,
  UserRecord,
} from '../state/types.ts';

/** GitHub's limit for bodies of issues and comments. */
export const BODY_CHARS_MAX = 65_536;

/** Adds a comment to a pull request. @throws Refusal 422 for an empty or too long body. */
export function addComment(
  core: Core,
  pull: PullRecord,
  input: { body: string; user: UserRecord; appId: number | null },
): CommentRecord {
  checkBody(input.body);
  const time = now(core);
  const comment: CommentRecord = {
    id: core.store.id(),
    repoId: pull.repoId,
    number: pull.number,
    userId: input.user.id,
    appId: input.appId,
    body: input.body,
    reactions: [],
    createdAt: time,
    updatedAt: time,
  };
  core.state.comments.push(comment);
  pull.updatedAt = time;
  emitComment(core, comment, { action: 'created', sender: input.user });
  return comment;
}

function checkBody(body: string): void {
  if (body.trim() === '') {
    throw validationFailed('IssueComment', 'body', { code: 'missing_field' });
  }
  if (body.length <= BODY_CHARS_MAX) return;
  const message = `body is too long (maximum is ${BODY_CHARS_MAX} characters)`;
  throw validationFailed('IssueComment', 'data', { code: 'unprocessable', message });
}

/** Changes a comment's text. */
export function editComment(
  core: Core,
  comment: CommentRecord,
  edit: { body: string; user: UserRecord },
): void {
  checkBody(edit.body);
  const changes = { body: { from: comment.body } };
  comment.body = edit.body;
  comment.updatedAt = now(core);
  emitComment(core, comment, { action: 'edited', sender: edit.user, more: { changes } });
}

export function deleteComment(core: Core, comment: CommentRecord, user: UserRecord): void {
  const { comments } = core.state;
  comments.splice(comments.indexOf(comment), 1);
  emitComment(core, comment, { action: 'deleted', sender: user });
}

export function needComment(core: Core, repo: RepoRecord, id: number): CommentRecord {
  const comment = core.state.comments.find((each) => each.id === id && each.repoId === repo.id);
  if (comment === undefined) throw notFound();
  return comment;
}

function emitComment(
  core: Core,
  comment: CommentRecord,
  event: { action: string; sender: UserRecord; more?: Record<string, unknown> },
): void {
  const repo = repoById(core.state, comment.repoId);
  const pull = needPull(core.state, repo, comment.number);
  core.hooks.emit({
    event: 'issue_comment',
    action: event.action,
    repo,
    sender: event.sender,
    payload: { issue: showIssue(core, pull), comment: showComment(core, comment), ...event.more },
  });
  tick(core, `issue_comment.${event.action}`, fullNameOf(core, repo));
}

/** Reviews a pull request at one of its commits. @throws Refusal 422 */
export async function addReview(
  core: Core,
  pull: PullRecord,
  input: { state: ReviewState; body: string; sha: string; user: UserRecord },
): Promise<ReviewRecord> {
  const repo = repoById(core.state, pull.repoId);
  const { state, body, sha, user } = input;
  if (user.id === pull.userId && state !== 'COMMENTED') {
    const verb = state === 'APPROVED' ? 'approve' : 'request changes on';
    throw refuseReview(`Can not ${verb} your own pull request`);
  }
  if (body === '' && state !== 'APPROVED') throw invalid('Unprocessable Entity');
  if ((await objectType(repoDir(core, repo), sha)) !== 'commit') {
    throw refuseReview('The commit_id is not part of the pull request');
  }
  const review: ReviewRecord = {
    id: core.store.id(),
    repoId: repo.id,
    number: pull.number,
    userId: user.id,
    body,
    state,
    commitId: sha,
    submittedAt: now(core),
  };
  core.state.reviews.push(review);
  emitReview(core, review, { action: 'submitted', sender: user });
  return review;
}

function refuseReview(message: string): Refusal {
  return new Refusal(422, 'Unprocessable Entity', { fields: { errors: [message] } });
}

/** Takes a review's vote away. */
export function dismissReview(core: Core, review: ReviewRecord, user: UserRecord): void {
  if (review.state === 'COMMENTED')
    throw invalid('Can not dismiss a commented pull request review');
  review.state = 'DISMISSED';
  emitReview(core, review, { action: 'dismissed', sender: user });
}

function emitReview(
  core: Core,
  review: ReviewRecord,
  event: { action: string; sender: UserRecord },
): void {
  const repo = repoById(core.state, review.repoId);
  const pull = needPull(core.state, repo, review.number);
  const shown = showReview(core, review);
  core.hooks.emit({
    event: 'pull_request_review',
    action: event.action,
    repo,
    sender: event.sender,
    payload: {
      review: {
        ...shown,
        body: review.body === '' ? null : review.body,
        state: review.state.toLowerCase(),
        updated_at: review.submittedAt,
      },
      pull_request: showPull(core, pull),
    },
  });
  tick(core, `pull_request_review.${event.action}`, fullNameOf(core, repo));
}

/** Statuses per commit and context, then GitHub refuses. */
const STATUSES_PER_CONTEXT_MAX = 1_000;

/** Sets a commit status. @throws Refusal 422 */
export async function addStatus(
  core: Core,
  on: { repo: RepoRecord; sha: string; user: UserRecord },
  input: Pick<StatusRecord, 'state' | 'context' | 'description' | 'targetUrl'>,
): Promise<StatusRecord> {
  const { repo, sha, user } = on;
  const dir = repoDir(core, repo);
  if ((await objectType(dir, sha)) !== 'commit') throw invalid(`No commit found for SHA: ${sha}`);
  if ((input.description ?? '').length > 140) {
    const message = 'description is too long (maximum is 140 characters)';
    throw validationFailed('Status', 'description', { code: 'custom', message });
  }
  const twins = core.state.statuses.filter(
    (each) =>
      each.repoId === repo.id &&
      each.sha === sha &&
      each.context.toLowerCase() === input.context.toLowerCase(),
  );
  if (twins.length >= STATUSES_PER_CONTEXT_MAX) {
    const message = 'This SHA and context has reached the maximum number of statuses.';
    throw validationFailed('Status', 'context', { code: 'custom', message });
  }
  const status: StatusRecord = {
    ...input,
    id: core.store.id(),
    repoId: repo.id,
    sha,
    creatorId: user.id,
    createdAt: now(core),
  };
  core.state.statuses.push(status);
  if (core.hooks.isHeard('status', repo)) await emitStatus(core, status, { repo, sender: user });
  tick(core, 'status', fullNameOf(core, repo));
  return status;
}

async function emitStatus(
  core: Core,
  status: StatusRecord,
  on: { repo: RepoRecord; sender: UserRecord },
): Promise<void> {
  const { repo, sender } = on;
  const dir = repoDir(core, repo);
  const commit = showCommit(core, repo, await readCommit(dir, status.sha));
  const tips = (await listRefs(dir, 'refs/heads/')).filter((each) => each.sha === status.sha);
  const branches = tips.map((each) => ({
    name: each.ref.slice('refs/heads/'.length),
    commit: { sha: each.sha, url: `${repoApi(core, repo)}/commits/${each.sha}` },
    protected: false,
  }));
  const { creator: _creator, node_id: _node, ...shown } = showStatus(core, status);
  const name = fullNameOf(core, repo);
  const payload = { ...shown, sha: status.sha, name, commit, branches };
  core.hooks.emit({ event: 'status', action: null, repo, sender, payload });
}

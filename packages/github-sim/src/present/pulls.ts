/** Pull requests, their comments, reviews and labels as GitHub's JSON shows them. */
import { type Core, repoDir } from '../core.ts';
import { mergeState } from '../domain/merge-state.ts';
import { diffCounts } from '../git/diff.ts';
import { countCommits, mergeBase } from '../git/read.ts';
import { associationOf, fullName, repoById, userById } from '../state/find.ts';
import type {
  CommentRecord,
  LabelRecord,
  PullRecord,
  ReactionRecord,
  RepoRecord,
  ReviewRecord,
} from '../state/types.ts';
import { nodeId } from '../urls.ts';
import { showApp, showUser, showUserById } from './accounts.ts';
import { repoApi, repoPage, showMergeSettings, showRepo } from './repositories.ts';

/** `pull-request-simple`, as lists carry it. */
export function showPull(core: Core, pull: PullRecord) {
  const repo = repoById(core.state, pull.repoId);
  const self = `${repoApi(core, repo)}/pulls/${pull.number}`;
  const issue = `${repoApi(core, repo)}/issues/${pull.number}`;
  const page = `${repoPage(core, repo)}/pull/${pull.number}`;
  const statuses = `${repoApi(core, repo)}/statuses/${pull.headSha}`;
  const reviewComment = `${repoApi(core, repo)}/pulls/comments{/number}`;
  return {
    url: self,
    id: pull.id,
    node_id: nodeId('PullRequest', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: showUserById(core, pull.userId),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: showLabels(core, repo, pull.labels),
    milestone: null,
    draft: pull.draft,
    commits_url: `${self}/commits`,
    review_comments_url: `${self}/comments`,
    review_comment_url: reviewComment,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    head: showHead(core, pull),
    base: {
      label: `${userById(core.state, repo.ownerId).login}:${pull.baseRef}`,
      ref: pull.baseRef,
      sha: pull.baseSha,
      user: showUserById(core, repo.ownerId),
      repo: { ...showRepo(core, repo), ...showMergeSettings(repo) },
    },
    _links: {
      self: { href: self },
      html: { href: page },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${self}/comments` },
      review_comment: { href: reviewComment },
      commits: { href: `${self}/commits` },
      statuses: { href: statuses },
    },
    author_association: associationOf(core.state, repo, userById(core.state, pull.userId)),
    auto_merge: null,
    active_lock_reason: null,
  };
}

function showHead(core: Core, pull: PullRecord) {
  const repo = pull.headRepoId === null ? null : repoById(core.state, pull.headRepoId);
  return {
    label: `${pull.headLabel}:${pull.headRef}`,
    ref: pull.headRef,
    sha: pull.headSha,
    user: repo === null ? null : showUserById(core, repo.ownerId),
    repo: repo === null ? null : { ...showRepo(core, repo), ...showMergeSettings(repo) },
  };
}

/** `pull-request`, as a single look and webhooks carry it. */
export async function showFullPull(core: Core, pull: PullRecord) {
  const repo = repoById(core.state, pull.repoId);
  const dir = repoDir(core, repo);
  const base = (await mergeBase(dir, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  const files = await diffCounts(dir, base, pull.headSha);
  const onThis = (each: { repoId: number; number: number }) =>
    each.repoId === pull.repoId && each.number === pull.number;
  return {
    ...showPull(core, pull),
    merged: pull.mergedAt !== null,
    mergeable: pull.state === 'closed' ? null : pull.mergeable,
    rebaseable: pull.state === 'closed' ? null : pull.mergeable,
    mergeable_state: mergeState(core, pull).state,
    merged_by: pull.mergedById === null ? null : showUserById(core, pull.mergedById),
    comments: core.state.comments.filter(onThis).length,
    review_comments: 0,
    maintainer_can_modify: pull.headRepoId !== pull.repoId,
    commits: await countCommits(dir, `${base}..${pull.headSha}`),
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** `pull-request-minimal`, as checks carry it. */
export function showMinimalPull(core: Core, pull: PullRecord) {
  const side = (id: number, ref: string, sha: string) => {
    const repo = repoById(core.state, id);
    return { ref, sha, repo: { id, url: repoApi(core, repo), name: repo.name } };
  };
  return {
    url: `${repoApi(core, repoById(core.state, pull.repoId))}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: side(pull.headRepoId ?? pull.repoId, pull.headRef, pull.headSha),
    base: side(pull.repoId, pull.baseRef, pull.baseSha),
  };
}

/** The issue half of a pull request, as `issue_comment` events carry it. */
export function showIssue(core: Core, pull: PullRecord) {
  const repo = repoById(core.state, pull.repoId);
  const shown = showPull(core, pull);
  const onThis = (each: CommentRecord) =>
    each.repoId === pull.repoId && each.number === pull.number;
  return {
    url: shown.issue_url,
    repository_url: repoApi(core, repo),
    labels_url: `${shown.issue_url}/labels{/name}`,
    comments_url: shown.comments_url,
    events_url: `${shown.issue_url}/events`,
    html_url: shown.html_url,
    id: pull.id,
    node_id: shown.node_id,
    number: pull.number,
    title: pull.title,
    user: shown.user,
    labels: shown.labels,
    state: pull.state,
    state_reason: null,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: core.state.comments.filter(onThis).length,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    author_association: shown.author_association,
    active_lock_reason: null,
    draft: pull.draft,
    pull_request: {
      url: shown.url,
      html_url: shown.html_url,
      diff_url: shown.diff_url,
      patch_url: shown.patch_url,
      merged_at: pull.mergedAt,
    },
    body: pull.body,
    reactions: showReactionCounts(`${shown.issue_url}/reactions`, []),
    timeline_url: `${shown.issue_url}/timeline`,
    performed_via_github_app: null,
  };
}

/** `label`s by name; a name that the repository does not know is left out. */
export function showLabels(core: Core, repo: RepoRecord, names: readonly string[]) {
  return names
    .map((name) => repo.labels.find((label) => label.name === name))
    .filter((label) => label !== undefined)
    .map((label) => showLabel(core, repo, label));
}

export function showLabel(core: Core, repo: RepoRecord, label: LabelRecord) {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${repoApi(core, repo)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** `issue-comment`. */
export function showComment(core: Core, comment: CommentRecord) {
  const repo = repoById(core.state, comment.repoId);
  const self = `${repoApi(core, repo)}/issues/comments/${comment.id}`;
  const page = `${repoPage(core, repo)}/pull/${comment.number}#issuecomment-${comment.id}`;
  const user = userById(core.state, comment.userId);
  const app = core.state.apps.find((each) => each.id === comment.appId);
  return {
    url: self,
    html_url: page,
    issue_url: `${repoApi(core, repo)}/issues/${comment.number}`,
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    user: showUser(core, user),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: associationOf(core.state, repo, user),
    reactions: showReactionCounts(`${self}/reactions`, comment.reactions),
    performed_via_github_app: app === undefined ? null : showApp(core, app),
  };
}

export const REACTIONS = [
  '+1',
  '-1',
  'laugh',
  'hooray',
  'confused',
  'heart',
  'rocket',
  'eyes',
] as const;

export function showReactionCounts(url: string, reactions: readonly ReactionRecord[]) {
  const count = (content: string) => reactions.filter((each) => each.content === content).length;
  const counts = Object.fromEntries(REACTIONS.map((content) => [content, count(content)]));
  return { url, total_count: reactions.length, ...counts };
}

/** `reaction`. */
export function showReaction(core: Core, reaction: ReactionRecord) {
  return {
    id: reaction.id,
    node_id: nodeId('Reaction', reaction.id),
    user: showUserById(core, reaction.userId),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** `pull-request-review`. */
export function showReview(core: Core, review: ReviewRecord) {
  const repo = repoById(core.state, review.repoId);
  const pull = `${repoApi(core, repo)}/pulls/${review.number}`;
  const path = `${fullName(core.state, repo)}/pull/${review.number}`;
  const page = `${core.urls.root}/${path}#pullrequestreview-${review.id}`;
  const user = userById(core.state, review.userId);
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: showUser(core, user),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pull,
    author_association: associationOf(core.state, repo, user),
    _links: { html: { href: page }, pull_request: { href: pull } },
    submitted_at: review.submittedAt,
    commit_id: review.commitId,
  };
}

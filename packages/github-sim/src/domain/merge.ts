/** Merging a pull request, and merging one branch into another. */
import { type Core, fullNameOf, githubIdentity, identityOf, now, repoDir } from '../core.ts';
import { notFound, Refusal } from '../errors.ts';
import { mergeTrees, rebaseCommits, touchesWorkflows } from '../git/merge.ts';
import { isAncestor, logCommits, mergeBase, readRef, resolveCommit } from '../git/read.ts';
import { commitTree } from '../git/write.ts';
import { repoById, userById } from '../state/find.ts';
import type { PullRecord, RepoRecord, UserRecord } from '../state/types.ts';
import { mergeState } from './merge-state.ts';
import { computeMergeability } from './mergeability.ts';
import { emitPull } from './pulls.ts';
import { moveRef } from './refs.ts';

export interface MergeRequest {
  readonly user: UserRecord;
  readonly method: 'merge' | 'squash' | 'rebase';
  /** The head that the caller has seen; a different one is refused with 409. */
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** False for an App without `workflows: write`. */
  readonly mayTouchWorkflows: boolean;
}

/** Merges. Returns the new tip of the base. @throws Refusal 403, 405, 409 as GitHub's API. */
export async function mergePull(
  core: Core,
  pull: PullRecord,
  request: MergeRequest,
): Promise<string> {
  const repo = repoById(core.state, pull.repoId);
  const dir = repoDir(core, repo);
  if (pull.state === 'closed') throw notAllowed('Pull Request is not mergeable');
  if (request.sha !== undefined && request.sha !== pull.headSha) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (pull.draft) throw notAllowed('Pull Request is still a draft');
  refuseMethod(repo, pull, request.method);
  if (pull.mergeable === null) await computeMergeability(core, pull);
  if (pull.mergeable !== true) throw notAllowed('Pull Request is not mergeable');
  refuseUnready(core, pull);
  const base = await readRef(dir, `refs/heads/${pull.baseRef}`);
  if (base === null) throw notAllowed('Base branch was modified. Review and try the merge again.');
  if (!request.mayTouchWorkflows && (await touchesWorkflows(dir, base, pull.headSha))) {
    throw new Refusal(
      403,
      'refusing to allow a GitHub App to create or update workflow without `workflows` permission',
    );
  }
  const after = await makeMerge(core, pull, { ...request, base });
  if (after === null) throw notAllowed('Pull Request is not mergeable');
  pull.state = 'closed';
  pull.mergedAt = now(core);
  pull.closedAt = pull.mergedAt;
  pull.updatedAt = pull.mergedAt;
  pull.mergedById = request.user.id;
  pull.mergeCommitSha = after;
  const ref = `refs/heads/${pull.baseRef}`;
  await moveRef(core, { repo, ref, before: base, after, actor: request.user });
  await emitPull(core, pull, { action: 'closed', sender: request.user });
  await deleteMergedBranch(core, pull, request.user);
  return after;
}

function notAllowed(message: string): Refusal {
  return new Refusal(405, message);
}

function refuseMethod(repo: RepoRecord, pull: PullRecord, method: MergeRequest['method']): void {
  if (method === 'merge' && !repo.allowMergeCommit) {
    throw notAllowed('Merge commits are not allowed on this repository.');
  }
  if (method === 'squash' && !repo.allowSquashMerge) {
    throw notAllowed('Squash merges are not allowed on this repository.');
  }
  if (method === 'rebase' && !repo.allowRebaseMerge) {
    throw notAllowed('Rebase merges are not allowed on this repository.');
  }
  const types = (repo.rules[pull.baseRef] ?? []).map((rule) => rule.type);
  if (types.includes('merge_queue')) {
    throw notAllowed('Changes must be made through the merge queue');
  }
  if (method === 'merge' && types.includes('required_linear_history')) {
    throw notAllowed(
      'Repository rule violations found\n\nThis branch must not contain merge commits.',
    );
  }
}

function refuseUnready(core: Core, pull: PullRecord): void {
  const { reasons, isRuleset } = mergeState(core, pull);
  if (reasons.length === 0) return;
  const all = reasons.join('\n\n');
  throw notAllowed(isRuleset ? `Repository rule violations found\n\n${all}\n\n` : all);
}

async function makeMerge(
  core: Core,
  pull: PullRecord,
  request: MergeRequest & { base: string },
): Promise<string | null> {
  const dir = repoDir(core, { id: pull.repoId });
  const { base } = request;
  const committer = githubIdentity(core);
  if (request.method === 'rebase')
    return rebaseCommits(dir, { onto: base, head: pull.headSha }, committer);
  const tree = await mergeTrees(dir, base, pull.headSha);
  if (tree === null) return null;
  const isSquash = request.method === 'squash';
  const person = isSquash ? userById(core.state, pull.userId) : request.user;
  return commitTree(dir, {
    tree,
    parents: isSquash ? [base] : [base, pull.headSha],
    message: isSquash ? await squashMessage(core, pull, request) : mergeMessage(pull, request),
    author: identityOf(core, person),
    committer,
  });
}

function mergeMessage(pull: PullRecord, request: MergeRequest): string {
  const title = request.title ?? `Merge pull request #${pull.number} from ${sourceOf(pull)}`;
  return `${title}\n\n${request.message ?? pull.title}`;
}

function sourceOf(pull: PullRecord): string {
  return `${pull.headLabel}/${pull.headRef}`;
}

async function squashMessage(
  core: Core,
  pull: PullRecord,
  request: MergeRequest & { base: string },
): Promise<string> {
  const dir = repoDir(core, { id: pull.repoId });
  const commits = await logCommits(dir, ['--reverse', `${request.base}..${pull.headSha}`]);
  const list = commits.map((commit) => `* ${commit.message}`).join('\n\n');
  const only = commits.length === 1 ? commits[0] : undefined;
  const title = request.title ?? `${only?.message.split('\n')[0] ?? pull.title} (#${pull.number})`;
  const body = request.message ?? (only === undefined ? list : '');
  return body === '' ? title : `${title}\n\n${body}`;
}

async function deleteMergedBranch(core: Core, pull: PullRecord, user: UserRecord): Promise<void> {
  const repo = repoById(core.state, pull.repoId);
  if (!repo.deleteBranchOnMerge || pull.headRepoId !== repo.id) return;
  const ref = `refs/heads/${pull.headRef}`;
  await moveRef(core, { repo, ref, before: pull.headSha, after: null, actor: user });
}

/** What came of merging into a branch: the new commit, or null when there was nothing to do. */
export async function mergeBranches(
  core: Core,
  repo: RepoRecord,
  request: {
    base: string;
    head: string;
    message?: string | undefined;
    user: UserRecord;
    mayTouchWorkflows: boolean;
  },
): Promise<string | null> {
  const dir = repoDir(core, repo);
  const ref = `refs/heads/${request.base}`;
  const base = await readRef(dir, ref);
  if (base === null) throw notFound('Base does not exist');
  const head = await resolveCommit(dir, request.head);
  if (head === null) throw notFound('Head does not exist');
  if (await isAncestor(dir, head, base)) return null;
  if ((await mergeBase(dir, base, head)) === null) throw new Refusal(409, 'Merge conflict');
  if (!request.mayTouchWorkflows && (await touchesWorkflows(dir, base, head))) {
    throw new Refusal(403, 'Resource not accessible by integration');
  }
  const tree = await mergeTrees(dir, base, head);
  if (tree === null) throw new Refusal(409, 'Merge conflict');
  const after = await commitTree(dir, {
    tree,
    parents: [base, head],
    message: request.message ?? `Merge ${request.head} into ${request.base}`,
    author: identityOf(core, request.user),
    committer: githubIdentity(core),
  });
  await moveRef(core, { repo, ref, before: base, after, actor: request.user });
  return after;
}

/** Merges the base into the head branch of a pull request ("Update branch"). */
export async function updatePullBranch(
  core: Core,
  pull: PullRecord,
  request: { user: UserRecord; sha?: string | undefined },
): Promise<void> {
  const repo = repoById(core.state, pull.repoId);
  if (request.sha !== undefined && request.sha !== pull.headSha) {
    throw new Refusal(422, 'expected head sha didn’t match current head ref.');
  }
  if (pull.headRepoId !== repo.id) {
    throw new Refusal(422, `${fullNameOf(core, repo)} cannot update a branch of a fork`);
  }
  const after = await mergeBranches(core, repo, {
    base: pull.headRef,
    head: pull.baseRef,
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    user: request.user,
    mayTouchWorkflows: true,
  });
  if (after === null) throw new Refusal(422, 'There are no new commits on the base branch.');
}

/** Pull requests and their merging. */
import { fullNameOf, repoDir } from '../core.ts';
import { mergePull, updatePullBranch } from '../domain/merge.ts';
import { wantMergeability } from '../domain/mergeability.ts';
import { closePull, editPull, openPull, reopenPull } from '../domain/pulls.ts';
import { validationFailed } from '../errors.ts';
import { diffFiles } from '../git/diff.ts';
import { logCommits, mergeBase } from '../git/read.ts';
import { page } from '../http/paging.ts';
import {
  bodyOf,
  created,
  ok,
  type Reply,
  type RepoCall,
  type Route,
  repoRoute,
} from '../http/route.ts';
import { showCommit, showFile } from '../present/commits.ts';
import { showFullPull, showPull } from '../present/pulls.ts';
import { needPull, same, userById } from '../state/find.ts';
import type { PullRecord, RepoRecord } from '../state/types.ts';

const READ = [{ pull_requests: 'read' }];
const WRITE = [{ pull_requests: 'write' }];
/** Sources: GitHub's repository limits and the page of "List pull requests files". */
const FILES_MAX = 3_000;
const COMMITS_MAX = 250;

export const pullRoutes: readonly Route[] = [
  repoRoute('GET /pulls', { anyOf: READ }, listPulls),
  repoRoute('POST /pulls', { anyOf: WRITE, role: 'read' }, createPull),
  repoRoute('GET /pulls/{pull_number}', { anyOf: READ }, async (call) => {
    const pull = pullOf(call);
    const reply = ok(await showFullPull(call.core, pull));
    wantMergeability(call.core, pull);
    return reply;
  }),
  repoRoute('PATCH /pulls/{pull_number}', { anyOf: WRITE, role: 'read' }, changePull),
  repoRoute('GET /pulls/{pull_number}/files', { anyOf: READ }, listFiles),
  repoRoute('GET /pulls/{pull_number}/commits', { anyOf: READ }, listCommits),
  repoRoute('GET /pulls/{pull_number}/merge', { anyOf: READ }, (call) => ({
    status: pullOf(call).mergedAt === null ? 404 : 204,
  })),
  repoRoute('PUT /pulls/{pull_number}/merge', { anyOf: [{ contents: 'write' }] }, merge),
  repoRoute('PUT /pulls/{pull_number}/update-branch', { anyOf: WRITE }, async (call) => {
    const sha = bodyOf<{ expected_head_sha?: string }>(call).expected_head_sha;
    const pull = pullOf(call);
    await updatePullBranch(call.core, pull, { user: call.actor, sha });
    const url = `${call.core.urls.root}/${fullNameOf(call.core, call.repo)}/pull/${pull.number}`;
    return { status: 202, body: { message: 'Updating pull request branch.', url } };
  }),
];

/** The pull request that the path names. @throws Refusal 404 */
export function pullOf(call: RepoCall): PullRecord {
  return needPull(call.core.state, call.repo, Number(call.params.pull_number));
}

function listPulls(call: RepoCall): Reply {
  const state = call.query.get('state') ?? 'open';
  const head = call.query.get('head');
  const base = call.query.get('base');
  const sort = call.query.get('sort') ?? 'created';
  const isAscending = call.query.get('direction') === 'asc';
  const fitting = call.core.state.pulls.filter((pull) => {
    if (pull.repoId !== call.repo.id) return false;
    if (state !== 'all' && pull.state !== state) return false;
    if (base !== undefined && pull.baseRef !== base) return false;
    // Without a colon GitHub ignores the filter.
    if (head === undefined || !head.includes(':')) return true;
    return same(`${pull.headLabel}:${pull.headRef}`, head);
  });
  const keyOf = (pull: PullRecord) => (sort === 'updated' ? pull.updatedAt : pull.createdAt);
  fitting.sort((a, b) => keyOf(a).localeCompare(keyOf(b)) || a.number - b.number);
  if (!isAscending) fitting.reverse();
  const { items, link } = page(call, fitting);
  return ok(
    items.map((pull) => showPull(call.core, pull)),
    { link },
  );
}

interface PullRequest {
  readonly title?: string;
  readonly head: string;
  readonly base: string;
  readonly body?: string;
  readonly draft?: boolean;
}

async function createPull(call: RepoCall): Promise<Reply> {
  const { core, repo, actor } = call;
  const request = bodyOf<PullRequest>(call);
  const title = request.title ?? '';
  if (title === '') throw validationFailed('PullRequest', 'title', { code: 'missing_field' });
  const head = headOf(call, request.head);
  const pull = await openPull(core, {
    ...head,
    repo,
    baseRef: request.base,
    title,
    body: request.body ?? null,
    draft: request.draft ?? false,
    user: actor,
  });
  return created(await showFullPull(core, pull));
}

/** `branch`, or `OWNER:branch`. */
function headOf(
  call: RepoCall,
  head: string,
): { headRepo: RepoRecord; headRef: string; headLabel: string } {
  const { core, repo } = call;
  const owner = userById(core.state, repo.ownerId).login;
  const colon = head.indexOf(':');
  const label = colon === -1 ? owner : head.slice(0, colon);
  const headRef = head.slice(colon + 1);
  if (same(label, owner)) return { headRepo: repo, headRef, headLabel: owner };
  const fork = core.state.repos.find(
    (each) => each.forkOf === repo.id && same(userById(core.state, each.ownerId).login, label),
  );
  if (fork === undefined) throw validationFailed('PullRequest', 'head', { code: 'invalid' });
  return { headRepo: fork, headRef, headLabel: userById(core.state, fork.ownerId).login };
}

interface PullChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
  readonly base?: string;
}

async function changePull(call: RepoCall): Promise<Reply> {
  const { core, actor } = call;
  const pull = pullOf(call);
  const { title, body, base, state } = bodyOf<PullChange>(call);
  await editPull(core, pull, { title, body, base, user: actor });
  if (state === 'closed') await closePull(core, pull, actor);
  if (state === 'open') await reopenPull(core, pull, actor);
  return ok(await showFullPull(core, pull));
}

async function listFiles(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const pull = pullOf(call);
  const dir = repoDir(core, repo);
  const base = (await mergeBase(dir, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  const all = (await diffFiles(dir, base, pull.headSha)).slice(0, FILES_MAX);
  const { items, link } = page(call, all);
  return ok(
    items.map((file) => showFile(core, repo, { file, ref: pull.headSha })),
    { link },
  );
}

async function listCommits(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const pull = pullOf(call);
  const range = `${pull.baseSha}..${pull.headSha}`;
  const all = await logCommits(repoDir(core, repo), ['--reverse', range]);
  const { items, link } = page(call, all.slice(0, COMMITS_MAX));
  return ok(
    items.map((commit) => showCommit(core, repo, commit)),
    { link },
  );
}

interface MergeRequest {
  readonly commit_title?: string;
  readonly commit_message?: string;
  readonly sha?: string;
  readonly merge_method?: 'merge' | 'squash' | 'rebase';
}

async function merge(call: RepoCall): Promise<Reply> {
  const { core, actor, caller } = call;
  const request = bodyOf<MergeRequest>(call);
  const sha = await mergePull(core, pullOf(call), {
    user: actor,
    method: request.merge_method ?? 'merge',
    sha: request.sha,
    title: request.commit_title,
    message: request.commit_message,
    mayTouchWorkflows: caller.kind !== 'installation' || caller.permissions.workflows === 'write',
  });
  return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
}

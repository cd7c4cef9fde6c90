/** Commits, comparisons and the pull requests of a commit. */
import { repoDir } from '../core.ts';
import { invalid, notFound } from '../errors.ts';
import { diffFiles } from '../git/diff.ts';
import { isAncestor, listRefs, logCommits, mergeBase, resolveCommit } from '../git/read.ts';
import { page } from '../http/paging.ts';
import { ok, type Reply, type RepoCall, type Route, repoRoute } from '../http/route.ts';
import { showCommit, showFile, showFullCommit } from '../present/commits.ts';
import { showPull } from '../present/pulls.ts';
import { repoApi, repoPage } from '../present/repositories.ts';
import { findRepo, same, userById } from '../state/find.ts';

const CONTENTS = [{ contents: 'read' }];
/** Source: GitHub's repository limits. */
const COMPARE_FILES_MAX = 300;
const COMMITS_MAX = 10_000;

export const commitRoutes: readonly Route[] = [
  repoRoute('GET /commits', { anyOf: CONTENTS }, listCommits),
  repoRoute('GET /commits/{ref}', { anyOf: CONTENTS }, getCommit),
  repoRoute(
    'GET /commits/{commit_sha}/pulls',
    { anyOf: [{ pull_requests: 'read', contents: 'read' }, { pull_requests: 'read' }] },
    listPulls,
  ),
  repoRoute('GET /compare/{basehead}', { anyOf: CONTENTS }, compare),
];

/** The commit that a path parameter names. @throws Refusal 422 in GitHub's words */
export async function needCommit(call: RepoCall, name: string): Promise<string> {
  const sha = await resolveCommit(repoDir(call.core, call.repo), name);
  if (sha === null) throw invalid(`No commit found for SHA: ${name}`);
  return sha;
}

async function listCommits(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const sha = await needCommit(call, call.query.get('sha') ?? repo.defaultBranch);
  const all = await logCommits(repoDir(core, repo), [`--max-count=${COMMITS_MAX}`, sha]);
  const { items, link } = page(call, all);
  return ok(
    items.map((commit) => showCommit(core, repo, commit)),
    { link },
  );
}

async function getCommit(call: RepoCall): Promise<Reply> {
  const sha = await needCommit(call, call.params.ref ?? '');
  if (call.accept.includes('application/vnd.github.sha')) {
    const type = 'application/vnd.github.sha; charset=utf-8';
    return { status: 200, raw: { bytes: Buffer.from(sha), type } };
  }
  return ok(await showFullCommit(call.core, call.repo, sha));
}

/** Open pull requests that contain the commit, and merged ones that brought it in. */
async function listPulls(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const dir = repoDir(core, repo);
  const sha = await needCommit(call, call.params.commit_sha ?? '');
  const found = [];
  for (const pull of core.state.pulls) {
    if (pull.repoId !== repo.id) continue;
    const isPart =
      pull.mergeCommitSha === sha ||
      ((await isAncestor(dir, sha, pull.headSha)) && !(await isAncestor(dir, sha, pull.baseSha)));
    if (isPart) found.push(showPull(core, pull));
  }
  const { items, link } = page(call, found);
  return ok(items, { link });
}

async function compare(call: RepoCall): Promise<Reply> {
  const { core, repo } = call;
  const dir = repoDir(core, repo);
  const [left = '', right = ''] = (call.params.basehead ?? '').split('...');
  const base = await sideOf(call, left);
  const head = await sideOf(call, right);
  const common = await mergeBase(dir, base, head);
  if (common === null) throw notFound(`No common ancestor between ${left} and ${right}.`);
  const ahead = await logCommits(dir, ['--reverse', `${base}..${head}`]);
  const behind = await logCommits(dir, [`${head}..${base}`]);
  const [baseCommit] = await logCommits(dir, ['-1', base]);
  const [commonCommit] = await logCommits(dir, ['-1', common]);
  if (baseCommit === undefined || commonCommit === undefined) throw notFound();
  const files = await diffFiles(dir, common, head);
  const { items, link } = page(call, ahead);
  const pageUrl = `${repoPage(core, repo)}/compare/${left}...${right}`;
  const body = {
    url: `${repoApi(core, repo)}/compare/${left}...${right}`,
    html_url: pageUrl,
    permalink_url: `${repoPage(core, repo)}/compare/${base.slice(0, 12)}...${head.slice(0, 12)}`,
    diff_url: `${pageUrl}.diff`,
    patch_url: `${pageUrl}.patch`,
    base_commit: showCommit(core, repo, baseCommit),
    merge_base_commit: showCommit(core, repo, commonCommit),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: items.map((commit) => showCommit(core, repo, commit)),
    files: files
      .slice(0, COMPARE_FILES_MAX)
      .map((file) => showFile(core, repo, { file, ref: head })),
  };
  return ok(body, { link });
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

/** `branch`, `sha`, or `OWNER:branch` of a fork whose head is known here. */
async function sideOf(call: RepoCall, name: string): Promise<string> {
  const { core, repo } = call;
  const colon = name.indexOf(':');
  if (colon === -1) return found(await resolveCommit(repoDir(core, repo), name));
  const owner = name.slice(0, colon);
  const branch = name.slice(colon + 1);
  const fork = same(owner, userById(core.state, repo.ownerId).login)
    ? repo
    : core.state.repos.find(
        (each) => each.forkOf === repo.id && same(userById(core.state, each.ownerId).login, owner),
      );
  const there = fork ?? findRepo(core.state, `${owner}/${repo.name}`);
  if (there === undefined) throw notFound();
  const tips = await listRefs(repoDir(core, there), `refs/heads/${branch}`);
  return found(tips.find((each) => each.ref === `refs/heads/${branch}`)?.sha ?? null);
}

function found(sha: string | null): string {
  if (sha === null) throw notFound();
  return sha;
}

import { type Core, fullNameOf, repoDir } from '../core.ts';
import { diffCounts } from '../git/diff.ts';
import { type CommitInfo, logCommits, ZERO_SHA } from '../git/read.ts';
import { accountOf } from '../present/commits.ts';
import { repoPage } from '../present/repositories.ts';
import type { RefMove } from './ref-move.ts';

/** Source: the push event's page in GitHub's webhook reference. */
const COMMITS_MAX = 2_048;

/** What a push event carries besides repository and sender. */
export async function pushPayload(core: Core, move: RefMove, isForced: boolean) {
  const { repo, ref, before, after, actor } = move;
  const dir = repoDir(core, repo);
  const commits = after === null ? [] : await newCommits(core, move);
  const head = after === null ? undefined : (await logCommits(dir, ['-1', after]))[0];
  const range = `${(before ?? ZERO_SHA).slice(0, 12)}...${(after ?? ZERO_SHA).slice(0, 12)}`;
  const email = actor.email === '' ? null : actor.email;
  return {
    ref,
    before: before ?? ZERO_SHA,
    after: after ?? ZERO_SHA,
    pusher: { name: actor.login, email },
    created: before === null,
    deleted: after === null,
    forced: isForced,
    base_ref: null,
    compare: `${core.urls.root}/${fullNameOf(core, repo)}/compare/${range}`,
    commits: await Promise.all(commits.map((commit) => showPushed(core, move, commit))),
    head_commit: head === undefined ? null : await showPushed(core, move, head),
  };
}

async function newCommits(core: Core, move: RefMove): Promise<readonly CommitInfo[]> {
  const { repo, before, after } = move;
  if (after === null || move.ref.startsWith('refs/tags/')) return [];
  const known = before ?? `refs/heads/${repo.defaultBranch}`;
  const exclude = before === null && move.ref === known ? [] : [`^${known}`];
  const args = ['--reverse', `--max-count=${COMMITS_MAX}`, after, ...exclude];
  return logCommits(repoDir(core, repo), args);
}

async function showPushed(core: Core, move: RefMove, commit: CommitInfo) {
  const dir = repoDir(core, move.repo);
  const files = await diffCounts(dir, commit.parents[0] ?? null, commit.sha);
  const person = (identity: CommitInfo['author']) => {
    const account = accountOf(core, identity);
    return {
      name: identity.name,
      email: identity.email,
      date: identity.date,
      ...(account === undefined ? {} : { username: account.login }),
    };
  };
  const paths = (status: string) =>
    files.filter((file) => file.status === status).map((file) => file.path);
  const isOther = (status: string) => status !== 'added' && status !== 'removed';
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.author.date,
    url: `${repoPage(core, move.repo)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: files.filter((file) => isOther(file.status)).map((file) => file.path),
  };
}

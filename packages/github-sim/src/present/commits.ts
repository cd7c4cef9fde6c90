/** Commits and changed files as GitHub's JSON shows them. */
import { type Core, repoDir } from '../core.ts';
import type { FileDiff } from '../git/diff.ts';
import { diffFiles } from '../git/diff.ts';
import type { CommitInfo, Identity } from '../git/read.ts';
import { readCommit } from '../git/read.ts';
import { same } from '../state/find.ts';
import type { RepoRecord, UserRecord } from '../state/types.ts';
import { nodeId } from '../urls.ts';
import { showUser } from './accounts.ts';
import { repoApi, repoPage } from './repositories.ts';

const UNSIGNED = {
  verified: false,
  reason: 'unsigned',
  signature: null,
  payload: null,
  verified_at: null,
};

/** The account behind a git identity, by its e-mail address. */
export function accountOf(core: Core, identity: Identity): UserRecord | undefined {
  return core.state.users.find((user) => user.email !== '' && same(user.email, identity.email));
}

/** `commit` without files. */
export function showCommit(core: Core, repo: RepoRecord, commit: CommitInfo) {
  const self = `${repoApi(core, repo)}/commits/${commit.sha}`;
  const gitSelf = `${repoApi(core, repo)}/git`;
  const author = accountOf(core, commit.author);
  const committer = accountOf(core, commit.committer);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', `${repo.id}:${commit.sha}`),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${gitSelf}/trees/${commit.tree}` },
      url: `${gitSelf}/commits/${commit.sha}`,
      comment_count: 0,
      verification: UNSIGNED,
    },
    url: self,
    html_url: `${repoPage(core, repo)}/commit/${commit.sha}`,
    comments_url: `${self}/comments`,
    author: author === undefined ? null : showUser(core, author),
    committer: committer === undefined ? null : showUser(core, committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repoApi(core, repo)}/commits/${sha}`,
      html_url: `${repoPage(core, repo)}/commit/${sha}`,
    })),
  };
}

/** `commit` with statistics and files against its first parent. */
export async function showFullCommit(core: Core, repo: RepoRecord, sha: string) {
  const dir = repoDir(core, repo);
  const commit = await readCommit(dir, sha);
  const files = await diffFiles(dir, commit.parents[0] ?? null, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...showCommit(core, repo, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => showFile(core, repo, { file, ref: sha })),
  };
}

/** `diff-entry`. */
export function showFile(core: Core, repo: RepoRecord, at: { file: FileDiff; ref: string }) {
  const { file, ref } = at;
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${repoPage(core, repo)}/blob/${ref}/${path}`,
    raw_url: `${repoPage(core, repo)}/raw/${ref}/${path}`,
    contents_url: `${repoApi(core, repo)}/contents/${path}?ref=${ref}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

/** `git-commit`. */
export function showGitCommit(core: Core, repo: RepoRecord, commit: CommitInfo) {
  const self = `${repoApi(core, repo)}/git`;
  const page = `${repoPage(core, repo)}/commit`;
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', `${repo.id}:${commit.sha}`),
    url: `${self}/commits/${commit.sha}`,
    html_url: `${page}/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${self}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${self}/commits/${sha}`,
      html_url: `${page}/${sha}`,
    })),
    verification: UNSIGNED,
  };
}

/** `simple-commit`, as check suites carry it. */
export function showSimpleCommit(commit: CommitInfo) {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: commit.author.date,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}

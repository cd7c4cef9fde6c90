/** Merging without a work tree: trees only, the caller makes the commits and moves the refs. */
import { gitFact, gitFactText } from './facts.ts';
import type { CommitInfo, Identity } from './read.ts';
import { logCommits, readCommit } from './read.ts';
import { GitError } from './run.ts';
import { commitTree } from './write.ts';

/** Tree of a clean three-way merge of two commits; null on a conflict or unrelated histories. */
export async function mergeTrees(
  dir: string,
  ours: string,
  theirs: string,
): Promise<string | null> {
  const args = ['merge-tree', '--write-tree', '--no-messages', ours, theirs];
  const output = await gitFact(dir, args);
  if (output.code === 0) return output.stdout.toString('utf8').trim();
  if (output.code === 1 || /unrelated histories/.test(output.stderr)) return null;
  throw new GitError(args, output);
}

/**
 * Replays the commits of `base..head` (merges left out) on `onto`; null on a conflict.
 * git 2.39 cannot be told a merge base, so each step merges the commit with a throw-away commit
 * that has the tip's tree and the commit's own parent.
 */
export async function rebaseCommits(
  dir: string,
  range: { onto: string; head: string },
  committer: Identity,
): Promise<string | null> {
  const { onto, head } = range;
  const commits = await logCommits(dir, ['--reverse', '--no-merges', `${onto}..${head}`]);
  let tip = onto;
  for (const commit of commits) {
    const tree = await pickTree(dir, { tip, commit }, committer);
    if (tree === null) return null;
    tip = await commitTree(dir, {
      tree,
      parents: [tip],
      message: commit.message,
      author: commit.author,
      committer,
    });
  }
  return tip;
}

async function pickTree(
  dir: string,
  step: { tip: string; commit: CommitInfo },
  committer: Identity,
): Promise<string | null> {
  const { tip, commit } = step;
  const parent = commit.parents[0];
  if (parent === undefined) return null;
  if (parent === tip) return commit.tree;
  const stand = await commitTree(dir, {
    tree: (await readCommit(dir, tip)).tree,
    parents: [parent],
    message: 'stand-in',
    author: committer,
    committer,
  });
  return mergeTrees(dir, stand, commit.sha);
}

/** True when the range changes a file under `.github/workflows`. */
export async function touchesWorkflows(
  dir: string,
  before: string,
  after: string,
): Promise<boolean> {
  const args = ['diff', '--name-only', `${before}...${after}`, '--', '.github/workflows'];
  return (await gitFactText(dir, args)) !== '';
}

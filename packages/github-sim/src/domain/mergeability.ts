/**
 * Whether a pull request merges is computed late, as on GitHub: a change makes it unknown, the
 * first look at the pull request starts the work, and the answer is there some time later.
 * `refs/pull/N/merge` is made by the same work and is stale until then.
 */
import { type Core, githubIdentity, inBackground, repoDir, tick } from '../core.ts';
import { mergeTrees } from '../git/merge.ts';
import { readRef } from '../git/read.ts';
import { commitTree, forceRef } from '../git/write.ts';
import { repoById } from '../state/find.ts';
import type { PullRecord } from '../state/types.ts';

const working = new WeakMap<Core, Set<number>>();

/** Starts the work if the answer is unknown and nobody has started it. */
export function wantMergeability(core: Core, pull: PullRecord): void {
  if (pull.state === 'closed' || pull.mergeable !== null) return;
  const started = working.get(core) ?? new Set<number>();
  working.set(core, started);
  if (started.has(pull.id)) return;
  started.add(pull.id);
  const work = async () => {
    await new Promise((resolve) => setTimeout(resolve, core.options.mergeabilityDelayMs));
    try {
      while (!(await computeMergeability(core, pull))) {
        // The head or the base moved meanwhile; the answer would be about the past.
      }
    } finally {
      started.delete(pull.id);
    }
  };
  inBackground(core, work());
}

/** Computes now. False when the pull request changed meanwhile. */
export async function computeMergeability(core: Core, pull: PullRecord): Promise<boolean> {
  const dir = repoDir(core, repoById(core.state, pull.repoId));
  const head = pull.headSha;
  const base = await readRef(dir, `refs/heads/${pull.baseRef}`);
  if (base === null || pull.state === 'closed') return true;
  const tree = await mergeTrees(dir, base, head);
  const sha = tree === null ? null : await testMerge(core, pull, { tree, base, head });
  const isStillBase = (await readRef(dir, `refs/heads/${pull.baseRef}`)) === base;
  if (!isStillBase || pull.headSha !== head) return false;
  if (sha !== null) await forceRef(dir, `refs/pull/${pull.number}/merge`, sha);
  if (pull.mergedAt !== null) return true;
  pull.mergeable = sha !== null;
  pull.mergeCommitSha = sha;
  tick(core, 'pull_request.mergeability');
  return true;
}

function testMerge(
  core: Core,
  pull: PullRecord,
  merge: { tree: string; base: string; head: string },
): Promise<string> {
  const identity = githubIdentity(core);
  return commitTree(repoDir(core, { id: pull.repoId }), {
    tree: merge.tree,
    parents: [merge.base, merge.head],
    message: `Merge ${merge.head} into ${merge.base}`,
    author: identity,
    committer: identity,
  });
}

/** What a push does to pull requests: of the branch pushed to, and into that branch. */
import { type Core, now, repoDir } from '../core.ts';
import { isAncestor, readRef } from '../git/read.ts';
import { fetchRefs, forceRef } from '../git/write.ts';
import { repoById } from '../state/find.ts';
import type { RepoRecord, UserRecord } from '../state/types.ts';
import { closePull, emitPull, forgetMergeability } from './pulls.ts';

interface Pushed {
  readonly repo: RepoRecord;
  readonly branch: string;
  readonly after: string;
  readonly actor: UserRecord;
}

/** Open pull requests of this branch get the new head. */
export async function followHead(core: Core, pushed: Pushed): Promise<void> {
  const { repo, branch, after, actor } = pushed;
  for (const pull of core.state.pulls) {
    if (pull.state !== 'open' || pull.headRepoId !== repo.id || pull.headRef !== branch) continue;
    const base = repoById(core.state, pull.repoId);
    const dir = repoDir(core, base);
    if (base !== repo) await fetchRefs(dir, repoDir(core, repo), [`refs/heads/${branch}`]);
    await forceRef(dir, `refs/pull/${pull.number}/head`, after);
    const before = pull.headSha;
    pull.headSha = after;
    pull.baseSha = (await readRef(dir, `refs/heads/${pull.baseRef}`)) ?? pull.baseSha;
    pull.updatedAt = now(core);
    forgetMergeability(pull);
    await emitPull(core, pull, { action: 'synchronize', sender: actor, more: { before, after } });
  }
}

/** Open pull requests into this branch may have become merged, or mergeable, or not. */
export async function followBase(core: Core, pushed: Pushed): Promise<void> {
  const { repo, branch, after, actor } = pushed;
  const dir = repoDir(core, repo);
  for (const pull of core.state.pulls) {
    if (pull.state !== 'open' || pull.repoId !== repo.id || pull.baseRef !== branch) continue;
    forgetMergeability(pull);
    if (!(await isAncestor(dir, pull.headSha, after))) continue;
    pull.mergedAt = now(core);
    pull.mergedById = actor.id;
    pull.mergeCommitSha = after;
    await closePull(core, pull, actor);
  }
}

/** GitHub closes the pull requests of a deleted branch. */
export async function headDeleted(
  core: Core,
  deleted: { repo: RepoRecord; branch: string; actor: UserRecord },
): Promise<void> {
  for (const pull of core.state.pulls) {
    const isOfBranch = pull.headRepoId === deleted.repo.id && pull.headRef === deleted.branch;
    const isInto = pull.repoId === deleted.repo.id && pull.baseRef === deleted.branch;
    if (isOfBranch || isInto) await closePull(core, pull, deleted.actor);
  }
}

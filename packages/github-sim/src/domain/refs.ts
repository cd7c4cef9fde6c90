/**
 * Every change of a branch or tag goes through here, whoever makes it: the ref moves in git, then
 * everything follows that GitHub does on a push (events, check suites, pull requests).
 */
import { type Core, fullNameOf, now, repoDir, tick } from '../core.ts';
import { invalid } from '../errors.ts';
import { isAncestor, ZERO_SHA } from '../git/read.ts';
import { updateRef } from '../git/write.ts';
import { followBase, followHead, headDeleted } from './follow-push.ts';
import { pushPayload } from './push-payload.ts';
import type { RefMove } from './ref-move.ts';
import { requestSuites } from './suites.ts';

/**
 * Moves a ref and tells everybody.
 *
 * @throws Refusal 422 when the ref is no longer at `before`.
 */
export async function moveRef(core: Core, move: RefMove): Promise<void> {
  const { repo, ref, before, after } = move;
  const isMoved = await updateRef(repoDir(core, repo), ref, { before, after });
  if (!isMoved) {
    throw invalid(before === null ? 'Reference already exists' : 'Reference cannot be updated');
  }
  await refMoved(core, move);
}

/** Everything that follows a ref that already stands at its new place (after a git push). */
export async function refMoved(core: Core, move: RefMove): Promise<void> {
  const { repo, ref, before, after, actor } = move;
  if (before === after) return;
  repo.pushedAt = now(core);
  repo.updatedAt = repo.pushedAt;
  if (before === null) emitRefEvent(core, move, 'create');
  if (after === null) emitRefEvent(core, move, 'delete');
  await emitPush(core, move);
  tick(core, 'push', fullNameOf(core, repo));
  if (!ref.startsWith('refs/heads/')) return;
  const branch = ref.slice('refs/heads/'.length);
  if (after === null) {
    await headDeleted(core, { repo, branch, actor });
    return;
  }
  await followHead(core, { repo, branch, after, actor });
  await requestSuites(core, { repo, branch, before: before ?? ZERO_SHA, after, actor });
  await followBase(core, { repo, branch, after, actor });
}

function emitRefEvent(core: Core, move: RefMove, event: 'create' | 'delete'): void {
  const isTag = move.ref.startsWith('refs/tags/');
  const name = move.ref.replace(/^refs\/(heads|tags)\//, '');
  const rest =
    event === 'create' ? { master_branch: move.repo.defaultBranch, description: null } : {};
  core.hooks.emit({
    event,
    action: null,
    repo: move.repo,
    sender: move.actor,
    payload: { ref: name, ref_type: isTag ? 'tag' : 'branch', pusher_type: 'user', ...rest },
  });
}

async function emitPush(core: Core, move: RefMove): Promise<void> {
  const { repo, before, after, actor } = move;
  if (!core.hooks.isHeard('push', repo)) return;
  const isForced =
    before !== null && after !== null && !(await isAncestor(repoDir(core, repo), before, after));
  const payload = await pushPayload(core, move, isForced);
  core.hooks.emit({ event: 'push', action: null, repo, sender: actor, payload });
}

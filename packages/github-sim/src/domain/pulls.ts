/** Pull requests: what people do to them, and the events that follow. */
import { type Core, fullNameOf, now, repoDir, tick } from '../core.ts';
import { validationFailed } from '../errors.ts';
import { isAncestor, readRef } from '../git/read.ts';
import { fetchRefs, forceRef } from '../git/write.ts';
import { showFullPull, showLabel } from '../present/pulls.ts';
import { repoById } from '../state/find.ts';
import type { PullRecord, RepoRecord, UserRecord } from '../state/types.ts';

/** Tells about a pull request. */
export async function emitPull(
  core: Core,
  pull: PullRecord,
  event: { action: string; sender: UserRecord; more?: Record<string, unknown> },
): Promise<void> {
  const repo = repoById(core.state, pull.repoId);
  if (core.hooks.isHeard('pull_request', repo)) {
    const shown = await showFullPull(core, pull);
    core.hooks.emit({
      event: 'pull_request',
      action: event.action,
      repo,
      sender: event.sender,
      payload: { number: pull.number, pull_request: shown, ...event.more },
    });
  }
  tick(core, `pull_request.${event.action}`, fullNameOf(core, repo));
}

export interface NewPull {
  readonly repo: RepoRecord;
  readonly headRepo: RepoRecord;
  readonly headRef: string;
  readonly headLabel: string;
  readonly baseRef: string;
  readonly title: string;
  readonly body: string | null;
  readonly draft: boolean;
  readonly user: UserRecord;
}

/** Opens a pull request. @throws Refusal 422 as GitHub's page and API do. */
export async function openPull(core: Core, input: NewPull): Promise<PullRecord> {
  const { repo, headRepo, headRef, baseRef } = input;
  const dir = repoDir(core, repo);
  const headSha = await readRef(repoDir(core, headRepo), `refs/heads/${headRef}`);
  const baseSha = await readRef(dir, `refs/heads/${baseRef}`);
  if (baseSha === null) throw validationFailed('PullRequest', 'base', { code: 'invalid' });
  if (headSha === null) throw validationFailed('PullRequest', 'head', { code: 'invalid' });
  refuseTwin(core, input);
  if (headRepo !== repo) await fetchRefs(dir, repoDir(core, headRepo), [`refs/heads/${headRef}`]);
  if (await isAncestor(dir, headSha, baseSha)) {
    throw custom(`No commits between ${baseRef} and ${input.headLabel}:${headRef}`);
  }
  const time = now(core);
  const pull: PullRecord = {
    id: core.store.id(),
    repoId: repo.id,
    number: repo.nextNumber++,
    title: input.title,
    body: input.body,
    userId: input.user.id,
    state: 'open',
    draft: input.draft,
    headRepoId: headRepo.id,
    headRef,
    headLabel: input.headLabel,
    headSha,
    baseRef,
    baseSha,
    labels: [],
    createdAt: time,
    updatedAt: time,
    closedAt: null,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    mergeable: null,
  };
  await forceRef(dir, `refs/pull/${pull.number}/head`, headSha);
  core.state.pulls.push(pull);
  await emitPull(core, pull, { action: 'opened', sender: input.user });
  return pull;
}

function refuseTwin(core: Core, input: NewPull): void {
  const twin = core.state.pulls.find(
    (pull) =>
      pull.state === 'open' &&
      pull.repoId === input.repo.id &&
      pull.headRepoId === input.headRepo.id &&
      pull.headRef === input.headRef &&
      pull.baseRef === input.baseRef,
  );
  if (twin === undefined) return;
  throw custom(`A pull request already exists for ${input.headLabel}:${input.headRef}.`);
}

function custom(message: string) {
  return validationFailed('PullRequest', 'base', { code: 'custom', message });
}

export interface PullEdit {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly base?: string | undefined;
}

/** Changes title, body or base; tells `edited` with what it was before. */
export async function editPull(
  core: Core,
  pull: PullRecord,
  edit: PullEdit & { user: UserRecord },
): Promise<void> {
  const repo = repoById(core.state, pull.repoId);
  const changes: Record<string, unknown> = {};
  if (edit.base !== undefined && edit.base !== pull.baseRef) {
    const baseSha = await readRef(repoDir(core, repo), `refs/heads/${edit.base}`);
    if (baseSha === null) throw validationFailed('PullRequest', 'base', { code: 'invalid' });
    changes.base = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    pull.baseRef = edit.base;
    pull.baseSha = baseSha;
    forgetMergeability(pull);
  }
  if (edit.title !== undefined && edit.title !== pull.title) {
    changes.title = { from: pull.title };
    pull.title = edit.title;
  }
  if (edit.body !== undefined && edit.body !== pull.body) {
    changes.body = { from: pull.body ?? '' };
    pull.body = edit.body;
  }
  if (Object.keys(changes).length === 0) return;
  pull.updatedAt = now(core);
  await emitPull(core, pull, { action: 'edited', sender: edit.user, more: { changes } });
}

/** After a change of head or base nobody knows whether the two still merge. */
export function forgetMergeability(pull: PullRecord): void {
  pull.mergeable = null;
  if (pull.mergedAt === null) pull.mergeCommitSha = null;
}

/** Closes without merging. */
export async function closePull(core: Core, pull: PullRecord, user: UserRecord): Promise<void> {
  if (pull.state === 'closed') return;
  pull.state = 'closed';
  pull.closedAt = now(core);
  pull.updatedAt = pull.closedAt;
  await emitPull(core, pull, { action: 'closed', sender: user });
}

/** Opens a closed pull request again. @throws Refusal 422 when it was merged or has no head. */
export async function reopenPull(core: Core, pull: PullRecord, user: UserRecord): Promise<void> {
  if (pull.state === 'open') return;
  if (pull.mergedAt !== null) throw stateError('state cannot be changed.');
  const headRepo = core.state.repos.find((repo) => repo.id === pull.headRepoId);
  const head =
    headRepo === undefined
      ? null
      : await readRef(repoDir(core, headRepo), `refs/heads/${pull.headRef}`);
  if (head === null) {
    throw stateError(`state cannot be changed. The ${pull.headRef} branch has been deleted.`);
  }
  if (head !== pull.headSha) {
    throw stateError(`state cannot be changed. The ${pull.headRef} branch was force-pushed.`);
  }
  pull.state = 'open';
  pull.closedAt = null;
  pull.updatedAt = now(core);
  forgetMergeability(pull);
  await emitPull(core, pull, { action: 'reopened', sender: user });
}

function stateError(message: string) {
  return validationFailed('PullRequest', 'state', { code: 'custom', message });
}

/** Marks as draft or as ready. */
export async function setDraft(
  core: Core,
  pull: PullRecord,
  to: { draft: boolean; user: UserRecord },
): Promise<void> {
  if (pull.draft === to.draft) return;
  pull.draft = to.draft;
  pull.updatedAt = now(core);
  const action = to.draft ? 'converted_to_draft' : 'ready_for_review';
  await emitPull(core, pull, { action, sender: to.user });
}

const NEW_LABEL_COLOR = 'ededed';

/** Adds or removes labels by name; unknown names become labels of the repository. */
export async function changeLabels(
  core: Core,
  pull: PullRecord,
  change: { add?: readonly string[]; remove?: readonly string[]; user: UserRecord },
): Promise<void> {
  const repo = repoById(core.state, pull.repoId);
  for (const name of change.add ?? []) {
    const known = repo.labels.find((each) => each.name.toLowerCase() === name.toLowerCase());
    const label = known ?? addLabel(core, { repo, name, user: change.user });
    if (pull.labels.includes(label.name)) continue;
    pull.labels.push(label.name);
    await tellLabel(core, pull, { action: 'labeled', name: label.name, user: change.user });
  }
  for (const name of change.remove ?? []) {
    const at = pull.labels.findIndex((each) => each.toLowerCase() === name.toLowerCase());
    if (at === -1) continue;
    const [removed = name] = pull.labels.splice(at, 1);
    await tellLabel(core, pull, { action: 'unlabeled', name: removed, user: change.user });
  }
}

function addLabel(core: Core, on: { repo: RepoRecord; name: string; user: UserRecord }) {
  const { repo, name, user } = on;
  const label = { id: core.store.id(), name, color: NEW_LABEL_COLOR, description: '' };
  repo.labels.push(label);
  const payload = { label: showLabel(core, repo, label) };
  core.hooks.emit({ event: 'label', action: 'created', repo, sender: user, payload });
  return label;
}

async function tellLabel(
  core: Core,
  pull: PullRecord,
  change: { action: 'labeled' | 'unlabeled'; name: string; user: UserRecord },
): Promise<void> {
  const repo = repoById(core.state, pull.repoId);
  pull.updatedAt = now(core);
  const label = repo.labels.find((each) => each.name === change.name);
  const more = label === undefined ? {} : { label: showLabel(core, repo, label) };
  await emitPull(core, pull, { action: change.action, sender: change.user, more });
}

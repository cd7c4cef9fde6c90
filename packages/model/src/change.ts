/** What goes through a pipeline: a proposed change, or a ref that has moved. */
import type { ChangeKey, CommitSha, RepositoryKey } from './ids.ts';

/** A change somebody proposes to a branch, as the code host knew it when it was last read. */
export interface ProposedChange {
  readonly kind: 'proposed';
  readonly repository: RepositoryKey;
  readonly isRepositoryPublic: boolean;
  /** Absent: not known; the base then counts as the repository's only branch. */
  readonly defaultBranch?: string;
  /** The host's number of the change, unique in the repository. */
  readonly number: number;
  readonly url: string;
  readonly title: string;
  /** Login of whoever proposed it. */
  readonly author: string;
  /** Branch it goes to, without `refs/heads/`. */
  readonly baseRef: string;
  /** Tip of the base branch as the host recorded it with the change; may be behind the tip. */
  readonly baseSha: CommitSha;
  readonly headSha: CommitSha;
  /** Branch it comes from, without `refs/heads/`. */
  readonly headRef: string;
  /** True when the head's branch is in the base repository itself: pushing it took write access. */
  readonly isHeadInBase: boolean;
  readonly isOpen: boolean;
  readonly isMerged: boolean;
  readonly isDraft: boolean;
  readonly labels: readonly string[];
}

/** A branch or tag that moved. */
export interface RefChange {
  readonly kind: 'ref';
  readonly repository: RepositoryKey;
  readonly isRepositoryPublic: boolean;
  /** Absent: not known; what moved then counts as the repository's only branch. */
  readonly defaultBranch?: string;
  /** Full name, such as `refs/heads/main`. */
  readonly ref: string;
  /** Commit it points to now. */
  readonly headSha: CommitSha;
  /** Commit it pointed to before; null when the ref is new. */
  readonly oldSha: CommitSha | null;
  readonly url: string;
}

/** Either kind of change. */
export type Change = ProposedChange | RefChange;

const HEADS_PREFIX = 'refs/heads/';

/** Where GitHub's own merge queue puts the groups it wants checked. */
const MERGE_GROUP_PREFIX = 'refs/heads/gh-readonly-queue/';

/** True for a group of changes that GitHub's merge queue is about to merge. */
export function isMergeGroup(change: Change): boolean {
  return change.kind === 'ref' && change.ref.startsWith(MERGE_GROUP_PREFIX);
}

/**
 * The commit or branch whose configuration decides about a change: the base of a proposed change or
 * a merge group, and for a ref that moved what it is after the move.
 */
export function configurationRefOf(change: Change): string {
  if (change.kind === 'proposed') return change.baseRef;
  if (!isMergeGroup(change)) return change.headSha;
  // What is in a group is not merged yet, so it decides nothing.
  return change.oldSha ?? change.headSha;
}

/**
 * The branch that a change is about: where it goes to, or what moved; null for tags. A merge group
 * on `gh-readonly-queue/main/pr-7-…` is about `main`.
 */
export function branchOf(change: Change): string | null {
  if (change.kind === 'proposed') return change.baseRef;
  if (isMergeGroup(change)) {
    return change.ref.slice(MERGE_GROUP_PREFIX.length).replace(/\/pr-[^/]*$/, '');
  }
  return change.ref.startsWith(HEADS_PREFIX) ? change.ref.slice(HEADS_PREFIX.length) : null;
}

/** Branches that exist for testing only, ours and those of GitHub's merge queue. */
const TEMPORARY_PREFIXES = ['gatehouse/', 'gh-readonly-queue/'];

/** True for a branch that never supplies configuration, without `refs/heads/`. */
export function isTemporaryBranch(branch: string): boolean {
  return TEMPORARY_PREFIXES.some((prefix) => branch.startsWith(prefix));
}

/** The key under which all runs of one change are found, whatever its head. */
export function changeKey(change: Change): ChangeKey {
  return change.kind === 'proposed'
    ? proposedChangeKey(change.repository, change.number)
    : refChangeKey(change.repository, change.ref);
}

/** `acme/api#7`, the repository in lower case because its name does not depend on case. */
export function proposedChangeKey(repository: RepositoryKey, number: number): ChangeKey {
  return `${repository.toLowerCase()}#${number}` as ChangeKey; // built from checked parts
}

/** `acme/api@refs/heads/main`, the repository in lower case. */
export function refChangeKey(repository: RepositoryKey, ref: string): ChangeKey {
  return `${repository.toLowerCase()}@${ref}` as ChangeKey; // built from checked parts
}

/** The exact commit that the jobs of a buildset test. */
import type { CommitSha } from './ids.ts';

/** A merge of the change onto its base (and what is ahead of it), as it can be fetched. */
export interface SpeculativeState {
  /** Full ref that can be fetched from the change's repository. */
  readonly ref: string;
  readonly sha: CommitSha;
  /** Tip of the base branch that the state was built on; null for refs. */
  readonly baseSha: CommitSha | null;
  /** Branch that was made for this state and is to be removed after use; null: none was made. */
  readonly ownedBranch: string | null;
}

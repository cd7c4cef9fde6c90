import type { RepoRecord, UserRecord } from '../state/types.ts';

/** A branch or tag that goes from one commit to another; null stands for "is not there". */
export interface RefMove {
  readonly repo: RepoRecord;
  /** Full name, `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly actor: UserRecord;
}

import type { ConfigurationProblem, JobGraph, Reason } from '@gatehouse/model';
import type { Layout } from '../definitions.ts';
import type { Subject } from './stanzas.ts';

/** What to freeze. */
export interface FreezeRequest {
  readonly repository: string;
  /** Base branch of a change, or the branch that moved; null: a tag. */
  readonly branch: string | null;
  /** Full ref of what moved; where there is no branch, `branches` are matched against it. */
  readonly ref?: string | null;
  readonly pipeline: string;
  /** Null: unknown, so every job runs. An empty list is no information either. */
  readonly changedFiles: readonly string[] | null;
  /** The layout without the change's own configuration; null: there is none to compare with. */
  readonly base: Layout | null;
}

/** The frozen jobs. With an error among the problems nothing of it may run. */
export interface FreezeResult {
  readonly jobs: JobGraph;
  /** For each job that was considered, why it runs or does not. */
  readonly reasons: readonly Reason[];
  readonly problems: readonly ConfigurationProblem[];
  /** True: reports are to carry the reasons. */
  readonly isDebug: boolean;
}

/** What a request is about. */
export function subjectOf({ repository, branch, ref }: FreezeRequest): Subject {
  return { repository, branch, ref: ref ?? null };
}

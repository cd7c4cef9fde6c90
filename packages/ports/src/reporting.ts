/** The reporter's writes on the code host. Errors as in `code-host.ts`. */
import type { BuildsetId, CommitSha, RepositoryKey } from '@gatehouse/model';

/** How a finished check run is concluded. */
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'timed_out';

/** A remark on lines of a file. Lines count from 1. */
export interface CheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** Columns count from 1 and are given only when both lines are the same. */
  readonly startColumn: number | null;
  readonly endColumn: number | null;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string | null;
  readonly message: string;
}

/** Everything that a check run shows. */
export interface CheckRunContent {
  readonly name: string;
  readonly headSha: CommitSha;
  readonly buildset: BuildsetId;
  readonly detailsUrl: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  /** Given exactly when `status` is `completed`. */
  readonly conclusion: CheckConclusion | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly title: string;
  /** Markdown, at most 65,535 bytes. */
  readonly summary: string;
  /** Markdown, at most 65,535 bytes; null: none. */
  readonly text: string | null;
  readonly annotations: readonly CheckAnnotation[];
  readonly actions: readonly {
    readonly label: string;
    readonly description: string;
    readonly identifier: string;
  }[];
}

/** Writes check runs. */
export interface CheckRunWriter {
  /** Number of the new run. Creating is not repeated by the adapter when the answer is lost. */
  createCheckRun(repository: RepositoryKey, content: CheckRunContent): Promise<number>;
  /** Writes what the run shall show now; `annotations` are added to those it has. */
  updateCheckRun(
    repository: RepositoryKey,
    checkRun: number,
    content: CheckRunContent,
  ): Promise<void>;
  /** The run of this App on `headSha` that carries `buildset`; null when there is none. */
  findCheckRun(
    repository: RepositoryKey,
    run: { readonly headSha: CommitSha; readonly name: string; readonly buildset: BuildsetId },
  ): Promise<FoundCheckRun | null>;
}

/** A check run that exists already. */
export interface FoundCheckRun {
  readonly checkRun: number;
  readonly annotationsCount: number;
}

/** Writes comments on changes. */
export interface CommentWriter {
  /**
   * Makes the change carry exactly one comment of this App with `marker` (an HTML comment at its
   * end), with this text: creates it, or edits the one that is there.
   */
  writeComment(
    repository: RepositoryKey,
    number: number,
    comment: { readonly marker: string; readonly text: string },
  ): Promise<void>;
}

/** Writes commit statuses. */
export interface StatusWriter {
  createStatus(
    repository: RepositoryKey,
    sha: CommitSha,
    status: {
      readonly state: 'pending' | 'success' | 'failure' | 'error';
      readonly context: string;
      /** At most 140 characters. */
      readonly description: string;
      readonly targetUrl: string;
    },
  ): Promise<void>;
}

/**
 * The layout: configuration after parsing, as plain data. Everything the engine decides with is
 * here; nothing here refers back to text except by {@link SourcePlace}.
 */
import type { Permission, SourceRange } from '@gatehouse/model';

/** Where a definition stands. Lines count from 1. */
export interface SourcePlace {
  readonly repository: string;
  readonly branch: string | null;
  readonly path: string;
  readonly line: number;
  /** The exact place; absent where only the line is known. */
  readonly range?: SourceRange;
}

/** A regular expression from configuration; it only ever runs on the linear-time engine. */
export interface Pattern {
  readonly source: string;
  /** True: it holds where the expression does not match. */
  readonly isNegated: boolean;
}

/** The queueing strategy of a pipeline. */
export type ManagerName = 'independent' | 'dependent' | 'serial' | 'supercedent';

/** When a reporter acts. */
export type Phase =
  | 'enqueue'
  | 'start'
  | 'success'
  | 'failure'
  | 'merge-conflict'
  | 'config-error'
  | 'no-jobs'
  | 'disabled'
  | 'dequeue';

/** An entry of `trigger.github`: all attributes that are not empty must match. */
export interface TriggerFilter {
  readonly event:
    | 'pull_request'
    | 'pull_request_review'
    | 'push'
    | 'check_run'
    | 'check_suite'
    | 'merge_group';
  /** Empty: any action. `changed` is GitHub's `synchronize`. */
  readonly actions: readonly string[];
  readonly branches: readonly Pattern[];
  /** Searched anywhere in the text. */
  readonly comments: readonly Pattern[];
  readonly labels: readonly string[];
  readonly states: readonly string[];
  /** Whole string `app:name:conclusion`. */
  readonly checks: readonly Pattern[];
  /** Whole string `user:context:state`. */
  readonly statuses: readonly Pattern[];
  readonly refs: readonly Pattern[];
  readonly senders: readonly Pattern[];
  /** Least permission of whoever caused the event; null: anybody. */
  readonly permission: Permission | null;
  readonly require: Requirement | null;
  readonly reject: Requirement | null;
}

/** One entry of `review`. */
export interface ReviewRequirement {
  readonly type: 'approved' | 'changes_requested' | 'commented' | 'dismissed' | null;
  readonly permission: 'read' | 'write' | 'admin' | null;
  readonly username: Pattern | null;
  readonly email: Pattern | null;
  readonly newerThanMs: number | null;
  readonly olderThanMs: number | null;
}

/** `require` or `reject`: null or empty means not asked. */
export interface Requirement {
  readonly isOpen: boolean | null;
  readonly isMerged: boolean | null;
  readonly isDraft: boolean | null;
  readonly isCurrentHead: boolean | null;
  readonly hasTrustedAuthor: boolean | null;
  readonly labels: readonly string[];
  readonly statuses: readonly Pattern[];
  readonly reviews: readonly ReviewRequirement[];
}

/** What a check run is set to. */
export type CheckValue =
  | 'in_progress'
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'neutral'
  | 'action_required'
  | 'timed_out';

/** A button on a check run. GitHub's limits: label 20, description 40, identifier 20 characters. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** What a phase writes. */
export interface PhaseReport {
  readonly check: CheckValue | null;
  /** Null: the defaults of the phase. */
  readonly checkActions: readonly CheckAction[] | null;
  readonly status: 'pending' | 'success' | 'failure' | null;
  readonly comment: boolean | 'new';
  readonly labelsAdded: readonly string[];
  readonly labelsRemoved: readonly string[];
  readonly review: 'approve' | 'comment' | 'request-changes' | null;
  readonly reviewBody: string | null;
  readonly isMerging: boolean;
}

/** The texts of a pipeline; defaults are filled in. */
export interface PipelineMessages {
  readonly success: string;
  readonly failure: string;
  readonly start: string;
  readonly enqueue: string;
  readonly mergeConflict: string;
  readonly noJobs: string;
  readonly dequeue: string;
  readonly footer: string;
}

/** A pipeline as configured. */
export interface PipelineDefinition {
  readonly name: string;
  readonly place: SourcePlace | null;
  readonly manager: ManagerName;
  readonly description: string | null;
  readonly triggers: readonly TriggerFilter[];
  readonly require: Requirement | null;
  readonly reject: Requirement | null;
  readonly reports: Readonly<Partial<Record<Phase, PhaseReport>>>;
  readonly messages: PipelineMessages;
  readonly supercedes: readonly string[];
  /** Where each of them is written; absent where nobody wrote it. */
  readonly supercedesPlaces?: readonly SourcePlace[];
  readonly precedence: 'high' | 'normal' | 'low';
  readonly isPostReview: boolean;
  readonly isDequeuedOnNewHead: boolean;
  /** Unmet requirements are shown as a check run instead of nothing. */
  readonly showsUnmet: boolean;
  readonly annotationsMax: number;
  readonly progressIntervalMs: number;
  readonly window: {
    readonly size: number;
    readonly floor: number;
    readonly ceiling: number | null;
    readonly increase: { readonly type: 'linear' | 'exponential'; readonly factor: number };
    readonly decrease: { readonly type: 'linear' | 'exponential'; readonly factor: number };
  };
}

/** What to read a layout from: one repository at one ref. */
export interface LayoutSource {
  readonly repository: string;
  /** Null: the repository's only branch that counts, such as the owner's configuration. */
  readonly branch: string | null;
  /** `owner`: the trusted `OWNER/.gatehouse`; `repository`: an ordinary one. */
  readonly role: 'owner' | 'repository';
  /** Absent: true for the first source of its repository. Pipelines are read from it only. */
  readonly isDefaultBranch?: boolean;
  /**
   * True: the files are those of a proposed change. Its jobs, stanzas, templates and semaphores
   * replace those of the source of the same repository and branch, which has to be given too;
   * pipelines, queues, merge modes and secrets are validated here and taken from there. Of the
   * owner's repository nothing proposed is used.
   */
  readonly isProposed?: boolean;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/**
 * Events: what the shell tells the engine, in the past tense and with every fact that deciding
 * needs. The engine never asks back; `at` is the only time it knows.
 */
import type { PipelineDefinition } from '@gatehouse/layout';
import type {
  AttemptResult,
  BuildId,
  BuildsetId,
  Change,
  CommitSha,
  ConfigurationProblem,
  EventId,
  JobGraph,
  JsonObject,
  Permission,
  Reason,
  Sender,
  SpeculativeState,
  TenantId,
  TriggerFacts,
  TrustFacts,
} from '@gatehouse/model';

interface EventBase {
  readonly id: EventId;
  readonly tenant: TenantId;
  /** Milliseconds since 1970, stamped by the shell. */
  readonly at: number;
}

/** Who caused an event, with the right they held when it was read. */
export interface Actor extends Sender {
  readonly permission: Permission;
}

/** A review that counts: the latest vote of one person. */
export interface ReviewFact {
  readonly login: string;
  readonly email: string | null;
  readonly permission: Permission;
  readonly type: 'approved' | 'changes_requested' | 'commented' | 'dismissed';
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A pipeline that the change's repository can see. */
export interface PipelineFact {
  readonly definition: PipelineDefinition;
  /** True when the repository's configuration gives it jobs to run there. */
  readonly takesPart: boolean;
}

/** A press of a button on a run. */
export interface ButtonPress {
  readonly buildset: BuildsetId;
  /** `abort`, `rerun`, `rerun_failed`, `approve`, `dequeue` or `enqueue:PIPELINE`. */
  readonly identifier: string;
  /** The commit that carries the run. */
  readonly headSha: CommitSha;
}

/**
 * Something happened to a change, and this is how the change stands now. `at` is when reading the
 * change began, so that of two readings the later one holds everything the earlier one does.
 */
export interface ChangeObserved extends EventBase {
  readonly type: 'ChangeObserved';
  /** One plain word from which ids are derived; the same event has the same seed. */
  readonly seed: string;
  readonly change: Change;
  readonly trigger: TriggerFacts;
  readonly actor: Actor;
  /** Null for refs: what is in the repository is trusted. */
  readonly trust: TrustFacts | null;
  /** Latest vote of each reviewer; null when no pipeline asks for reviews. */
  readonly reviews: readonly ReviewFact[] | null;
  /** `user:context:state` and `app:check:conclusion` on the head; null when nobody asks. */
  readonly statuses: readonly string[] | null;
  readonly pipelines: readonly PipelineFact[];
  /** Pipelines that already show a run on this head, for "Re-run all checks"; else null. */
  readonly shownPipelines: readonly string[] | null;
  readonly button: ButtonPress | null;
  /** Pipeline that an administrator puts the change into, whatever it requires; else null. */
  readonly enqueueIn: string | null;
}

/** How preparing an item ended. */
export type Preparation =
  | {
      readonly code: 'ready';
      readonly state: SpeculativeState;
      readonly jobs: JobGraph;
      readonly selection: readonly Reason[];
      /** The base's configuration has voting jobs here and the change's own has none left. */
      readonly removesAllVoting: boolean;
      readonly warnings: readonly ConfigurationProblem[];
      /** True: reports list why jobs were chosen. Absent in events of before it was told: false. */
      readonly isDebug?: boolean;
    }
  | { readonly code: 'conflict'; readonly message: string; readonly ownedBranch: string | null }
  | {
      readonly code: 'misconfigured';
      readonly problems: readonly ConfigurationProblem[];
      readonly ownedBranch: string | null;
    }
  /** The change was closed or its head moved while it was prepared. */
  | { readonly code: 'gone'; readonly message: string; readonly ownedBranch: string | null }
  | { readonly code: 'failed'; readonly message: string; readonly ownedBranch: string | null };

/** The speculative state was built and its jobs are frozen, or why not. */
export interface ItemPrepared extends EventBase {
  readonly type: 'ItemPrepared';
  readonly buildset: BuildsetId;
  readonly preparation: Preparation;
}

interface BuildEvent extends EventBase {
  readonly buildset: BuildsetId;
  readonly build: BuildId;
  /** Reports about another attempt than the item's are stale. */
  readonly attempt: number;
}

/** An executor took an attempt on, or said more about it. */
export interface BuildStarted extends BuildEvent {
  readonly type: 'BuildStarted';
  readonly logUrl: string | null;
  readonly hasLog: boolean;
}

/** An attempt ended. */
export interface BuildCompleted extends BuildEvent {
  readonly type: 'BuildCompleted';
  readonly result: AttemptResult;
  readonly logUrl: string | null;
  readonly detail: string | null;
  readonly data: JsonObject;
}

/** An attempt's time is up. */
export interface BuildTimedOut extends BuildEvent {
  readonly type: 'BuildTimedOut';
}

/** An administrator wants a run to go away. */
export interface DequeueRequested extends EventBase {
  readonly type: 'DequeueRequested';
  readonly buildset: BuildsetId;
  readonly by: string;
}

/** Everything that can happen to the engine. */
export type EngineEvent =
  | ChangeObserved
  | ItemPrepared
  | BuildStarted
  | BuildCompleted
  | BuildTimedOut
  | DequeueRequested;

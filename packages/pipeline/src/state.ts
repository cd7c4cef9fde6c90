/**
 * The engine's state: plain JSON records that the shell loads, hands to `step` and writes back.
 * A step sees only the records its event touches, so that it costs the same whether the tenant
 * has ten live items or ten thousand. An item carries its own buildset; their id is the same.
 */
import type { PipelineDefinition } from '@gatehouse/layout';
import {
  type Approval,
  type BuildId,
  type BuildResult,
  type BuildsetId,
  type Change,
  type ChangeKey,
  type CommitSha,
  type ConfigurationProblem,
  changeKey,
  type FrozenJob,
  type JsonObject,
  type ProposedChange,
  type Reason,
  type SpeculativeState,
  type TenantId,
  type Trust,
} from '@gatehouse/model';

/** Where a build stands. Transitions: `build/machine.ts`. */
export type BuildPhase = 'waiting' | 'launched' | 'running' | 'completed';

/** One job of an item's buildset. */
export interface Build {
  readonly id: BuildId;
  readonly job: FrozenJob;
  readonly phase: BuildPhase;
  /** The try that counts, from 1; reports about earlier ones are stale. 0 before the first. */
  readonly attempt: number;
  /** Given exactly when `phase` is `completed`. */
  readonly result: BuildResult | null;
  /** Milliseconds since 1970; of the attempt that counts. */
  readonly launchedAt: number | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Where a person can read its log; null: here, or nowhere. */
  readonly logUrl: string | null;
  /** True when the log is kept by this service. */
  readonly hasLog: boolean;
  /** Why it ended as it did, in plain words; null when the result says it all. */
  readonly detail: string | null;
  /** What the job returned. */
  readonly data: JsonObject;
}

/** Where an item stands. Transitions: `item/machine.ts`. */
export type ItemPhase = 'preparing' | 'running' | 'completed' | 'wedged';

/** How a run ended. */
export type Outcome =
  | 'success'
  | 'failure'
  | 'timed-out'
  | 'cancelled'
  | 'skipped'
  | 'action-required'
  | 'misconfigured'
  | 'conflict'
  | 'internal-error';

/** The end of a run, with the reasons that every surface renders. */
export interface Verdict {
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
}

/** One change in one pipeline. */
export interface Item {
  readonly schema: 1;
  readonly buildset: BuildsetId;
  readonly tenant: TenantId;
  readonly pipeline: PipelineDefinition;
  readonly change: Change;
  readonly trust: Trust;
  /** The event that put it here, in words for people, such as `pull_request opened by ada`. */
  readonly cause: string;
  readonly phase: ItemPhase;
  readonly state: SpeculativeState | null;
  /** In report order; empty until the item is prepared. */
  readonly builds: readonly Build[];
  /** Why jobs were chosen or left out. */
  readonly selection: readonly Reason[];
  /** True: the project's `debug` asks that reports list the selection. */
  readonly isDebug: boolean;
  readonly problems: readonly ConfigurationProblem[];
  /** Given exactly when the item is over. */
  readonly verdict: Verdict | null;
  /**
   * Milliseconds since 1970, and later than of every run that the change had before, whatever the
   * clocks said: it tells which of two runs of a change is the newer one.
   */
  readonly enqueuedAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  /** Grows with every change of this record; reports and effects carry it. */
  readonly revision: number;
}

/** A run of a change that is not over. */
export interface LiveRun {
  readonly buildset: BuildsetId;
  readonly pipeline: string;
  readonly headSha: CommitSha;
  readonly baseRef: string | null;
}

/** A pipeline that would run this head if the head were trusted. */
export interface WaitingForTrust {
  readonly pipeline: string;
  readonly headSha: CommitSha;
}

/** How a proposed change stood when it was read. */
export interface Reading {
  /** When reading began, milliseconds since 1970: whatever happened before is in it. */
  readonly at: number;
  readonly change: ProposedChange;
}

/** What is remembered about one change over all its heads. */
export interface ChangeRecord {
  readonly schema: 1;
  readonly key: ChangeKey;
  /** The newest reading of all events so far, which may come in any order; null for refs. */
  readonly newest: Reading | null;
  readonly live: readonly LiveRun[];
  /** Started as soon as an event finds the head trusted, however that came about. */
  readonly waiting: readonly WaitingForTrust[];
  /** Newest last; at most `APPROVALS_MAX`. */
  readonly approvals: readonly Approval[];
  /** `enqueuedAt` of the change's newest run; absent: it had none, or none is remembered. */
  readonly lastEnqueuedAt?: number;
}

/** Approvals kept per change: older heads than these will hardly come back. */
export const APPROVALS_MAX = 20;

/** The records that one event touches; a missing record is one that does not exist. */
export interface EngineState {
  readonly changes: Readonly<Record<string, ChangeRecord>>;
  readonly items: Readonly<Record<string, Item>>;
}

/** A state without records. */
export const emptyState: EngineState = { changes: {}, items: {} };

/** The record of a change; a fresh one when nothing is remembered. */
export function changeRecordOf(state: EngineState, key: ChangeKey): ChangeRecord {
  return state.changes[key] ?? emptyRecord(key);
}

function emptyRecord(key: ChangeKey): ChangeRecord {
  return { schema: 1, key, newest: null, live: [], waiting: [], approvals: [] };
}

/** True when nothing is remembered but the newest reading and when the newest run came. */
export function isAtRest({ live, waiting, approvals }: ChangeRecord): boolean {
  return live.length === 0 && waiting.length === 0 && approvals.length === 0;
}

/** `state` with this change's record; a record with nothing in it is left out. */
export function withChange(state: EngineState, record: ChangeRecord): EngineState {
  const { [record.key]: _old, ...others } = state.changes;
  const isEmpty = isAtRest(record) && record.newest === null && record.lastEnqueuedAt === undefined;
  return { ...state, changes: isEmpty ? others : { ...others, [record.key]: record } };
}

/** `state` remembering that the item's pipeline waits for trust in its head; one wait a pipeline. */
export function withWait(state: EngineState, item: Item): EngineState {
  const record = changeRecordOf(state, changeKey(item.change));
  const wanted = { pipeline: item.pipeline.name, headSha: item.change.headSha };
  const others = record.waiting.filter((one) => one.pipeline !== wanted.pipeline);
  return withChange(state, { ...record, waiting: [...others, wanted] });
}

/** `state` with this item; its revision is the caller's to raise. */
export function withItem(state: EngineState, item: Item): EngineState {
  return { ...state, items: { ...state.items, [item.buildset]: item } };
}

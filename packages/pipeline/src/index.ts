export { type BuildInput, type BuildTransition, buildTransitions } from './build/machine.ts';
export {
  type CancelBuild,
  type Effect,
  type LaunchBuild,
  type PrepareItem,
  type ReleaseState,
  type ReportItem,
  type SetTimer,
  timeoutTimerKey,
} from './effects.ts';
export type {
  Actor,
  BuildCompleted,
  BuildStarted,
  BuildTimedOut,
  ButtonPress,
  ChangeObserved,
  DequeueRequested,
  EngineEvent,
  ItemPrepared,
  PipelineFact,
  Preparation,
  ReviewFact,
} from './events.ts';
export { type ItemInput, type ItemTransition, itemTransitions } from './item/machine.ts';
export { needsTrust } from './item/prepared.ts';
export { firstReads, furtherReads, type RecordKeys } from './reads.ts';
export { hasReasonText, outcomeText, reasonText, resultText, trustText } from './reason-text.ts';
export {
  asJson,
  changeRecordKey,
  itemRecordKey,
  itemSchema,
  readChangeRecord,
  readEffect,
  readEvent,
  readItem,
} from './records.ts';
export { asksForReviews, asksForStatuses } from './requirements.ts';
export {
  type Build,
  type BuildPhase,
  type ChangeRecord,
  changeRecordOf,
  type EngineState,
  emptyState,
  type Item,
  type ItemPhase,
  isAtRest,
  type LiveRun,
  type Outcome,
  type Verdict,
} from './state.ts';
export { step, wedge } from './step.ts';
export { judgeTrust } from './trust.ts';
export type { StepResult } from './work.ts';

export { type AttemptResult, type BuildResult, buildResults, isPassing } from './build.ts';
export {
  branchOf,
  type Change,
  changeKey,
  configurationRefOf,
  isMergeGroup,
  isTemporaryBranch,
  type ProposedChange,
  proposedChangeKey,
  type RefChange,
  refChangeKey,
} from './change.ts';
export {
  conductOf,
  type ErrorCode,
  type ErrorConduct,
  type ErrorDetails,
  type ErrorKind,
  errorCatalogue,
  GatehouseError,
  kindOf,
} from './errors.ts';
export {
  type Branded,
  type BuildId,
  type BuildsetId,
  buildId,
  buildsetId,
  type ChangeKey,
  type CommitSha,
  commitSha,
  type DeliveryId,
  deliveryId,
  type EffectKey,
  type EventId,
  effectKey,
  eventId,
  isBuildId,
  isBuildsetId,
  isCommitSha,
  isDeliveryId,
  isRepositoryKey,
  isSameRepository,
  nameOf,
  ownerOf,
  type QueueId,
  queueId,
  type RepositoryKey,
  repositoryKey,
  type TenantId,
  tenantId,
  tenantOf,
} from './ids.ts';
export { assertNever, invariant } from './invariant.ts';
export type {
  CommandExecution,
  Execution,
  ExecutionKind,
  FrozenJob,
  HttpExecution,
  JobDependency,
  JobGraph,
  NoopExecution,
  WorkflowExecution,
} from './job.ts';
export type { Json, JsonObject } from './json.ts';
export { type Permission, permissions, permits } from './permission.ts';
export type { ConfigurationProblem, SourceRange } from './problem.ts';
export type { Reason } from './reason.ts';
export type { SpeculativeState } from './speculative-state.ts';
export type { Sender, TriggerFacts } from './trigger.ts';
export type { Approval, Trust, TrustFacts, TrustGround } from './trust.ts';

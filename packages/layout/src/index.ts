export { defaultPipelinesText } from './defaults.ts';
export type { LayoutOptions } from './define/context.ts';
export { fieldNames } from './define/fields.ts';
export { isPlaybook } from './define/job.ts';
export type {
  BrokenDefinition,
  Controlled,
  DependencyUse,
  HttpExecutor,
  JobAttributes,
  JobDefinition,
  JobVariant,
  Layout,
  MergeMode,
  NamedDefinition,
  PipelineScope,
  ProjectDefinition,
  ProjectPipeline,
  QueueDefinition,
  ScopedPipeline,
  SecretUse,
  SemaphoreDefinition,
  SemaphoreUse,
  TemplateDefinition,
  TemplateUse,
  WorkflowExecutor,
} from './definitions.ts';
export type {
  CheckAction,
  CheckValue,
  LayoutSource,
  ManagerName,
  Pattern,
  Phase,
  PhaseReport,
  PipelineDefinition,
  PipelineMessages,
  Requirement,
  ReviewRequirement,
  SourcePlace,
  TriggerFilter,
} from './layout.ts';
export { isUsable, matchesAnywhere, matchesAtStart, matchesWhole } from './patterns.ts';
export { configurationSchema } from './reference/json-schema.ts';
export {
  languageReference,
  type ReferenceAttribute,
  type ReferencePart,
} from './reference/reference.ts';
export {
  type ExplainedJob,
  type ExplainedValue,
  explainJob,
  listedJobs,
} from './resolve/explain.ts';
export {
  type ChoiceQuestion,
  type ConsideredPart,
  type DecidingFile,
  type ExplainedChoice,
  explainChoice,
  stanzasFor,
} from './resolve/explain-choice.ts';
export { problemsBrought } from './resolve/explain-proposal.ts';
export { freezeJobs } from './resolve/freeze.ts';
export { type LoadedLayout, loadLayout } from './resolve/load.ts';
export { pipelinesFor } from './resolve/names.ts';
export { removesAllVoting } from './resolve/removed-jobs.ts';
export type { FreezeRequest, FreezeResult } from './resolve/request.ts';
export { type Subject, takesPart } from './resolve/stanzas.ts';

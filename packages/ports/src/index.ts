export type { Clock } from './clock.ts';
export type {
  AccountMemory,
  BranchList,
  ChangeReader,
  CheckoutAccess,
  CheckoutTokens,
  ConfigurationFile,
  ConfigurationFiles,
  ConfigurationReader,
  ConfigurationSurvey,
  DeliveryLog,
  FailedDelivery,
  ListedBranch,
  MergeOutcome,
  RepositoryFacts,
  RepositoryList,
  ShownRun,
  StateBuilder,
  TestMerge,
  UnreadableFile,
} from './code-host.ts';
export type { JobLogPart, JobLogs, JobLogWriter } from './job-logs.ts';
export type { Log } from './log.ts';
export type { DeliveryReader, Notice } from './notice.ts';
export type {
  CheckAnnotation,
  CheckConclusion,
  CheckRunContent,
  CheckRunWriter,
  CommentWriter,
  FoundCheckRun,
  StatusWriter,
} from './reporting.ts';
export type { ResponseCache } from './response-cache.ts';
export type {
  ConfigurationStanding,
  KeptStanding,
  StandingAnswer,
  StandingProblems,
  StandingSource,
} from './standing-problems.ts';
export type {
  Announcements,
  BuildRegister,
  BuildReport,
  BuildTicket,
  DeliveryStore,
  EffectLane,
  InboxEntry,
  NoteStore,
  RawDelivery,
  ReadTicket,
  RecordWrite,
  ReportAnswer,
  StoredEffect,
  StoredEvent,
  TenantStore,
  Timer,
  TimerStore,
  TurnCommit,
  TurnStart,
} from './state-store.ts';
export type {
  MessageCatalogue,
  MessageContext,
  MessageOutcome,
  QueueCount,
  QueueName,
  QueueWorker,
  WorkOptions,
  WorkQueue,
} from './work-queue.ts';

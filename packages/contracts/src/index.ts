export { type AdminAction, AdminBody, adminActions, readAdminBody } from './admin.ts';
export { DATA_BYTES_MAX, DEPTH_MAX } from './bounded-json.ts';
export {
  CallbackAnswer,
  type CallbackResult,
  callbackResults,
  ResultBody,
  type ResultReading,
  type ResultReport,
  readResultBody,
  readStartedBody,
  StartedBody,
  type StartedReport,
} from './callbacks.ts';
export { ErrorBody } from './common.ts';
export { type Dropped, FileComment } from './file-comments.ts';
export { CancelBody, LaunchBody } from './launch.ts';
export {
  AdminAnswer,
  BuildBody,
  BuildsetBody,
  BuildsetListBody,
  ConfigurationView,
  HealthBody,
  OverviewBody,
  ProblemView,
  ReadinessBody,
  StandingProblemView,
  ViewerBody,
} from './read-api.ts';
export type { Reading } from './reading.ts';
export {
  BuildsetView,
  BuildView,
  ChangeView,
  PipelineView,
  StatusBody,
  verdicts,
} from './status.ts';

export type {
  AppInput,
  AppResult,
  DeliveryRow,
  FileChange,
  FileChanges,
  OnPull,
  PullResult,
  RepositoryResult,
  RequestRow,
  SimActions,
  UserResult,
  Violation,
} from './actions/types.ts';
export type { SimClient, SimTick } from './client.ts';
export { createSimClient, SimClientError } from './client.ts';
export type { Fault, FaultInput } from './http/faults.ts';
export type { GithubSimOptions, SimClock } from './options.ts';
export type {
  CheckRunSummary,
  CheckRunView,
  Overview,
  PullRequestSummary,
  PullRequestView,
  RepositoryView,
} from './read-model.ts';
export type { DemoOptions, DemoResult } from './seed/demo.ts';
export {
  DEMO_EVENTS,
  DEMO_PERMISSIONS,
  openDemoPullRequests,
  seedDemo,
  seedDemoSite,
} from './seed/demo.ts';
export type { GithubSim } from './sim.ts';
export { createGithubSim } from './sim.ts';
export type { Permissions, ProtectionRecord, Role, RuleRecord } from './state/types.ts';

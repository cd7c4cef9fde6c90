/**
 * What the simulator remembers besides git objects: plain JSON records that survive a restart.
 * Times are ISO 8601 strings in UTC without milliseconds, as GitHub writes them.
 */

/** A person's right on a repository, weakest first. */
export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/** App permissions by GitHub's names, for example `{ checks: 'write' }`. */
export type Permissions = Readonly<Record<string, string>>;

export interface UserRecord {
  readonly id: number;
  login: string;
  name: string;
  email: string;
  readonly type: 'User' | 'Organization' | 'Bot';
  /** Bearer token of a person (`ghp_…`); empty for organisations and bots. */
  readonly token: string;
  /** Organisation members: user id to organisation role. */
  readonly members: Record<string, 'admin' | 'member'>;
  readonly createdAt: string;
}

export interface LabelRecord {
  readonly id: number;
  name: string;
  color: string;
  description: string;
}

/** Classic branch protection of one branch. */
export interface ProtectionRecord {
  requiredChecks: { context: string; appId: number | null }[];
  strict: boolean;
  requiredReviews: number;
  enforceAdmins: boolean;
}

/** One rule of a ruleset that applies to a branch, in GitHub's own words. */
export interface RuleRecord {
  readonly type: string;
  readonly parameters?: Record<string, unknown>;
}

export interface RepoRecord {
  readonly id: number;
  ownerId: number;
  name: string;
  private: boolean;
  description: string | null;
  defaultBranch: string;
  readonly forkOf: number | null;
  nextNumber: number;
  archived: boolean;
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  deleteBranchOnMerge: boolean;
  readonly collaborators: Record<string, Role>;
  readonly labels: LabelRecord[];
  readonly protections: Record<string, ProtectionRecord>;
  readonly rules: Record<string, RuleRecord[]>;
  /** App ids for which GitHub's automatic check suites are switched off. */
  suitesOff: number[];
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;
}

export interface AppRecord {
  readonly id: number;
  readonly slug: string;
  name: string;
  readonly clientId: string;
  readonly ownerId: number;
  readonly botId: number;
  publicKey: string;
  webhookUrl: string | null;
  webhookSecret: string;
  permissions: Permissions;
  events: string[];
  readonly createdAt: string;
}

export interface InstallationRecord {
  readonly id: number;
  readonly appId: number;
  readonly accountId: number;
  selection: 'all' | 'selected';
  repositoryIds: number[];
  permissions: Permissions;
  events: string[];
  suspendedAt: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface PullRecord {
  readonly id: number;
  readonly repoId: number;
  readonly number: number;
  title: string;
  body: string | null;
  readonly userId: number;
  state: 'open' | 'closed';
  draft: boolean;
  headRepoId: number | null;
  readonly headRef: string;
  /** Login of the head repository's owner when the pull request was opened. */
  readonly headLabel: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  labels: string[];
  readonly createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  mergedAt: string | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  /** null while unknown; computed after somebody looks. */
  mergeable: boolean | null;
}

export interface ReactionRecord {
  readonly id: number;
  readonly userId: number;
  readonly content: string;
  readonly createdAt: string;
}

export interface CommentRecord {
  readonly id: number;
  readonly repoId: number;
  readonly number: number;
  readonly userId: number;
  readonly appId: number | null;
  body: string;
  readonly reactions: ReactionRecord[];
  readonly createdAt: string;
  updatedAt: string;
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export interface ReviewRecord {
  readonly id: number;
  readonly repoId: number;
  readonly number: number;
  readonly userId: number;
  body: string;
  state: ReviewState;
  readonly commitId: string;
  submittedAt: string;
}

export interface StatusRecord {
  readonly id: number;
  readonly repoId: number;
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creatorId: number;
  readonly createdAt: string;
}

export interface SuiteRecord {
  readonly id: number;
  readonly repoId: number;
  readonly appId: number;
  readonly headSha: string;
  headBranch: string | null;
  before: string | null;
  /** True after "Re-run": the suite shows as queued until a run is made or changed. */
  requeued: boolean;
  /** What was last told as completed, so that each completion is told once. */
  toldConclusion: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface AnnotationRecord {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: string;
  readonly message: string;
  readonly title?: string;
  readonly raw_details?: string;
}

export interface CheckActionRecord {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

export interface RunRecord {
  readonly id: number;
  readonly suiteId: number;
  readonly repoId: number;
  readonly appId: number;
  readonly headSha: string;
  name: string;
  externalId: string;
  detailsUrl: string | null;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: AnnotationRecord[];
  actions: CheckActionRecord[];
  readonly createdAt: string;
}

export interface WorkflowRunRecord {
  readonly id: number;
  readonly repoId: number;
  readonly workflow: string;
  readonly number: number;
  readonly ref: string;
  readonly headSha: string;
  readonly inputs: Record<string, string>;
  readonly actorId: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

/** Everything that is saved to `state.json`. */
export interface SimState {
  readonly schema: 1;
  nextId: number;
  /** Signs installation tokens, so that they outlive a restart. */
  readonly tokenSecret: string;
  /** SHA-256 of installation tokens that were given back. */
  readonly revokedTokens: string[];
  readonly users: UserRecord[];
  readonly repos: RepoRecord[];
  readonly apps: AppRecord[];
  readonly installations: InstallationRecord[];
  readonly pulls: PullRecord[];
  readonly comments: CommentRecord[];
  readonly reviews: ReviewRecord[];
  readonly statuses: StatusRecord[];
  readonly suites: SuiteRecord[];
  readonly runs: RunRecord[];
  readonly workflowRuns: WorkflowRunRecord[];
}

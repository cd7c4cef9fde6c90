/**
 * The person side of the simulator: what people, administrators and test code do. The same
 * functions stand behind the library (`sim.act`), the control API (`POST /_sim/<name>`) and the
 * client (`createSimClient`). `repository` is always `OWNER/NAME`, `user` and `owner` are logins.
 */
import type { Fault, FaultInput } from '../http/faults.ts';
import type { Overview, PullRequestView } from '../read-model.ts';
import type {
  Permissions,
  ProtectionRecord,
  Role,
  RuleRecord,
  WorkflowRunRecord,
} from '../state/types.ts';

/** Contents of one file; null deletes it. `encoding: 'base64'` carries bytes. */
export type FileChange =
  | string
  | null
  | { readonly content: string; readonly encoding?: 'base64'; readonly executable?: boolean };
/** Path to contents. Files that start with `#!` are made executable. */
export type FileChanges = Readonly<Record<string, FileChange>>;

/** A pull request, by repository and number, and the person who acts. */
export interface OnPull {
  readonly repository: string;
  readonly number: number;
  readonly user: string;
}

/** A person's account. `token` is a bearer token for the API and for git. */
export interface UserResult {
  readonly id: number;
  readonly login: string;
  readonly token: string;
}

export interface RepositoryResult {
  readonly id: number;
  readonly repository: string;
  readonly defaultBranch: string;
  /** Tip of the default branch; null while the repository is empty. */
  readonly sha: string | null;
  readonly cloneUrl: string;
}

export interface AppInput {
  readonly slug: string;
  /** Chosen by the simulator when left out. */
  readonly id?: number;
  readonly name?: string;
  readonly clientId?: string;
  readonly owner?: string;
  /** PEM; a 2048-bit RSA key is made when left out. */
  readonly privateKey?: string;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

export interface AppResult {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly webhookUrl: string | null;
}

export interface PullResult {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly url: string;
}

/** One row of the delivery log. */
export interface DeliveryRow {
  readonly id: number;
  readonly guid: string;
  readonly app: string;
  readonly event: string;
  readonly action: string | null;
  /** `OK`, or what went wrong. */
  readonly status: string;
  readonly statusCode: number;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly repository: string | null;
  readonly payload: unknown;
}

/** One row of the log of API calls. */
export interface RequestRow {
  /** Counts from 1 and never restarts while the process lives. */
  readonly seq: number;
  readonly at: string;
  readonly method: string;
  /** Without the `/api/v3` prefix, with the query. */
  readonly path: string;
  /** OpenAPI operation, for example `checks/create`; null for unknown routes. */
  readonly operation: string | null;
  readonly status: number;
  readonly app: string | null;
  readonly installation: number | null;
  readonly body: unknown;
  /** `valid`, or what broke the official description. */
  readonly verdict: string;
  readonly fault: string | null;
  readonly durationMs: number;
}

/** A request or an answer that broke GitHub's rules. */
export interface Violation {
  readonly kind: 'request' | 'response' | 'webhook' | 'unknown_route' | 'misuse';
  readonly method: string;
  readonly path: string;
  readonly message: string;
}

/** Every action: input object to result. */
export interface SimActions {
  createUser(input: { login: string; name?: string; email?: string }): Promise<UserResult>;
  createOrganization(input: { login: string; name?: string }): Promise<UserResult>;
  setMember(input: {
    organization: string;
    user: string;
    role: 'admin' | 'member' | null;
  }): Promise<void>;
  createRepository(input: {
    owner: string;
    name: string;
    private?: boolean;
    description?: string;
    defaultBranch?: string;
    files?: FileChanges;
    user?: string;
  }): Promise<RepositoryResult>;
  editRepository(input: {
    repository: string;
    private?: boolean;
    archived?: boolean;
    allowMergeCommit?: boolean;
    allowSquashMerge?: boolean;
    allowRebaseMerge?: boolean;
    deleteBranchOnMerge?: boolean;
  }): Promise<void>;
  /** `permission: null` takes the person off the list. */
  setPermission(input: {
    repository: string;
    user: string;
    permission: Role | null;
  }): Promise<void>;
  setBranchProtection(input: {
    repository: string;
    branch: string;
    protection: Partial<ProtectionRecord> | null;
  }): Promise<void>;
  setBranchRules(input: {
    repository: string;
    branch: string;
    rules: readonly RuleRecord[];
  }): Promise<void>;

  registerApp(input: AppInput): Promise<AppResult>;
  editApp(input: {
    app: string;
    webhookUrl?: string | null;
    webhookSecret?: string;
    permissions?: Permissions;
    events?: readonly string[];
  }): Promise<void>;
  installApp(input: {
    app: string;
    owner: string;
    repositories?: 'all' | readonly string[];
  }): Promise<{ id: number }>;
  editInstallation(input: {
    installation: number;
    repositories?: 'all' | readonly string[];
    suspended?: boolean;
  }): Promise<void>;
  uninstallApp(input: { installation: number }): Promise<void>;

  forkRepository(input: {
    repository: string;
    owner: string;
    name?: string;
  }): Promise<RepositoryResult>;
  /** Commits on top of `branch`; a missing branch is made from `from` (default branch). */
  pushCommit(input: {
    repository: string;
    branch: string;
    user: string;
    files: FileChanges;
    message?: string;
    from?: string;
    /** Replaces the branch by a commit on `from` instead of adding one. */
    force?: boolean;
  }): Promise<{ sha: string }>;
  createBranch(input: {
    repository: string;
    branch: string;
    user: string;
    from?: string;
  }): Promise<{ sha: string }>;
  deleteBranch(input: { repository: string; branch: string; user: string }): Promise<void>;
  createTag(input: {
    repository: string;
    tag: string;
    user: string;
    from?: string;
  }): Promise<{ sha: string }>;
  deleteTag(input: { repository: string; tag: string; user: string }): Promise<void>;

  /** `head` is a branch of the repository, or `OWNER:branch` of a fork. */
  openPullRequest(input: {
    repository: string;
    user: string;
    head: string;
    base?: string;
    title: string;
    body?: string;
    draft?: boolean;
  }): Promise<PullResult>;
  editPullRequest(input: OnPull & { title?: string; body?: string; base?: string }): Promise<void>;
  setDraft(input: OnPull & { draft: boolean }): Promise<void>;
  closePullRequest(input: OnPull): Promise<void>;
  reopenPullRequest(input: OnPull): Promise<void>;
  comment(input: OnPull & { body: string }): Promise<{ id: number }>;
  editComment(input: {
    repository: string;
    comment: number;
    user: string;
    body: string;
  }): Promise<void>;
  deleteComment(input: { repository: string; comment: number; user: string }): Promise<void>;
  addLabels(input: OnPull & { labels: readonly string[] }): Promise<void>;
  removeLabel(input: OnPull & { label: string }): Promise<void>;
  /** `sha` defaults to the head. */
  review(
    input: OnPull & {
      event: 'approve' | 'request_changes' | 'comment';
      body?: string;
      sha?: string;
    },
  ): Promise<{ id: number }>;
  dismissReview(input: OnPull & { review: number; message: string }): Promise<void>;
  mergePullRequest(
    input: OnPull & { method?: 'merge' | 'squash' | 'rebase'; sha?: string },
  ): Promise<{ sha: string }>;

  /** "Re-run" on one check run. Needs write, as on GitHub. */
  rerunCheckRun(input: { repository: string; checkRun: number; user: string }): Promise<void>;
  /** "Re-run all checks": of one suite, or of every suite on the pull request's head. */
  rerunAllChecks(input: {
    repository: string;
    user: string;
    checkSuite?: number;
    number?: number;
  }): Promise<void>;
  /** Presses one of the buttons that a check run offers. Needs write, as on GitHub. */
  pressCheckAction(input: {
    repository: string;
    checkRun: number;
    identifier: string;
    user: string;
  }): Promise<void>;
  /** Plays the part of GitHub Actions for a dispatched run. */
  finishWorkflowRun(input: {
    repository: string;
    run: number;
    conclusion: string | null;
  }): Promise<void>;
  /** Dispatched workflow runs, newest first. */
  workflowRuns(input: { repository: string }): Promise<readonly WorkflowRunRecord[]>;

  overview(input?: { repository?: string }): Promise<Overview>;
  pullRequest(input: { repository: string; number: number }): Promise<PullRequestView>;
  readFile(input: {
    repository: string;
    path: string;
    ref?: string;
  }): Promise<{ content: string | null }>;
  /** Every ref of the repository with its object id. */
  refs(input: { repository: string }): Promise<Record<string, string>>;
  deliveries(input?: {
    app?: string;
    event?: string;
    limit?: number;
  }): Promise<readonly DeliveryRow[]>;
  /** Sends one delivery again, under its old GUID. */
  redeliver(input: { delivery: number }): Promise<void>;
  /** Calls with `seq` greater than `since`, oldest first. `total` counts all calls ever. */
  requests(input?: {
    since?: number;
    app?: string;
  }): Promise<{ total: number; requests: readonly RequestRow[] }>;
  violations(): Promise<readonly Violation[]>;
  clearViolations(): Promise<void>;

  addFault(input: FaultInput): Promise<{ id: number }>;
  /** Without `fault`, all of them. */
  clearFaults(input?: { fault?: number }): Promise<void>;
  faults(): Promise<readonly Fault[]>;
  setRateLimit(input: { installation: number; limit?: number; remaining?: number }): Promise<void>;
  /** Resolves when no webhook is under way and no mergeability is being computed. */
  settled(): Promise<void>;
}

/**
 * What the simulator's page, the CLI and the tests read: the same facts that GitHub's own pages
 * show. Shapes only; `read-model-build.ts` fills them.
 */
import type { AnnotationRecord, CheckActionRecord } from './state/types.ts';

/** Everything at a glance. */
export interface Overview {
  /** Grows by one with every change; equal numbers mean nothing changed. */
  readonly version: number;
  readonly url: string;
  readonly apiUrl: string;
  readonly users: readonly { login: string; type: string }[];
  readonly apps: readonly { id: number; slug: string; webhookUrl: string | null }[];
  readonly installations: readonly {
    id: number;
    app: string;
    owner: string;
    repositories: 'all' | readonly string[];
    suspended: boolean;
  }[];
  readonly repositories: readonly RepositoryView[];
}

export interface RepositoryView {
  readonly repository: string;
  readonly private: boolean;
  readonly defaultBranch: string;
  readonly forkOf: string | null;
  readonly pullRequests: readonly PullRequestSummary[];
}

export interface PullRequestSummary {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly head: string;
  readonly headSha: string;
  readonly base: string;
  readonly labels: readonly string[];
  readonly mergeable: boolean | null;
  readonly updatedAt: string;
  readonly checks: readonly CheckRunSummary[];
}

export interface CheckRunSummary {
  readonly id: number;
  readonly name: string;
  readonly app: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly detailsUrl: string | null;
  readonly externalId: string;
}

export interface CheckRunView extends CheckRunSummary {
  readonly headSha: string;
  readonly summary: string | null;
  readonly text: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  readonly annotations: readonly AnnotationRecord[];
  readonly actions: readonly CheckActionRecord[];
}

/** One pull request as its page shows it. */
export interface PullRequestView extends PullRequestSummary {
  readonly body: string | null;
  readonly url: string;
  readonly createdAt: string;
  readonly mergedBy: string | null;
  readonly mergeCommitSha: string | null;
  readonly commits: readonly { sha: string; message: string; author: string; date: string }[];
  readonly files: readonly {
    path: string;
    status: string;
    additions: number;
    deletions: number;
    patch: string | null;
  }[];
  readonly comments: readonly {
    id: number;
    author: string;
    body: string;
    createdAt: string;
    reactions: Readonly<Record<string, number>>;
  }[];
  readonly reviews: readonly {
    id: number;
    author: string;
    state: string;
    body: string;
    commitId: string;
    submittedAt: string;
  }[];
  /** Suites on the head commit with every run, newest first. */
  readonly suites: readonly {
    id: number;
    app: string;
    status: string;
    conclusion: string | null;
    runs: readonly CheckRunView[];
  }[];
  readonly statuses: readonly {
    context: string;
    state: string;
    description: string | null;
    targetUrl: string | null;
  }[];
  /** The box above the merge button. */
  readonly mergeBox: {
    readonly state: string;
    readonly canMerge: boolean;
    readonly reasons: readonly string[];
  };
}

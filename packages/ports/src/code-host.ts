/**
 * What the services need of the place that hosts the code, one small interface per consumer. The
 * adapter speaks GitHub; the words here are ours. Every method may throw a `GatehouseError`:
 * `GATE_GITHUB_UNAVAILABLE` or `GATE_GITHUB_RATE_LIMITED` (transient, after the adapter's own
 * retries), `GATE_GITHUB_PERMISSION` (the App lacks a permission, named in `details.permission`),
 * `GATE_GITHUB_REFUSED` (an answer that trying again will not change) or `GATE_GITHUB_NOT_FOUND`.
 */
import type {
  Approval,
  BuildsetId,
  CommitSha,
  Permission,
  ProposedChange,
  RepositoryKey,
} from '@gatehouse/model';

/** Reads the truth about changes; the engine's intake asks it for every event. */
export interface ChangeReader {
  /** Null: there is no such change, or the App may not see it. */
  readChange(repository: RepositoryKey, number: number): Promise<ProposedChange | null>;
  /** Open changes whose head is exactly this commit, by number. */
  findChangesByHead(repository: RepositoryKey, headSha: CommitSha): Promise<readonly number[]>;
  /** `none` when the person is unknown there. */
  readPermission(repository: RepositoryKey, login: string): Promise<Permission>;
  /** Approving reviews of exactly this head by people who may write, never by bots. */
  readApprovals(
    repository: RepositoryKey,
    number: number,
    headSha: CommitSha,
  ): Promise<readonly Approval[]>;
  /** Paths that the change touches; null when the host cannot list them all (over 3,000). */
  readChangedFiles(repository: RepositoryKey, number: number): Promise<readonly string[] | null>;
  /** Whether the repository can be seen by anybody, and its default branch. Null: not visible. */
  readRepository(repository: RepositoryKey): Promise<RepositoryFacts | null>;
  /** Newest run of each pipeline that this App shows on a commit. */
  readShownRuns(repository: RepositoryKey, headSha: CommitSha): Promise<readonly ShownRun[]>;
}

/** Told when what is remembered about an account may no longer hold. */
export interface AccountMemory {
  /** Forgets where the App is installed for this owner, so that it is asked again. */
  forgetAccount(login: string): void;
}

/** What intake needs to know of a repository. */
export interface RepositoryFacts {
  readonly repository: RepositoryKey;
  readonly isPublic: boolean;
  readonly defaultBranch: string;
}

/** A run of ours as the host shows it. */
export interface ShownRun {
  readonly buildset: BuildsetId;
  /** For example `gatehouse/check`. */
  readonly name: string;
  /** `app:name:conclusion`, as trigger patterns see it. */
  readonly description: string;
}

/** Reads configuration files. */
export interface ConfigurationReader {
  /**
   * The configuration files at a branch, tag or commit: the first existing of the names that
   * configuration may have. Costs one conditional request when nothing changed.
   * Null: no such repository or ref, or the App may not see it.
   */
  readConfiguration(repository: RepositoryKey, ref: string): Promise<ConfigurationFiles | null>;
}

/** Says where else configuration may stand. */
export interface ConfigurationSurvey {
  /**
   * The branches with their tips, in one conditional request, and no more than that request gives
   * (100). Null: no such repository, or the App may not see it.
   */
  listBranches(repository: RepositoryKey, which: 'all' | 'protected'): Promise<BranchList | null>;
  /** The repositories of this one's owner that the App may see, by name, up to a bound (300). */
  listRepositories(repository: RepositoryKey): Promise<RepositoryList>;
}

/** All configuration of one repository at one commit. */
export interface ConfigurationFiles {
  readonly repository: RepositoryKey;
  readonly ref: string;
  /**
   * Sorted by path; empty when the repository has none. A file that did not change may come as the
   * same object again, but need not.
   */
  readonly files: readonly ConfigurationFile[];
  /** What is there and was not read. Absent: nothing. */
  readonly unreadable?: readonly UnreadableFile[];
  /** Changes exactly when the files do, unreadable ones included. */
  readonly contentHash: string;
}

/** One file. */
export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
}

/** A file, or a folder, that is too large to be read. */
export interface UnreadableFile {
  readonly path: string;
  /** Goes on after the path: `is larger than 1 MiB`. */
  readonly complaint: string;
}

/** A branch as the host lists it. */
export interface ListedBranch {
  readonly name: string;
  readonly sha: CommitSha;
  /** True: not everybody who may write can push there as they like. */
  readonly isProtected: boolean;
}

/** Branches of a repository. */
export interface BranchList {
  /** In the host's order. */
  readonly branches: readonly ListedBranch[];
  /** False: there may be more. */
  readonly isComplete: boolean;
}

/** Repositories of one owner. */
export interface RepositoryList {
  readonly repositories: readonly RepositoryFacts[];
  /** False: there may be more. */
  readonly isComplete: boolean;
}

/** The merger's writes. */
export interface StateBuilder {
  /** The host's own test merge of a change. */
  readTestMerge(repository: RepositoryKey, number: number): Promise<TestMerge>;
  /** The tip of a branch; null when there is none. */
  readBranch(repository: RepositoryKey, branch: string): Promise<CommitSha | null>;
  /** Creates a branch at a commit, or moves it there when it exists. */
  placeBranch(repository: RepositoryKey, branch: string, sha: CommitSha): Promise<void>;
  /** Merges a commit into a branch; the message carries `[skip ci]`. */
  mergeInto(
    repository: RepositoryKey,
    branch: string,
    merge: { readonly headSha: CommitSha; readonly message: string },
  ): Promise<MergeOutcome>;
  /** Removes a branch; one that is gone already is no error. */
  removeBranch(repository: RepositoryKey, branch: string): Promise<void>;
}

/** What the host knows of merging a change. */
export type TestMerge =
  | { readonly code: 'computing' }
  | { readonly code: 'conflict' }
  | { readonly code: 'closed' }
  | {
      readonly code: 'merged';
      readonly ref: string;
      readonly sha: CommitSha;
      /** Parents of the merge commit: base first, head second. */
      readonly parents: readonly CommitSha[];
    };

/** How a merge into a branch went. */
export type MergeOutcome =
  | { readonly code: 'merged'; readonly sha: CommitSha }
  | { readonly code: 'nothing-to-merge' }
  | { readonly code: 'conflict'; readonly message: string }
  | { readonly code: 'missing' };

/** Access for a checkout of one repository. */
export interface CheckoutAccess {
  readonly cloneUrl: string;
  /** Reads the contents of that one repository and nothing else. A secret. */
  readonly token: string;
}

/** Hands out access for checkouts. */
export interface CheckoutTokens {
  /** A token narrowed to `contents: read` of exactly this repository. */
  openCheckout(repository: RepositoryKey): Promise<CheckoutAccess>;
}

/** A delivery that the host could not hand over. */
export interface FailedDelivery {
  /**
   * The host's name of the attempt, opaque. GitHub's have 64 bits and do not fit a number; they
   * come as decimal text.
   */
  readonly attemptId: string | number;
  readonly deliveryId: string;
  readonly event: string;
  /** Milliseconds since 1970. */
  readonly deliveredAt: number;
}

/** The host's own record of what it sent. */
export interface DeliveryLog {
  /**
   * Deliveries none of whose attempts succeeded, newest first, page by page (100 attempts each),
   * back to `since` (milliseconds since 1970).
   */
  listFailed(since: number): AsyncIterable<readonly FailedDelivery[]>;
  /** Asks for the delivery to be sent again, under the same delivery id. */
  redeliver(attemptId: string | number): Promise<void>;
}

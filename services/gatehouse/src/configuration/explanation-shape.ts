/** Why jobs run or do not, as plain data, and what decides it. */
import type { Layout } from '@gatehouse/layout';
import type { Reason } from '@gatehouse/model';

/** Everything that is printed. */
export interface Explanation {
  readonly repository: string;
  readonly branch: string;
  /** True: nobody asked for this branch. */
  readonly isBranchAssumed: boolean;
  readonly pull: ExplainedPull | null;
  readonly changedFiles: readonly string[] | null;
  /** Errors in the repository's own files. */
  readonly errors: number;
  /** Errors that the change brings, which stop all of its runs; each with its place. */
  readonly brought: readonly string[];
  readonly pipelines: readonly ExplainedPipeline[];
  /** Pipelines whose definition has an error. */
  readonly broken: readonly { readonly name: string; readonly place: string }[];
}

/** A pull request as far as it decides. */
export interface ExplainedPull {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly url: string;
  readonly isTrusted: boolean;
  /** The ground of trust, or that there is none, as a sentence. */
  readonly trust: string;
  /** False: it does not touch the configuration. */
  readonly hasOwnConfiguration: boolean;
  /** True: read as merged with its base. */
  readonly isMerged: boolean;
}

/** What decides: layouts, branch and files. */
export interface Decision {
  readonly repository: string;
  readonly branch: string;
  /** Null: not known, so no job is left out for its files. */
  readonly changedFiles: readonly string[] | null;
  readonly base: Layout;
  /** The layout with what the change proposes; null: it touches no configuration. */
  readonly own: Layout | null;
  /** True for a pull request, whose head may be one that is not trusted. */
  readonly isChange: boolean;
}

/** A pipeline with the decision about each of its jobs. */
export interface ExplainedPipeline {
  readonly name: string;
  readonly manager: string;
  /** Null: it is built in. */
  readonly definedAt: string | null;
  /** What keeps all of it from running, each with its place. */
  readonly problems: readonly string[];
  /** Why it has no jobs at all; null: it has some, or an error. */
  readonly nothing: string | null;
  readonly jobs: readonly DecidedJob[];
  /** What would be different for a head that nobody trusts. */
  readonly untrusted: readonly string[];
}

/** A job that was considered. */
export interface DecidedJob {
  readonly name: string;
  readonly decision: 'runs' | 'left-out' | 'error';
  /** Null: an error, which its pipeline tells. */
  readonly reason: Reason | null;
  /** The reason as a sentence. */
  readonly why: string;
  /** More about a reason that lets it run; null: there is none. */
  readonly because: string | null;
  readonly decidedAt: readonly string[];
  readonly listedAt: readonly string[];
  readonly madeOf: readonly { readonly name: string; readonly place: string }[];
  /** What is for other branches only. */
  readonly leftOut: readonly OtherPart[];
}

/** A variant, use or stanza that does not hold for the branch. */
export interface OtherPart {
  readonly name: string;
  readonly place: string;
  readonly branches: readonly string[];
}

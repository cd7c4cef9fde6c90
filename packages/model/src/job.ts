/** A job as it is frozen for one buildset: everything that running it needs, and nothing else. */
import type { JsonObject } from './json.ts';

/** Commands in a fresh checkout of the speculative state, each run by `bash -euo pipefail`. */
export interface CommandExecution {
  readonly kind: 'command';
  readonly preRun: readonly string[];
  readonly run: readonly string[];
  readonly postRun: readonly string[];
}

/** An external CI that is called over HTTP. */
export interface HttpExecution {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A dispatched GitHub Actions workflow. */
export interface WorkflowExecution {
  readonly kind: 'workflow';
  /** File name below `.github/workflows`. */
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Null: the speculative state's branch. */
  readonly ref: string | null;
  /** Null: the job's own repository. */
  readonly repository: string | null;
}

/** The built-in job that does nothing and succeeds. */
export interface NoopExecution {
  readonly kind: 'noop';
}

/** How a job runs. */
export type Execution = CommandExecution | HttpExecution | WorkflowExecution | NoopExecution;

/** The name of a way to run a job. */
export type ExecutionKind = Execution['kind'];

/** Another job of the same buildset that has to finish first. */
export interface JobDependency {
  readonly name: string;
  /** Soft: waited for when it is part of the run, ignored when it is not. */
  readonly isSoft: boolean;
}

/** One node of a frozen job graph. */
export interface FrozenJob {
  readonly name: string;
  readonly execution: Execution;
  readonly isVoting: boolean;
  /** Limit for preparation and main run together, in milliseconds; above 0. */
  readonly timeoutMs: number;
  /** Total tries when preparation fails or the runner is lost; at least 1. */
  readonly attempts: number;
  readonly dependencies: readonly JobDependency[];
  readonly vars: JsonObject;
  /** Names of the secrets it is given. */
  readonly secrets: readonly string[];
  /** True when the change itself adds or alters how this job executes. */
  readonly isAlteredByChange: boolean;
  /** Text that replaces the result's in reports; null: the result itself. */
  readonly successMessage: string | null;
  readonly failureMessage: string | null;
}

/** The jobs of one buildset in report order. Names are unique; dependencies name members only. */
export type JobGraph = readonly FrozenJob[];

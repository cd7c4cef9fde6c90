/** What the runner is given. */
import type {
  Announcements,
  BuildRegister,
  CheckoutTokens,
  Clock,
  JobLogs,
  Log,
  TenantStore,
  WorkQueue,
} from '@gatehouse/ports';

/** Takes secrets out of a stream of output that comes in pieces. */
export interface OutputScrubber {
  /** What may be shown of everything pushed so far. */
  push(chunk: Uint8Array): Uint8Array;
  /** What was held back at the end of the stream; the scrubber can be used for another one. */
  end(): Uint8Array;
}

/** What the operator decides about this runner. */
export interface RunnerSettings {
  /** Absolute path; workspaces are made below it, and sandboxed jobs never see it. */
  readonly dataDir: string;
  /** Base of the callback addresses, without a slash at its end. */
  readonly publicUrl: string;
  /** Command jobs at once, at least 1. */
  readonly concurrency: number;
  /** True when `GATEHOUSE_HTTP_ALLOW` names the origin of `url`. */
  isHttpAllowed(url: URL): boolean;
  /** A secret: keys of `http` jobs are derived from it. */
  readonly webhookSecret: string;
  /** Lets jobs of approved outside heads run although no sandbox works here. */
  readonly allowsUnsandboxedUntrusted: boolean;
  /** Environment of this host, of which jobs get a few harmless variables. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
}

/** Everything the runner reaches the outside through. */
export interface RunnerDeps {
  readonly queue: WorkQueue;
  readonly tenants: TenantStore;
  readonly builds: BuildRegister;
  readonly announcements: Announcements;
  readonly logs: JobLogs;
  readonly checkouts: CheckoutTokens;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: RunnerSettings;
  /** Between two questions whether a running build is still wanted. Default 5 s. */
  readonly heartbeatMs?: number;
  /** A scrubber that knows the service's own secrets and `secrets`. */
  scrubberFor(secrets: readonly string[]): OutputScrubber;
}

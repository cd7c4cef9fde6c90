/** Where and how a simulated GitHub runs. */
export interface GithubSimOptions {
  /** Folder for the bare repositories and the saved state; made when missing. */
  readonly dataDir: string;
  /** Listening address. Default `127.0.0.1`. */
  readonly host?: string;
  /** TCP port; 0 (default) takes a free one. */
  readonly port?: number;
  /** Base of every link in answers and payloads. Default `http://HOST:PORT`. */
  readonly publicUrl?: string;
  /** Source of time for every timestamp and expiry. Default: the system clock. */
  readonly clock?: SimClock;
  /** How long `mergeable` stays null after the first look at a changed pull request. Default 50. */
  readonly mergeabilityDelayMs?: number;
  /** Accepted values of X-GitHub-Api-Version, oldest (the default version) first. */
  readonly apiVersions?: readonly string[];
  /** Requests per hour and installation. Default 5,000, GitHub's smallest budget. */
  readonly rateLimit?: number;
  /** How long a webhook receiver may take. Default 10,000 as on github.com. */
  readonly webhookTimeoutMs?: number;
  /**
   * Holds webhook payloads to the description too. Default false: compiling their schemas takes
   * seconds, and the simulator's own tests do it.
   */
  readonly checkWebhooks?: boolean;
}

/** The only view of time that the simulator has. */
export interface SimClock {
  now(): Date;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | null;
  readonly clock: SimClock;
  readonly mergeabilityDelayMs: number;
  readonly apiVersions: readonly string[];
  readonly rateLimit: number;
  readonly webhookTimeoutMs: number;
  readonly checkWebhooks: boolean;
}

/** Fills in the defaults. */
export function resolveOptions(options: GithubSimOptions): ResolvedOptions {
  return {
    dataDir: options.dataDir,
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    publicUrl: options.publicUrl?.replace(/\/+$/, '') ?? null,
    clock: options.clock ?? { now: () => new Date() },
    mergeabilityDelayMs: options.mergeabilityDelayMs ?? 50,
    apiVersions: options.apiVersions ?? ['2022-11-28', '2026-03-10'],
    rateLimit: options.rateLimit ?? 5_000,
    webhookTimeoutMs: options.webhookTimeoutMs ?? 10_000,
    checkWebhooks: options.checkWebhooks ?? false,
  };
}

/** What the web role needs, all handed in. */
import type { BuildsetId, RepositoryKey, TenantId } from '@gatehouse/model';
import type {
  Announcements,
  BuildRegister,
  ChangeReader,
  Clock,
  DeliveryStore,
  JobLogs,
  Log,
  StandingProblems,
  TenantStore,
  WorkQueue,
} from '@gatehouse/ports';

/** Topic on which the engine announces that something people can see has changed. */
export const CHANGES_TOPIC = 'changes';

/** The operator's part. Holds secrets: never log it. */
export interface WebSettings {
  /** Base of every link, without a slash at its end. */
  readonly publicUrl: string;
  /** Null: the admin API and signing in are off. A secret. */
  readonly adminToken: string | null;
  /** True: strangers may see public repositories. */
  readonly isPublicDashboard: boolean;
  /** At least 16 bytes; signs session cookies. Every process of a service has the same. A secret. */
  readonly sessionKey: Uint8Array;
  /** Where the code host shows repositories to people, without a slash at its end. */
  readonly codeHostUrl: string;
  readonly version: string;
}

/** An administrator's wish to have a change run, whatever its pipeline requires. */
export interface EnqueueRequest {
  readonly repository: RepositoryKey;
  readonly number: number;
  readonly pipeline: string;
  /** One plain word that is the same when the same wish is sent again. */
  readonly requestId: string;
}

/** What became of it. */
export interface EnqueueAnswer {
  readonly code: 'accepted' | 'unknown-change' | 'not-in-pipeline';
}

/** Whether this process can do its work, and if not, why, in sentences for the operator. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** Ports and values. */
export interface WebDeps {
  readonly deliveries: Pick<DeliveryStore, 'countInbox'>;
  readonly tenants: TenantStore;
  readonly builds: BuildRegister;
  readonly standings: Pick<StandingProblems, 'list'>;
  readonly queue: WorkQueue;
  readonly logs: JobLogs;
  readonly announcements: Announcements;
  /** Asked whether a repository is public before strangers see an old run or a problem of it. */
  readonly changes: Pick<ChangeReader, 'readRepository'>;
  readonly clock: Clock;
  readonly log: Log;
  /** In Prometheus' text format. */
  renderMetrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  readiness(): Promise<Readiness>;
  /** Absent: this process cannot have a change run; the admin API answers 501. */
  enqueue?(request: EnqueueRequest): Promise<EnqueueAnswer>;
  /** Newest first. Absent: only live runs are listed. */
  recentBuildsets?(tenant: TenantId, buildsetsMax: number): Promise<readonly BuildsetId[]>;
  /** Where the built browser part is. When there is nothing, its pages say so. */
  readonly dashboardFolder: string;
  readonly settings: WebSettings;
}

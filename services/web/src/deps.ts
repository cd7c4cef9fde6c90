/** What the web role needs, all handed in. */
import type { AdminBody } from '@gatehouse/contracts';
import type { BuildsetId, TenantId } from '@gatehouse/model';
import type {
  Announcements,
  BuildRegister,
  ChangeReader,
  Clock,
  JobLogs,
  Log,
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
  readonly version: string;
}

/** What became of an administrator's wish to have a change run. `message` is shown to them. */
export type EnqueueAnswer =
  | { readonly code: 'accepted' }
  | { readonly code: 'unknown-change'; readonly message: string }
  | { readonly code: 'refused'; readonly message: string };

/** Whether this process can do its work, and if not, why, in sentences for the operator. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}

/** Ports and values. */
export interface WebDeps {
  readonly tenants: TenantStore;
  readonly builds: BuildRegister;
  readonly queue: WorkQueue;
  readonly logs: JobLogs;
  readonly announcements: Announcements;
  /** Asked whether a repository is still public before an old run of it is shown to strangers. */
  readonly changes: Pick<ChangeReader, 'readRepository'>;
  readonly clock: Clock;
  readonly log: Log;
  /** In Prometheus' text format. */
  renderMetrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  readiness(): Promise<Readiness>;
  /** Absent: this process cannot have a change run; the admin API answers 501. */
  enqueue?(request: AdminBody): Promise<EnqueueAnswer>;
  /** Newest first. Absent: only live runs are listed. */
  recentBuildsets?(tenant: TenantId, buildsetsMax: number): Promise<readonly BuildsetId[]>;
  readonly settings: WebSettings;
}

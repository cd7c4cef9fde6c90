import type {
  CheckRunWriter,
  Clock,
  Log,
  NoteStore,
  StatusWriter,
  TenantStore,
  WorkQueue,
} from '@gatehouse/ports';
import type { Metrics } from '@gatehouse/telemetry';

/** What the reporter works with. */
export interface ReporterDeps {
  readonly queue: WorkQueue;
  readonly tenants: TenantStore;
  readonly notes: NoteStore;
  readonly checkRuns: CheckRunWriter;
  readonly statuses: StatusWriter;
  readonly metrics: Pick<Metrics, 'reportGivenUp' | 'reportWritten'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Base of every link, without a slash at the end. */
  readonly publicUrl: string;
}

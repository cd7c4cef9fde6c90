/** Logs of jobs that run here. */
import type { BuildId } from '@gatehouse/model';

/** Writes one attempt's log; bounded, so that a job cannot fill the disk. */
export interface JobLogWriter extends AsyncDisposable {
  /** Resolves when more can be taken. */
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Part of a log. */
export interface JobLogPart {
  /** Whose log it is: the newest one's, or that of the attempt that was asked for. */
  readonly attempt: number;
  readonly bytes: Uint8Array;
  /** Where to go on reading, in bytes. */
  readonly nextOffset: number;
  /** True when the attempt is over and nothing follows. */
  readonly isComplete: boolean;
}

/** Keeps job logs, within bounds: old ones are removed, and are then as if they had never been. */
export interface JobLogs {
  openLog(build: BuildId, attempt: number): Promise<JobLogWriter>;
  /**
   * Null: there is no such log. @param attempt null: the newest that there is; another one may be
   * that by the next part, so whoever reads on names the part's. @param offset in bytes; beyond the
   * end it counts as the end.
   */
  readLog(build: BuildId, attempt: number | null, offset: number): Promise<JobLogPart | null>;
}

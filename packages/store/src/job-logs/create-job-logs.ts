/** Job logs as files, so that one process can write what another shows. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type BuildId, invariant } from '@gatehouse/model';
import type { JobLogPart, JobLogs, Log } from '@gatehouse/ports';
import { buildsetMemoryMs } from '../limits.ts';
import { isSafeSegment, logPaths, newestAttempt, whenMissing } from './log-paths.ts';
import { openLogWriter } from './log-writer.ts';
import { type LogRetention, sweepLogs } from './sweep-logs.ts';

/** Where logs are kept, and how much of each. */
export interface JobLogsOptions {
  /** Made when missing, for its owner only. */
  readonly dir: string;
  /** Of one attempt; default 10 MiB: four fifths for the beginning, one fifth for the end. */
  readonly bytesMax?: number;
  /** Default: {@link retentionDefault}. */
  readonly retention?: LogRetention;
  /** Default: the machine's. Milliseconds since 1970. */
  readonly now?: () => number;
  /** Is told what a sweep removed, and why one failed. */
  readonly log: Log;
}

/** More than anybody reads, little enough to keep for every job. */
const bytesMaxDefault = 10 * 1024 * 1024;

/**
 * As long as the page of a run is found, and a thousand logs of the largest size: a disk that holds
 * checkouts has room for that.
 */
const retentionDefault: LogRetention = {
  keepMs: buildsetMemoryMs,
  totalBytesMax: 10 * 1024 * 1024 * 1024,
};

/** Between two looks for old logs. They grow only by what is written, so a new log is the occasion. */
const sweepIntervalMs = 60 * 60 * 1_000;

/** One answer's worth. */
const partBytesMax = 1024 * 1024;

/** Keeps logs below a folder. */
export function createJobLogs(options: JobLogsOptions): JobLogs {
  const dir = resolve(options.dir);
  const bytesMax = options.bytesMax ?? bytesMaxDefault;
  invariant(bytesMax >= 5, 'a log has room for a beginning and an end');
  const tailBytes = Math.floor(bytesMax / 5);
  const budget = { headBytes: bytesMax - tailBytes, tailBytes };
  const sweepWhenDue = createSweeper(dir, options);
  return {
    openLog: (build, attempt) => {
      const paths = logPaths(dir, build, attempt);
      sweepWhenDue();
      return openLogWriter(paths, budget);
    },
    readLog: async (build, attempt, offset) => {
      if (!isSafeSegment(build)) return null;
      const newest = await newestAttempt(dir, build);
      const wanted = attempt ?? newest;
      if (wanted === null || newest === null || wanted < 1) return null;
      return readAttempt(dir, { build, attempt: wanted, isNewest: wanted === newest }, offset);
    },
  };
}

/** Sweeps beside what goes on, once an hour at most; a sweep that failed is tried with the next. */
function createSweeper(dir: string, options: JobLogsOptions): () => void {
  const { log, now = Date.now, retention = retentionDefault } = options;
  let dueAt = Number.NEGATIVE_INFINITY;
  return () => {
    const at = now();
    if (at < dueAt) return;
    dueAt = at + sweepIntervalMs;
    sweepLogs(dir, retention, at).then(
      (removed) => {
        if (removed > 0) log.info({ removed }, 'old job logs were removed');
      },
      (error: unknown) => log.warn({ err: error }, 'old job logs could not be removed'),
    );
  };
}

async function readAttempt(
  dir: string,
  which: { readonly build: BuildId; readonly attempt: number; readonly isNewest: boolean },
  offset: number,
): Promise<JobLogPart | null> {
  const { attempt } = which;
  const paths = logPaths(dir, which.build, attempt);
  const complete = await readPart(paths.complete, offset);
  if (complete !== null) return asPart(complete, { attempt, isOver: true });
  const part = await readPart(paths.part, offset);
  // An attempt that a newer one follows is over, even if its writer died.
  if (part !== null) return asPart(part, { attempt, isOver: !which.isNewest });
  // Closed between the two looks.
  const closed = await readPart(paths.complete, offset);
  return closed === null ? null : asPart(closed, { attempt, isOver: true });
}

interface FilePart {
  readonly bytes: Uint8Array;
  readonly nextOffset: number;
  readonly isAtEnd: boolean;
}

function asPart(
  { bytes, nextOffset, isAtEnd }: FilePart,
  { attempt, isOver }: { readonly attempt: number; readonly isOver: boolean },
): JobLogPart {
  return { attempt, bytes, nextOffset, isComplete: isAtEnd && isOver };
}

async function readPart(path: string, offset: number): Promise<FilePart | null> {
  const file = await open(path, 'r').catch(whenMissing);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const start = Math.min(Math.max(0, Math.trunc(offset)), size);
    const buffer = Buffer.alloc(Math.min(partBytesMax, size - start));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    const nextOffset = start + bytesRead;
    return {
      bytes: new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead),
      nextOffset,
      isAtEnd: nextOffset >= size,
    };
  } finally {
    await file.close();
  }
}

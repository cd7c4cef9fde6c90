/**
 * Writes one attempt's log. The beginning goes to disk as it comes, so that it can be read along;
 * once that is full the end is kept in memory and follows when the log is closed, after a line that
 * says how much is missing. A job that prints for hours costs a fixed amount of disk and memory,
 * and what it said first and last is there.
 *
 * Modes: open (file `ATTEMPT.part`) → closed (`ATTEMPT.log`). A process that dies leaves the part.
 */
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import type { JobLogWriter } from '@gatehouse/ports';
import { type LogPaths, whenMissing } from './log-paths.ts';
import { TailRing } from './tail-ring.ts';

/** How many bytes of a log's beginning and end are kept. */
export interface LogBudget {
  readonly headBytes: number;
  readonly tailBytes: number;
}

/** An end that starts within a line loses at most this much to start with a whole one. */
const brokenLineBytesMax = 4_096;
const newline = 0x0a;

/** Opens a log; one that the same attempt began before goes on where it ended. */
export async function openLogWriter(paths: LogPaths, budget: LogBudget): Promise<JobLogWriter> {
  await mkdir(paths.folder, { recursive: true, mode: 0o700 });
  await rename(paths.complete, paths.part).catch(whenMissing);
  const file = await open(paths.part, 'a+', 0o600);
  const { size } = await file.stat();
  const writer = new LogWriter({ file, paths, budget, size });
  return writer;
}

class LogWriter implements JobLogWriter {
  readonly #file: FileHandle;
  readonly #paths: LogPaths;
  readonly #headBytes: number;
  readonly #tail: TailRing;
  #size: number;
  /** Writes follow one another, also when callers do not wait. */
  #last: Promise<void> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(given: { file: FileHandle; paths: LogPaths; budget: LogBudget; size: number }) {
    this.#file = given.file;
    this.#paths = given.paths;
    this.#headBytes = given.budget.headBytes;
    this.#tail = new TailRing(given.budget.tailBytes);
    this.#size = given.size;
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#closed !== null) return Promise.reject(new Error('the log is closed'));
    const written = this.#last.then(() => this.#append(chunk));
    // A failed write is the caller's to see; the ones after it are tried all the same.
    this.#last = written.catch(() => undefined);
    return written;
  }

  close(): Promise<void> {
    this.#closed ??= this.#last.then(() => this.#finish());
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #append(chunk: Uint8Array): Promise<void> {
    const room = Math.max(0, this.#headBytes - this.#size);
    const head = chunk.subarray(0, room);
    if (head.length > 0) {
      await this.#file.appendFile(head);
      this.#size += head.length;
    }
    if (head.length < chunk.length) this.#tail.push(chunk.subarray(head.length));
  }

  async #finish(): Promise<void> {
    try {
      await this.#appendTail();
    } finally {
      await this.#file.close();
    }
    await rename(this.#paths.part, this.#paths.complete);
  }

  async #appendTail(): Promise<void> {
    let tail = this.#tail.read();
    if (tail.length === 0) return;
    let leftOut = this.#tail.bytesWritten - tail.length;
    // What an earlier run of this attempt put behind the beginning makes room.
    leftOut += Math.max(0, this.#size - this.#headBytes);
    if (this.#size > this.#headBytes) await this.#file.truncate(this.#headBytes);
    if (leftOut > 0) {
      const end = tail.subarray(0, brokenLineBytesMax).indexOf(newline);
      leftOut += end + 1;
      tail = tail.subarray(end + 1);
      await this.#file.appendFile(`\n[gatehouse: ${leftOut} bytes left out here]\n`);
    }
    await this.#file.appendFile(tail);
  }
}

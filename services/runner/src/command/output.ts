/**
 * The log of one attempt as the job and the runner write it: everything goes through the scrubber,
 * and a log that cannot be written any more costs the log, not the job.
 */
import type { JobLogWriter, Log } from '@gatehouse/ports';
import type { OutputScrubber } from '../deps.ts';

const NEWLINE = 10;

/** Where output goes. Calls follow one another: each is awaited before the next. */
export interface JobOutput {
  /** Raw output; resolves when more can be taken. */
  write(chunk: Uint8Array): Promise<void>;
  /** A line of the runner's own; begins on a new line. */
  line(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Writes to `writer`; a write that fails is logged once and what follows is dropped. */
export function createJobOutput(deps: {
  readonly writer: JobLogWriter;
  readonly scrubber: OutputScrubber;
  readonly log: Log;
}): JobOutput {
  const { writer, scrubber, log } = deps;
  let isLineOpen = false;
  let isBroken = false;

  async function pass(bytes: Uint8Array): Promise<void> {
    if (isBroken || bytes.length === 0) return;
    isLineOpen = bytes[bytes.length - 1] !== NEWLINE;
    await guard(() => writer.write(bytes));
  }

  async function guard(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      isBroken = true;
      log.warn({ err: error }, 'a job log cannot be written any further');
    }
  }

  async function line(text: string): Promise<void> {
    await pass(scrubber.end());
    const start = isLineOpen ? '\n' : '';
    await pass(scrubber.push(Buffer.from(`${start}${text}\n`)));
    await pass(scrubber.end());
  }

  return {
    write: (chunk) => (isBroken ? Promise.resolve() : pass(scrubber.push(chunk))),
    line,
    async close() {
      await pass(scrubber.end());
      await guard(() => writer.close());
    },
  };
}

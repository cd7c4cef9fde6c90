/**
 * A named pipe that takes the output of a program and of all that it starts.
 *
 * Modes: `pumping` while somebody may write → `draining` once the program has ended, until the pipe
 * is empty, nothing comes for a while, or the time for it is over → closed.
 */
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DRAIN_IDLE_MS, DRAIN_MAX_MS } from '../limits.ts';

const execFileAsync = promisify(execFile);

/** An open pipe. */
export interface OutputPipe {
  /** What the program gets as its output. */
  readonly writeFd: number;
  /** Once the program has its copy; as long as ours is open the pipe has no end. Twice is once. */
  closeOurEnd(): void;
  /** Takes what is left once the program has ended, within bounds, and removes the pipe. */
  drain(): Promise<void>;
}

/** Where the pipe is made, with which programs, and who takes what comes. */
export interface OutputPipeOptions {
  readonly path: string;
  readonly searchPath: string;
  write(chunk: Uint8Array): Promise<void>;
}

/** @throws Error when the pipe cannot be made or opened. */
export async function openOutputPipe(options: OutputPipeOptions): Promise<OutputPipe> {
  const { path, searchPath } = options;
  await execFileAsync('mkfifo', ['-m', '600', path], { env: { PATH: searchPath } });
  const { readFd, writeFd } = openBoth(path);
  const pump = startPump(new Socket({ fd: readFd, readable: true, writable: false }), options);
  let isOurEndOpen = true;
  return {
    writeFd,
    closeOurEnd() {
      if (isOurEndOpen) closeSync(writeFd);
      isOurEndOpen = false;
    },
    async drain() {
      await pump.drain();
      await rm(path, { force: true });
    },
  };
}

function openBoth(path: string): { readonly readFd: number; readonly writeFd: number } {
  // Reading first and without waiting, or either open would wait for the other.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(readFd);
    throw error;
  }
}

function startPump(reader: Socket, { write }: Pick<OutputPipeOptions, 'write'>) {
  let takenBytes = 0;
  let isWriting = false;
  let isLeft = false;
  const pumped = (async () => {
    try {
      for await (const chunk of reader) {
        takenBytes += chunk.length;
        isWriting = true;
        await write(chunk);
        isWriting = false;
      }
    } catch (error) {
      if (!isLeft) throw error;
    }
  })();
  // Whoever drains hears of a failure; until then it must not count as unhandled.
  pumped.catch(() => undefined);

  async function isOverSoon(): Promise<boolean> {
    const wait = new AbortController();
    const isOver = await Promise.race([
      pumped.then(() => true),
      pause(DRAIN_IDLE_MS, false, { signal: wait.signal }).catch(() => false),
    ]);
    wait.abort();
    // After a stall the timer comes before the output that has been there all along.
    await nextTurn();
    return isOver;
  }

  return {
    async drain(): Promise<void> {
      const giveUpAt = performance.now() + DRAIN_MAX_MS;
      let seen = -1;
      // Output that the log has not taken yet is no silence of the program.
      while ((isWriting || seen !== takenBytes) && performance.now() < giveUpAt) {
        seen = takenBytes;
        if (await isOverSoon()) return;
      }
      isLeft = true;
      reader.destroy();
      await pumped;
    },
  };
}

/** Job logs in memory, bounded as real ones are. */
import type { JobLogs } from '@gatehouse/ports';

/** The logs and what a test asks of them. */
export interface MemoryLogs extends JobLogs {
  /** What was kept of the newest log. */
  text(): string;
  /** Bytes that were offered to the newest log. */
  offeredBytes(): number;
  /** Resolves when the newest log holds `part`. */
  waitFor(part: string): Promise<void>;
}

/** @param bytesMax kept of each log; the rest is dropped. */
export function memoryLogs(bytesMax = 1_000_000): MemoryLogs {
  let kept = '';
  let offered = 0;
  let waiting: { part: string; resolve: () => void }[] = [];

  function settle(): void {
    waiting = waiting.filter(({ part, resolve }) => {
      if (!kept.includes(part)) return true;
      resolve();
      return false;
    });
  }

  return {
    text: () => kept,
    offeredBytes: () => offered,
    waitFor: (part) =>
      new Promise((resolve) => {
        waiting.push({ part, resolve });
        settle();
      }),
    async openLog() {
      kept = '';
      offered = 0;
      return {
        async write(chunk) {
          offered += chunk.length;
          const room = bytesMax - kept.length;
          if (room > 0) kept += Buffer.from(chunk).toString('latin1').slice(0, room);
          settle();
        },
        close: async () => undefined,
        [Symbol.asyncDispose]: async () => undefined,
      };
    },
    readLog: async () => null,
  };
}

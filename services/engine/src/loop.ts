/** A task that runs again and again, one run at a time, with a pause between runs. */
import type { Log } from '@gatehouse/ports';

/** Modes: stopped → running (start) → stopped (stop, which waits for the run in hand). */
export interface Loop {
  start(): void;
  /** Cuts the pause short; during a run, has another follow it at once. */
  wake(): void;
  stop(): Promise<void>;
}

/**
 * @param pauseMs between the end of a run and the start of the next; the first run is at once.
 * @param run what throws is logged, and the next run tries again.
 */
export function createLoop(pauseMs: number, run: () => Promise<void>, log: Log): Loop {
  let timer: NodeJS.Timeout | null = null;
  let inHand: Promise<void> = Promise.resolve();
  let isRunning = false;
  let isWoken = false;

  function schedule(delayMs: number): void {
    timer = setTimeout(() => {
      timer = null;
      isWoken = false;
      inHand = run()
        .catch((error: unknown) => log.warn({ err: error }, 'a periodic task failed'))
        .then(() => {
          if (isRunning) schedule(isWoken ? 0 : pauseMs);
        });
    }, delayMs);
  }

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      schedule(0);
    },
    wake() {
      if (!isRunning) return;
      isWoken = true;
      if (timer === null) return;
      clearTimeout(timer);
      schedule(0);
    },
    async stop() {
      isRunning = false;
      if (timer !== null) clearTimeout(timer);
      await inHand;
    },
  };
}

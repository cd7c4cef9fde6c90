/**
 * Reminders to write progress that came too soon after the last write. They are kept in memory
 * only: when the process dies with one, the next change of the run shows what it would have shown,
 * and the end of a run never waits for a reminder.
 */
import type { BuildsetId } from '@gatehouse/model';
import type { Log, MessageCatalogue, WorkQueue } from '@gatehouse/ports';

type ReportsMessage = MessageCatalogue['reports'];

/** At most one reminder per run. */
export interface WakeUps {
  /** Replaces the run's earlier reminder. */
  set(message: ReportsMessage, delayMs: number): void;
  forget(buildset: BuildsetId): void;
  /** Forgets all of them. */
  clear(): void;
}

/** No reminder is set yet. */
export function createWakeUps(queue: WorkQueue, log: Log): WakeUps {
  const timers = new Map<BuildsetId, NodeJS.Timeout>();

  function forget(buildset: BuildsetId): void {
    clearTimeout(timers.get(buildset));
    timers.delete(buildset);
  }

  // Writing happens in messages, because those of one run are worked on one at a time.
  function wake(message: ReportsMessage): void {
    timers.delete(message.buildset);
    queue.send('reports', message).catch((error: unknown) => {
      log.warn({ buildset: message.buildset, err: error }, 'a progress report was not asked for');
    });
  }

  return {
    set(message, delayMs) {
      forget(message.buildset);
      timers.set(message.buildset, setTimeout(wake, delayMs, message));
    },
    forget,
    clear() {
      for (const buildset of [...timers.keys()]) forget(buildset);
    },
  };
}

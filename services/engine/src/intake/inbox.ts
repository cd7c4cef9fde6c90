/**
 * Hands deliveries from the inbox to the queue `events`, oldest first, and clears them only when
 * the queue has them: each is handed on at least once, under its own id. Dying in between makes it
 * be handed on again, which the queue and intake take for the same delivery; so may two processes
 * that do this at once.
 *
 * Modes: stopped → resting ⇄ emptying → stopped. It is woken when something comes into an empty
 * inbox, and looks by itself now and then for what it was not told of.
 */
import type { DeliveryStore, Log, WorkQueue } from '@gatehouse/ports';
import { createLoop, type Loop } from '../loop.ts';

/** Deliveries handed on at once: bounds what a crash makes be handed on again. */
const ENTRIES_MAX = 100;

/** How long a delivery may lie when its announcement was missed, in milliseconds. */
const LOOK_INTERVAL_MS = 5_000;

/** What emptying the inbox works with. */
export interface InboxDeps {
  readonly deliveries: Pick<DeliveryStore, 'readInbox' | 'clearInbox' | 'watchInbox'>;
  readonly queue: Pick<WorkQueue, 'send'>;
  readonly log: Log;
}

/** Modes: stopped → running (start) → stopped (stop, which waits for what is in hand). */
export interface InboxRelay {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes it; nothing runs before `start`. */
export function createInboxRelay(deps: InboxDeps): InboxRelay {
  const loop: Loop = createLoop(LOOK_INTERVAL_MS, () => emptyInbox(deps), deps.log);
  let endWatching: (() => Promise<void>) | null = null;

  return {
    async start() {
      if (endWatching !== null) return;
      endWatching = await deps.deliveries.watchInbox(() => loop.wake());
      loop.start();
    },
    async stop() {
      const end = endWatching;
      endWatching = null;
      await end?.().catch((error: unknown) => {
        // Redis is away, and whoever closes the connection ends the watching with it.
        deps.log.debug({ err: error }, 'the inbox could not be left in order');
      });
      await loop.stop();
    },
  };
}

/** Until nothing is left. What comes in while the last look finds nothing is announced again. */
async function emptyInbox({ deliveries, queue }: InboxDeps): Promise<void> {
  for (;;) {
    const entries = await deliveries.readInbox(ENTRIES_MAX);
    if (entries.length === 0) return;
    await Promise.all(
      entries.map(({ deliveryId, event }) =>
        queue.send('events', { kind: 'delivery', deliveryId, event }),
      ),
    );
    await deliveries.clearInbox(entries);
  }
}

/**
 * Looking after a write. A message can be handed out a second time while its first worker still
 * waits for GitHub (its lock ran out while Redis was away), and GitHub keeps what arrives last, not
 * what was read last. So every write is noted before it goes out, under a name of its own, and
 * whoever has written looks afterwards, also after a failure, because a write whose answer was lost
 * may have happened: a note that carries another name says that somebody else wrote meanwhile, in
 * whichever order, and a record of another revision that something older was shown. Either way what
 * stands is asked to be shown once more. Whoever writes last looks last, so that it comes to rest
 * only with the newest state.
 */
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import { type Item, itemRecordKey, readItem } from '@gatehouse/pipeline';
import type { Log } from '@gatehouse/ports';
import type { ReporterDeps } from './deps.ts';

/** Between two tries of a look, milliseconds. */
const LOOK_PAUSE_MS = 1_000;

/** True when the item has changed since it was read. A record that expired has nothing to show. */
export async function hasMovedOn(deps: ReporterDeps, item: Item): Promise<boolean> {
  const [record] = await deps.tenants.readRecords(item.tenant, [itemRecordKey(item.buildset)]);
  return record != null && readItem(record).revision !== item.revision;
}

/** Looks that Redis did not let happen. */
export interface Looks {
  /** Looks now, and as long as Redis is away again and again in the background. */
  take(look: () => Promise<void>): Promise<void>;
  /** Forgets what is owed, for good. */
  clear(): void;
}

/**
 * Nothing is owed yet. Owed looks are kept in memory only: whoever has lost its message is the one
 * who knows that something older may be shown.
 */
export function createLooks(log: Log): Looks {
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;

  function owe(look: () => Promise<void>): void {
    if (isOver) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      look().catch((error: unknown) => failed(look, error));
    }, LOOK_PAUSE_MS);
    timers.add(timer);
  }

  function failed(look: () => Promise<void>, error: unknown): void {
    if (isHealedByTime(error)) owe(look);
    else log.error({ err: error }, 'what a report has written could not be looked after');
  }

  return {
    take: async (look) => {
      try {
        await look();
      } catch (error) {
        if (isHealedByTime(error)) owe(look);
        throw error;
      }
    },
    clear() {
      isOver = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

function isHealedByTime(error: unknown): boolean {
  return error instanceof GatehouseError && conductOf(kindOf(error)).isRetried;
}

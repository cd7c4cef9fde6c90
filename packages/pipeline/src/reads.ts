/**
 * Which records an event touches. The shell loads the first reads, then what they point to, and
 * hands exactly those to `step`: that is why a step costs the same in a tenant of any size.
 */
import { type BuildsetId, type ChangeKey, changeKey } from '@gatehouse/model';
import type { EngineEvent } from './events.ts';
import type { EngineState } from './state.ts';

/** Keys of records, by family. */
export interface RecordKeys {
  readonly changes: readonly ChangeKey[];
  readonly items: readonly BuildsetId[];
}

/** What the event itself names. */
export function firstReads(event: EngineEvent): RecordKeys {
  if (event.type !== 'ChangeObserved') return { changes: [], items: [event.buildset] };
  const items = event.button === null ? [] : [event.button.buildset];
  return { changes: [changeKey(event.change)], items };
}

/** What the records of the first reads point to. */
export function furtherReads(state: EngineState): RecordKeys {
  const items = Object.values(state.changes).flatMap((record) =>
    record.live.map((run) => run.buildset),
  );
  const changes = Object.values(state.items).map((item) => changeKey(item.change));
  return {
    items: items.filter((id) => state.items[id] === undefined),
    changes: changes.filter((key) => state.changes[key] === undefined),
  };
}

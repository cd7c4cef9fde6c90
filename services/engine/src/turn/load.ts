/** Loads the records that an event touches, and no others. */
import type { Json, TenantId } from '@gatehouse/model';
import {
  changeRecordKey,
  type EngineEvent,
  type EngineState,
  firstReads,
  furtherReads,
  itemRecordKey,
  type RecordKeys,
  readChangeRecord,
  readItem,
} from '@gatehouse/pipeline';
import type { TenantStore } from '@gatehouse/ports';

/** Records point at records: a change at its live items, an item at its change. */
const ROUNDS_MAX = 3;

/** State as it was stored, and as the turn has it so far. */
export interface LoadedState {
  readonly before: EngineState;
  readonly after: EngineState;
}

/** Adds to both states what the event needs and neither has yet. */
export async function loadFor(
  source: { readonly store: TenantStore; readonly tenant: TenantId },
  event: EngineEvent,
  known: LoadedState,
): Promise<LoadedState> {
  const asked = new Set<string>();
  let loaded = known;
  let wanted: RecordKeys = firstReads(event);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const missing = stillMissing(wanted, loaded.before, asked);
    if (missing.length === 0) return loaded;
    const records = await source.store.readRecords(source.tenant, missing);
    loaded = missing.reduce(
      (state, key, index) => added(state, key, records[index] ?? null),
      loaded,
    );
    wanted = furtherReads(loaded.after);
  }
  return loaded;
}

function stillMissing(wanted: RecordKeys, state: EngineState, asked: Set<string>): string[] {
  const keys = [
    ...wanted.changes.filter((key) => state.changes[key] === undefined).map(changeRecordKey),
    ...wanted.items.filter((id) => state.items[id] === undefined).map(itemRecordKey),
  ];
  const fresh = [...new Set(keys)].filter((key) => !asked.has(key));
  for (const key of fresh) asked.add(key);
  return fresh;
}

function added(state: LoadedState, key: string, stored: Json | null): LoadedState {
  if (stored === null) return state;
  if (key.startsWith('change/')) {
    const record = readChangeRecord(stored);
    const put = (view: EngineState): EngineState => ({
      ...view,
      changes: { ...view.changes, [record.key]: record },
    });
    return { before: put(state.before), after: put(state.after) };
  }
  const item = readItem(stored);
  const put = (view: EngineState): EngineState => ({
    ...view,
    items: { ...view.items, [item.buildset]: item },
  });
  return { before: put(state.before), after: put(state.after) };
}

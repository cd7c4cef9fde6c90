/** What a turn writes: exactly the records that differ from how they were loaded. */
import type { BuildsetId } from '@gatehouse/model';
import {
  asJson,
  type ChangeRecord,
  changeRecordKey,
  type Effect,
  type Item,
  isAtRest,
  itemRecordKey,
} from '@gatehouse/pipeline';
import type {
  EffectLane,
  RecordWrite,
  StoredEffect,
  TurnCommit,
  TurnStart,
} from '@gatehouse/ports';
import type { Folded } from './folded.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Runs that are over can be looked at for this long. */
export const FINISHED_KEPT_MS = 30 * DAY_MS;

/** How long after it was read a change can still be told of by an earlier reading. */
export const READING_KEPT_MS = DAY_MS;

/** Builds the commit of a folded turn. */
export function commitOf(folded: Folded, turn: TurnStart): TurnCommit {
  const { before, after } = folded;
  const items = Object.values(after.items).filter((item) => item !== before.items[item.buildset]);
  const changes = Object.values(after.changes).filter((one) => one !== before.changes[one.key]);
  const gone = Object.values(before.changes).filter((one) => after.changes[one.key] === undefined);
  return {
    expectedVersion: turn.version,
    consumed: turn.events.map((event) => event.id),
    writes: [
      ...items.map(itemWrite),
      ...changes.map(changeWrite),
      ...gone.map((one) => ({ key: changeRecordKey(one.key), body: null, timeToLiveMs: null })),
    ],
    effects: folded.effects.map(storedEffect),
    live: {
      added: items.filter((item) => item.verdict === null).map(idOf),
      removed: items.filter((item) => item.verdict !== null).map(idOf),
    },
  };
}

function itemWrite(item: Item): RecordWrite {
  const timeToLiveMs = item.verdict === null ? null : FINISHED_KEPT_MS;
  return { key: itemRecordKey(item.buildset), body: asJson(item), timeToLiveMs };
}

function changeWrite(record: ChangeRecord): RecordWrite {
  const restMs = isAtRest(record) ? READING_KEPT_MS : FINISHED_KEPT_MS;
  const timeToLiveMs = record.live.length > 0 ? null : restMs;
  return { key: changeRecordKey(record.key), body: asJson(record), timeToLiveMs };
}

function storedEffect(effect: Effect): StoredEffect {
  return { key: effect.key, lane: laneOf(effect), body: asJson(effect) };
}

function laneOf(effect: Effect): EffectLane {
  switch (effect.kind) {
    case 'PrepareItem':
    case 'ReleaseState':
      return 'merges';
    case 'LaunchBuild':
    case 'CancelBuild':
      return 'launches';
    case 'ReportItem':
      return 'reports';
    case 'SetTimer':
      return 'timers';
  }
}

function idOf(item: Item): BuildsetId {
  return item.buildset;
}

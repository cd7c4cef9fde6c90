/**
 * The engine: one event folded into the state. Pure, synchronous and total; it throws only when an
 * invariant of ours breaks, and then nothing of the step counts.
 */
import { assertNever, type BuildsetId, type Reason } from '@gatehouse/model';
import { takeBuildReport } from './build/report.ts';
import { reportItem } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { cleanUp, conclude, withoutLiveRun } from './item/conclude.ts';
import { nextItemPhase } from './item/machine.ts';
import { takePreparation } from './item/prepared.ts';
import { observeChange } from './observe.ts';
import type { EngineState, Item } from './state.ts';
import { begin, explain, type StepResult, storeItem, type Work, want } from './work.ts';

/**
 * @param state the records that `reads.ts` names for this event.
 * @returns the records as they are to be written, the effects, and the reasons for both.
 * @throws GatehouseError `GATE_INVARIANT`; the caller then wedges the item with {@link wedge}.
 */
export function step(state: EngineState, event: EngineEvent): StepResult {
  const work = begin(state, event.at);
  if (event.type === 'ChangeObserved') return observeChange(work, event);
  const item = state.items[event.buildset];
  if (item === undefined) return explain(work, unknownRun(event.buildset));
  switch (event.type) {
    case 'ItemPrepared':
      return takePreparation(work, item, event);
    case 'BuildStarted':
    case 'BuildCompleted':
    case 'BuildTimedOut':
      return takeBuildReport(work, item, event);
    case 'DequeueRequested':
      return dequeue(work, item, event.by);
    default:
      return assertNever(event);
  }
}

/**
 * Marks an item whose step broke an invariant: it is shown as an internal error and kept as it is,
 * and everything else goes on. Its builds are stopped, because nobody would take their results, and
 * its change can be run again.
 */
export function wedge(state: EngineState, event: EngineEvent, message: string): StepResult {
  const work = begin(state, event.at);
  const buildset = event.type === 'ChangeObserved' ? event.button?.buildset : event.buildset;
  if (buildset === undefined) return explain(work, { code: 'event-dropped', subject: event.id });
  const item = state.items[buildset];
  if (item === undefined) return explain(work, unknownRun(buildset));
  const phase = nextItemPhase(item.phase, 'wedge');
  if (phase === null) return explain(work, { code: 'item-is-over', subject: buildset });
  const reasons = [{ code: 'internal-error', subject: buildset, seen: message }];
  const wedged: Item = {
    ...item,
    phase,
    verdict: { outcome: 'internal-error', reasons },
    completedAt: event.at,
  };
  const shown = { ...wedged, revision: wedged.revision + 1 };
  const stored = storeItem(withoutLiveRun(work, item), wedged);
  return explain(want(stored, ...cleanUp(item), reportItem(shown)), ...reasons);
}

function dequeue(work: Work, item: Item, by: string): Work {
  const reason = { code: 'dequeued', subject: item.pipeline.name, seen: by };
  return conclude(work, item, { outcome: 'cancelled', reasons: [reason] });
}

function unknownRun(buildset: BuildsetId): Reason {
  return { code: 'unknown-run', subject: buildset };
}

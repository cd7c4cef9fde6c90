/**
 * What follows from hearing of a change. First the runs that no longer fit how the change stands
 * are taken out, then approvals are noted, then buttons and triggers put it into pipelines. It is
 * decided by how the change stands, not by which event told of it, so that doubled, late and
 * reordered events come to the same end.
 */
import type { PipelineDefinition } from '@gatehouse/layout';
import { changeKey, type Reason } from '@gatehouse/model';
import { admit, tellUndecided, trustOf } from './admit.ts';
import { pressButton } from './buttons.ts';
import type { ChangeObserved, PipelineFact } from './events.ts';
import { conclude } from './item/conclude.ts';
import { isUndecided, unmetRequirements } from './requirements.ts';
import { heldBy, isRecheck, mayRerun } from './rights.ts';
import { changeRecordOf, type LiveRun, withChange } from './state.ts';
import { matchTriggers } from './triggers.ts';
import { explain, type Work } from './work.ts';

/** The whole of one `ChangeObserved`. */
export function observeChange(start: Work, told: ChangeObserved): Work {
  const { work: noted, event } = withNewestReading(start, told);
  let work = forgetOldWaits(dropUnfitRuns(noted, event), event);
  if (event.button !== null) work = pressButton(work, event, event.button);
  else if (event.enqueueIn !== null) work = enqueueByHand(work, event, event.enqueueIn);
  else for (const fact of event.pipelines) work = consider(work, event, fact);
  return startWaiting(work, event);
}

/**
 * Events are read side by side and come in any order, so that one can carry a reading that another
 * has outdated. What it asks for still counts, of the change as the newest reading shows it.
 */
function withNewestReading(
  work: Work,
  event: ChangeObserved,
): { readonly work: Work; readonly event: ChangeObserved } {
  const { change } = event;
  if (change.kind !== 'proposed') return { work, event };
  const record = changeRecordOf(work.state, changeKey(change));
  const { newest } = record;
  if (newest === null || newest.at <= event.at) {
    const state = withChange(work.state, { ...record, newest: { at: event.at, change } });
    return { work: { ...work, state }, event };
  }
  const { headSha, isHeadInBase } = newest.change;
  const trust = event.trust === null ? null : { ...event.trust, headSha, isHeadInBase };
  return { work, event: { ...event, change: newest.change, trust } };
}

function dropUnfitRuns(start: Work, event: ChangeObserved): Work {
  let work = start;
  for (const run of changeRecordOf(start.state, changeKey(event.change)).live) {
    const item = work.state.items[run.buildset];
    const reason = item === undefined ? null : whyUnfit(run, event, item.pipeline);
    if (item === undefined || reason === null) continue;
    work = conclude(work, item, { outcome: 'cancelled', reasons: [reason] });
  }
  return work;
}

function whyUnfit(
  run: LiveRun,
  event: ChangeObserved,
  pipeline: PipelineDefinition,
): Reason | null {
  const { change } = event;
  if (change.kind !== 'proposed') return null;
  const wasClosed = run.baseRef !== null && !change.isOpen && wantsOpen(pipeline);
  if (wasClosed) return { code: 'change-closed', subject: pipeline.name };
  if (!pipeline.isDequeuedOnNewHead) return null;
  if (run.headSha !== change.headSha) {
    return { code: 'new-head', subject: pipeline.name, seen: change.headSha };
  }
  if (run.baseRef !== change.baseRef) {
    return { code: 'new-base', subject: pipeline.name, seen: change.baseRef };
  }
  return null;
}

/** A pipeline for closed or merged changes keeps them; from any other, closing takes them out. */
function wantsOpen(pipeline: PipelineDefinition): boolean {
  return pipeline.require?.isMerged !== true && pipeline.require?.isOpen !== false;
}

function forgetOldWaits(work: Work, event: ChangeObserved): Work {
  const { change } = event;
  const record = changeRecordOf(work.state, changeKey(change));
  const isGone = change.kind === 'proposed' && !change.isOpen;
  const waiting = record.waiting.filter((one) => !isGone && one.headSha === change.headSha);
  return { ...work, state: withChange(work.state, { ...record, waiting }) };
}

function consider(work: Work, event: ChangeObserved, fact: PipelineFact): Work {
  const { definition, takesPart } = fact;
  if (!takesPart) return work;
  const match = matchTriggers(definition.name, definition.triggers, event);
  if (match.filter === null) {
    const reasons = match.undecided;
    if (reasons.length === 0) return explain(work, ...match.reasons);
    return tellUndecided(work, event, { pipeline: definition, reasons });
  }
  if (isRerun(event) && !mayRerun(event.actor, event.change, definition)) {
    return explain(work, {
      code: 'rerun-not-permitted',
      subject: definition.name,
      seen: { ...heldBy(event.actor) },
    });
  }
  const trust = trustOf(work, event);
  const own = unmetRequirements({ ...match.filter, name: definition.name }, event, trust);
  if (own.length === 0) return admit(work, event, definition);
  if (!own.every(isUndecided)) return explain(work, ...own);
  return tellUndecided(work, event, { pipeline: definition, reasons: own });
}

function enqueueByHand(work: Work, event: ChangeObserved, pipeline: string): Work {
  const fact = event.pipelines.find((one) => one.definition.name === pipeline);
  if (fact?.takesPart === true) return admit(work, event, fact.definition);
  return explain(work, { code: 'not-in-pipeline', subject: pipeline });
}

function isRerun(event: ChangeObserved): boolean {
  return event.trigger.action === 'rerequested' || isRecheck(event.trigger.comment);
}

/** Starts what was waiting for trust, as soon as an event finds the head trusted. */
function startWaiting(start: Work, event: ChangeObserved): Work {
  if (!trustOf(start, event).isTrusted) return start;
  let work = start;
  for (const wait of changeRecordOf(start.state, changeKey(event.change)).waiting) {
    const fact = event.pipelines.find((one) => one.definition.name === wait.pipeline);
    if (fact?.takesPart === true) work = admit(work, event, fact.definition);
  }
  return work;
}

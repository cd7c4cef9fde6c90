/** The door of a pipeline: the pipeline's own conditions, and one run per head at a time. */
import type { PipelineDefinition } from '@gatehouse/layout';
import { changeKey, isMergeGroup, type Reason, type Trust } from '@gatehouse/model';
import type { ChangeObserved } from './events.ts';
import { conclude } from './item/conclude.ts';
import { askForTrust, tellMisconfigured } from './item/enqueue.ts';
import { managerOf } from './managers/manager.ts';
import { isUndecided, unmetRequirements } from './requirements.ts';
import { changeRecordOf, type LiveRun } from './state.ts';
import { judgeTrust } from './trust.ts';
import { explain, type Work } from './work.ts';

/** Lets a change into a pipeline, if the pipeline's own conditions hold. */
export function admit(work: Work, event: ChangeObserved, pipeline: PipelineDefinition): Work {
  const manager = managerOf(pipeline.manager);
  if (manager === null) {
    return explain(work, {
      code: 'manager-not-available',
      subject: pipeline.name,
      seen: pipeline.manager,
    });
  }
  const live = liveRunOf(work, event, pipeline);
  if (live !== undefined) {
    return explain(work, { code: 'already-live', subject: pipeline.name, seen: live.buildset });
  }
  const trust = trustOf(work, event);
  const unmet = isExempt(event, pipeline) ? [] : unmetRequirements(pipeline, event, trust);
  const admission = { event, pipeline, trust };
  if (unmet.length > 0) {
    // Lack of trust is the one condition that is shown: somebody can do something about it here.
    if (unmet.every(isUndecided)) return tellMisconfigured(work, admission, unmet);
    const isOnlyTrust = unmet.every((reason) => reason.code === 'requires-trusted-author');
    return isOnlyTrust ? askForTrust(work, admission) : explain(work, ...unmet);
  }
  return manager.admit(dropSuperseded(work, event, pipeline), admission);
}

/** What a pipeline's triggers cannot decide, and the pipeline. */
export interface Undecided {
  readonly pipeline: PipelineDefinition;
  readonly reasons: readonly Reason[];
}

/**
 * Tells that a pipeline's triggers cannot decide, where a change could get in that far: the run ends
 * as a configuration error. What a machine does again and again, such as concluding checks, is only
 * noted: each of our own runs would otherwise be answered with one more.
 */
export function tellUndecided(
  work: Work,
  event: ChangeObserved,
  { pipeline, reasons }: Undecided,
): Work {
  const live = liveRunOf(work, event, pipeline);
  const trust = trustOf(work, event);
  const unmet = isExempt(event, pipeline) ? [] : unmetRequirements(pipeline, event, trust);
  const isToBeShown = live === undefined && unmet.every(isUndecided) && !isOfMachine(event);
  if (!isToBeShown) return explain(work, ...reasons);
  return tellMisconfigured(work, { event, pipeline, trust }, [...reasons, ...unmet]);
}

function isOfMachine({ trigger }: ChangeObserved): boolean {
  return trigger.action === 'status' || trigger.action === 'completed';
}

/** A change of base counts as a new head. */
function liveRunOf(
  work: Work,
  { change }: ChangeObserved,
  { name }: PipelineDefinition,
): LiveRun | undefined {
  const baseRef = change.kind === 'proposed' ? change.baseRef : null;
  return changeRecordOf(work.state, changeKey(change)).live.find(
    (run) => run.pipeline === name && run.headSha === change.headSha && run.baseRef === baseRef,
  );
}

/**
 * An administrator's enqueue skips what the pipeline requires; trust is asked again per job. A merge
 * group is no proposed change, and conditions on one do not apply to it.
 */
function isExempt(event: ChangeObserved, pipeline: PipelineDefinition): boolean {
  return event.enqueueIn === pipeline.name || isMergeGroup(event.change);
}

function dropSuperseded(start: Work, event: ChangeObserved, pipeline: PipelineDefinition): Work {
  let work = start;
  for (const run of changeRecordOf(start.state, changeKey(event.change)).live) {
    const item = work.state.items[run.buildset];
    if (item === undefined || !pipeline.supercedes.includes(run.pipeline)) continue;
    const reason = { code: 'superseded', subject: run.pipeline, seen: pipeline.name };
    work = conclude(work, item, { outcome: 'cancelled', reasons: [reason] });
  }
  return work;
}

/** Trust in the head, with what was approved before. */
export function trustOf(work: Work, event: ChangeObserved): Trust {
  const { approvals } = changeRecordOf(work.state, changeKey(event.change));
  return judgeTrust(event.trust, approvals);
}

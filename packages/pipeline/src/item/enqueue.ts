/** Puts a change into a pipeline. */
import type { PipelineDefinition } from '@gatehouse/layout';
import { type BuildsetId, buildsetId, changeKey, type Reason, type Trust } from '@gatehouse/model';
import { prepareItem, reportItem } from '../effects.ts';
import type { ChangeObserved } from '../events.ts';
import { changeRecordOf, type Item, withChange, withItem, withWait } from '../state.ts';
import { explain, type Work, want } from '../work.ts';
import { conclude } from './conclude.ts';

/** Everything a new item is made of. */
export interface Admission {
  readonly event: ChangeObserved;
  readonly pipeline: PipelineDefinition;
  readonly trust: Trust;
}

/**
 * Makes a live item and has it shown and prepared. Its id follows from the event's seed and the
 * number of items the same event made before, so that taking the step again gives the same id.
 */
export function enqueue(start: Work, admission: Admission): Work {
  const { work, item } = newItem(start, admission);
  const key = changeKey(item.change);
  const record = changeRecordOf(work.state, key);
  const run = {
    buildset: item.buildset,
    pipeline: item.pipeline.name,
    headSha: item.change.headSha,
    baseRef: item.change.kind === 'proposed' ? item.change.baseRef : null,
  };
  const waiting = record.waiting.filter((one) => one.pipeline !== item.pipeline.name);
  const state = withItem(
    withChange(work.state, { ...record, live: [...record.live, run], waiting }),
    item,
  );
  return explain(want({ ...work, state }, reportItem(item), prepareItem(item)), {
    code: 'enqueued',
    subject: item.pipeline.name,
    seen: item.buildset,
  });
}

/**
 * Shows that a run needs a trusted head, without running anything, and remembers that the pipeline
 * waits for it. Shown once per head: a second event does not make a second run.
 */
export function askForTrust(start: Work, admission: Admission): Work {
  const key = changeKey(admission.event.change);
  const record = changeRecordOf(start.state, key);
  const wanted = { pipeline: admission.pipeline.name, headSha: admission.event.change.headSha };
  const isKnown = record.waiting.some(
    (one) => one.pipeline === wanted.pipeline && one.headSha === wanted.headSha,
  );
  if (isKnown) return explain(start, { code: 'waits-for-trust', subject: wanted.pipeline });
  const { work, item } = newItem(start, admission);
  const state = withItem(withWait(work.state, item), item);
  return conclude({ ...work, state }, item, trustVerdict(item));
}

/** Shows that nobody can say whether the change belongs into the pipeline, and runs nothing. */
export function tellMisconfigured(
  start: Work,
  admission: Admission,
  reasons: readonly Reason[],
): Work {
  const { work, item } = newItem(start, admission);
  const verdict = { outcome: 'misconfigured', reasons } as const;
  return conclude({ ...work, state: withItem(work.state, item) }, item, verdict);
}

/** What a run says that may not execute its head. */
export function trustVerdict(item: Item): NonNullable<Item['verdict']> {
  const author = item.trust.isTrusted ? '' : item.trust.author;
  return {
    outcome: 'action-required',
    reasons: [{ code: 'head-not-trusted', subject: item.change.headSha, seen: author }],
  };
}

/** The item, and the change remembering when its newest run came. */
function newItem(
  work: Work,
  { event, pipeline, trust }: Admission,
): { readonly work: Work; readonly item: Item } {
  const record = changeRecordOf(work.state, changeKey(event.change));
  // Events are read by several processes, whose clocks differ and are put back now and then.
  const enqueuedAt = Math.max(event.at, (record.lastEnqueuedAt ?? 0) + 1);
  const state = withChange(work.state, { ...record, lastEnqueuedAt: enqueuedAt });
  const item: Item = {
    schema: 1,
    buildset: nextBuildsetId(work, event.seed),
    tenant: event.tenant,
    pipeline,
    change: event.change,
    trust,
    cause: causeOf(event),
    phase: 'preparing',
    state: null,
    builds: [],
    selection: [],
    isDebug: false,
    problems: [],
    verdict: null,
    enqueuedAt,
    startedAt: null,
    completedAt: null,
    revision: 1,
  };
  return { work: { ...work, state }, item };
}

function nextBuildsetId(work: Work, seed: string): BuildsetId {
  let ordinal = 0;
  while (work.state.items[`${seed}-${ordinal}`] !== undefined) ordinal += 1;
  return buildsetId(`${seed}-${ordinal}`);
}

function causeOf({ trigger, actor, button }: ChangeObserved): string {
  const what = button === null ? trigger.event : `button ${button.identifier}`;
  const action = button === null && trigger.action !== null ? ` ${trigger.action}` : '';
  return `${what}${action} by ${actor.login}`;
}

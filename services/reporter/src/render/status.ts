/** From an item to its commit status, for pipelines that report a status. Pure. */
import type { PipelineDefinition } from '@gatehouse/layout';
import { assertNever } from '@gatehouse/model';
import type { Item, Outcome } from '@gatehouse/pipeline';
import { runTitle } from '../text.ts';
import { endReport } from './phase.ts';
import { SHOWN_PREFIX } from './run.ts';

/** Source: https://docs.github.com/rest/commits/statuses (observed: longer ones are refused). */
const DESCRIPTION_CHARS_MAX = 140;

/** A commit status. */
export interface RenderedStatus {
  readonly state: 'pending' | 'success' | 'failure';
  readonly context: string;
  readonly description: string;
  readonly targetUrl: string;
}

/** Null: the pipeline writes no status at this point. */
export function renderStatus(item: Item, publicUrl: string): RenderedStatus | null {
  const { pipeline, verdict } = item;
  const state =
    verdict === null
      ? (pipeline.reports.start?.status ?? null)
      : endStatus(pipeline, verdict.outcome);
  if (state === null) return null;
  const title = runTitle(item);
  return {
    state,
    context: `${SHOWN_PREFIX}${pipeline.name}`,
    description:
      title.length <= DESCRIPTION_CHARS_MAX
        ? title
        : `${title.slice(0, DESCRIPTION_CHARS_MAX - 1)}…`,
    targetUrl: `${publicUrl}/buildsets/${item.buildset}`,
  };
}

function endStatus(pipeline: PipelineDefinition, outcome: Outcome): RenderedStatus['state'] | null {
  const configured = endReport(pipeline, outcome)?.status ?? null;
  const wasPending = pipeline.reports.start?.status === 'pending';
  return configured === null && wasPending ? endOfPending(outcome) : configured;
}

/**
 * What follows a pending status where no reporter says more: a required status that stayed pending
 * would keep a change from ever being merged. Only a cancelled run is silent, because the run that
 * took over writes to the same context and must not be written over by its predecessor's end.
 */
function endOfPending(outcome: Outcome): RenderedStatus['state'] | null {
  switch (outcome) {
    case 'success':
    case 'skipped':
      return 'success';
    case 'action-required':
      return 'pending';
    case 'cancelled':
      return null;
    case 'failure':
    case 'timed-out':
    case 'conflict':
    case 'misconfigured':
    case 'internal-error':
      return 'failure';
    default:
      return assertNever(outcome);
  }
}

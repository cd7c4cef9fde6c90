/** From an item to its commit status, for pipelines that report a status. Pure. */
import type { PipelineDefinition } from '@gatehouse/layout';
import { assertNever } from '@gatehouse/model';
import type { Item, Outcome, Verdict } from '@gatehouse/pipeline';
import { runTitle } from '../text.ts';
import { endReport } from './phase.ts';
import { SHOWN_PREFIX } from './run.ts';

/** Source: https://docs.github.com/rest/commits/statuses (observed: longer ones are refused). */
const DESCRIPTION_CHARS_MAX = 140;

/**
 * Why a run ends whose successor writes to the same context of the same commit. Both are shown at
 * once: the end would only be seen for a moment, and cost a request. (An end that comes late is held
 * back by the note of the context, whatever its reason.)
 */
const handsOver: readonly string[] = ['rerun', 'new-base'];

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
    verdict === null ? (pipeline.reports.start?.status ?? null) : endStatus(pipeline, verdict);
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

function endStatus(
  pipeline: PipelineDefinition,
  { outcome, reasons }: Verdict,
): RenderedStatus['state'] | null {
  const configured = endReport(pipeline, outcome)?.status ?? null;
  const wasPending = pipeline.reports.start?.status === 'pending';
  if (configured !== null || !wasPending) return configured;
  const isTakenOver = reasons.some(({ code }) => handsOver.includes(code));
  return outcome === 'cancelled' && isTakenOver ? null : endOfPending(outcome);
}

/**
 * What follows a pending status where no reporter says more: a required status that stayed pending
 * would keep a change from ever being merged.
 */
function endOfPending(outcome: Outcome): RenderedStatus['state'] {
  switch (outcome) {
    case 'success':
    case 'skipped':
      return 'success';
    case 'action-required':
      return 'pending';
    case 'cancelled':
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

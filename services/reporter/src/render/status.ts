/** From an item to its commit status, for pipelines that report a status. Pure. */
import type { Item } from '@gatehouse/pipeline';
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
  const report =
    item.verdict === null
      ? item.pipeline.reports.start
      : endReport(item.pipeline, item.verdict.outcome);
  const state = report?.status ?? null;
  if (state === null) return null;
  const title = runTitle(item);
  return {
    state,
    context: `${SHOWN_PREFIX}${item.pipeline.name}`,
    description:
      title.length <= DESCRIPTION_CHARS_MAX
        ? title
        : `${title.slice(0, DESCRIPTION_CHARS_MAX - 1)}…`,
    targetUrl: `${publicUrl}/buildsets/${item.buildset}`,
  };
}

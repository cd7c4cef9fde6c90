import type { PipelineDefinition } from '@gatehouse/layout';
import type { Item, Outcome } from '@gatehouse/pipeline';
import { anItem, aPipeline, shownRuns } from '@gatehouse/pipeline/testing';
import { renderRun } from '../render/run.ts';

/** Base of every link. */
export const publicUrl = 'https://ci.example';

/** The check run of an item. */
export function shown(different: Partial<Item>, pipeline: Partial<PipelineDefinition> = {}) {
  const run = renderRun(
    anItem({ pipeline: aPipeline({ reports: shownRuns, ...pipeline }), ...different }),
    publicUrl,
  );
  if (run === null) throw new Error('the pipeline shows no run');
  return run;
}

/** What a person reads, as they read it. */
export function read(different: Partial<Item>, pipeline: Partial<PipelineDefinition> = {}): string {
  const { status, conclusion, title, summary, text, actions } = shown(different, pipeline);
  const buttons = actions.map((action) => `[${action.label}]`).join(' ');
  const parts = [`${status} ${conclusion ?? ''} | ${title} ${buttons}`.trim(), summary];
  return [...parts, ...(text === null ? [] : [text])].join('\n\n');
}

/** What is different about an item that is over. */
export function ended(outcome: Outcome, different: Partial<Item> = {}): Partial<Item> {
  const verdict = { outcome, reasons: [], ...different.verdict };
  return { phase: 'completed', startedAt: 2_000, completedAt: 9_000, ...different, verdict };
}

/** What a committed turn adds to the metrics; a refused one is counted when it is taken again. */
import type { Item } from '@gatehouse/pipeline';
import type { EngineMetrics } from '../deps.ts';
import type { Folded } from './folded.ts';

/** Counts the events of a turn, the builds that ended in it and the runs that it had to stop. */
export function count(metrics: EngineMetrics, folded: Folded): void {
  const { before, after, decisions, touched } = folded;
  for (const { event } of decisions) metrics.eventFolded(event.type);
  for (const buildset of touched) {
    const item = after.items[buildset];
    if (item !== undefined) countItem(metrics, before.items[buildset], item);
  }
}

function countItem(metrics: EngineMetrics, before: Item | undefined, after: Item): void {
  if (after.phase === 'wedged' && before?.phase !== 'wedged') metrics.runWedged();
  const ended = new Set(
    before?.builds.filter((build) => build.result !== null).map(({ id }) => id),
  );
  for (const { id, job, result } of after.builds) {
    if (result !== null && !ended.has(id)) metrics.buildEnded(result, job.execution.kind);
  }
}

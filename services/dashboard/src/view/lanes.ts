/** The overview as lanes: one for each pipeline, with its queues and what finished there lately. */
import type { BuildsetView, OverviewBody, PipelineView } from '@gatehouse/contracts';

/** Runs that wait for one another, or that just run beside each other. */
export interface Queue {
  /** Null: the runs share no queue. */
  readonly name: string | null;
  readonly runs: readonly BuildsetView[];
}

/** One pipeline. */
export interface Lane {
  /** The same for the same pipeline over time. */
  readonly key: string;
  readonly tenant: string;
  readonly name: string;
  readonly description: string | null;
  /** True where runs are tested on top of one another. */
  readonly isOrdered: boolean;
  /** Live runs, listed or not. */
  readonly liveCount: number;
  readonly queues: readonly Queue[];
  /** Live runs that are not listed. */
  readonly hiddenCount: number;
  /** Newest first. */
  readonly recent: readonly BuildsetView[];
}

/** Finished runs in one lane. */
export const RECENT_PER_LANE_MAX = 8;

/**
 * Every pipeline that has something to show, by tenant and name; a lane stays when its last live
 * run is over, so that nothing moves under the reader.
 *
 * @param before lanes of the last look: what a pipeline is for is told only while it has live runs
 */
export function lanesOf(
  { pipelines, recent }: OverviewBody,
  before: readonly Lane[] = [],
): readonly Lane[] {
  const lanes = new Map<string, Lane>();
  for (const pipeline of pipelines) {
    const lane = liveLane(pipeline);
    lanes.set(lane.key, lane);
  }
  for (const run of recent) {
    const key = keyOf(run.tenant, run.pipeline);
    const lane = lanes.get(key) ?? emptyLane(run.tenant, run.pipeline);
    const known = lane.recent.length >= RECENT_PER_LANE_MAX ? lane.recent : [...lane.recent, run];
    lanes.set(key, { ...lane, recent: known });
  }
  for (const { key, description } of before) {
    const lane = lanes.get(key);
    if (lane?.liveCount === 0) lanes.set(key, { ...lane, description });
  }
  return [...lanes.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function liveLane(pipeline: PipelineView): Lane {
  const { tenant, name, description, manager, items, items_count } = pipeline;
  return {
    key: keyOf(tenant, name),
    tenant,
    name,
    description,
    isOrdered: manager === 'dependent' || manager === 'serial',
    liveCount: items_count,
    queues: queuesOf(items),
    hiddenCount: items_count - items.length,
    recent: [],
  };
}

function emptyLane(tenant: string, name: string): Lane {
  return {
    key: keyOf(tenant, name),
    tenant,
    name,
    description: null,
    isOrdered: false,
    liveCount: 0,
    queues: [],
    hiddenCount: 0,
    recent: [],
  };
}

/** In the order in which the first run of each came; runs without a queue are one group. */
function queuesOf(items: readonly BuildsetView[]): readonly Queue[] {
  const queues = new Map<string | null, BuildsetView[]>();
  for (const item of items) {
    const runs = queues.get(item.queue);
    if (runs === undefined) queues.set(item.queue, [item]);
    else runs.push(item);
  }
  return [...queues].map(([name, runs]) => ({ name, runs }));
}

function keyOf(tenant: string, pipeline: string): string {
  return `${tenant} ${pipeline}`;
}

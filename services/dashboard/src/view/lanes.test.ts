import { expect, test } from 'vitest';
import { overviewOf, pipelineView, runView } from '../testing/views.ts';
import { lanesOf, RECENT_PER_LANE_MAX } from './lanes.ts';

const over = (id: string, pipeline = 'check') =>
  runView({ id, pipeline, phase: 'completed', verdict: 'success', finished_at_ms: 1 });

test('a pipeline stays where it was when its last run is over', () => {
  const before = lanesOf(overviewOf([pipelineView(), pipelineView({ name: 'gate' })]));
  const after = lanesOf(overviewOf([pipelineView({ name: 'gate' })], [over('run-1')]));

  expect(before.map(({ name }) => name)).toEqual(['check', 'gate']);
  expect(after.map(({ name }) => name)).toEqual(['check', 'gate']);
  expect(after[0]).toMatchObject({ liveCount: 0, recent: [{ id: 'run-1' }] });
});

test('what a pipeline is for is still told when nothing runs in it any more', () => {
  const before = lanesOf(overviewOf([pipelineView({ description: 'Tests changes.' })]));

  const [lane] = lanesOf(overviewOf([], [over('run-1')]), before);

  expect(lane?.description).toBe('Tests changes.');
});

test('runs are grouped by their queue, in the order in which the queues began', () => {
  const items = [
    runView({ id: 'a', queue: 'web' }),
    runView({ id: 'b', queue: 'api' }),
    runView({ id: 'c', queue: 'web' }),
  ];

  const [lane] = lanesOf(overviewOf([pipelineView({ manager: 'dependent', items })]));

  expect(lane?.isOrdered).toBe(true);
  expect(lane?.queues.map(({ name, runs }) => [name, runs.map(({ id }) => id)])).toEqual([
    ['web', ['a', 'c']],
    ['api', ['b']],
  ]);
});

test('a lane lists so many finished runs and counts the live ones that are not listed', () => {
  const many = Array.from({ length: RECENT_PER_LANE_MAX + 5 }, (_one, at) => over(`run-${at}`));

  const [lane] = lanesOf(overviewOf([pipelineView({ items_count: 120 })], many));

  expect(lane?.recent).toHaveLength(RECENT_PER_LANE_MAX);
  expect(lane?.recent[0]?.id).toBe('run-0');
  expect(lane?.hiddenCount).toBe(119);
});

test('pipelines of one name stay apart by their tenants', () => {
  const lanes = lanesOf(overviewOf([pipelineView(), pipelineView({ tenant: 'beta' })]));

  expect(lanes.map(({ key }) => key)).toEqual(['acme check', 'beta check']);
});

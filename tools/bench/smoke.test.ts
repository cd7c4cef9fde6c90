/** Each benchmark runs and gives figures. Which figures, a test cannot say. */
import { expect, test } from 'vitest';
import { measureEngine } from './engine/benchmark.ts';
import { measureIngress } from './ingress/benchmark.ts';
import { measureFlood } from './ingress/flood.ts';
import { measureLatency } from './latency/benchmark.ts';
import { layoutBenchmark } from './layout/benchmark.ts';

const PATIENCE_MS = 120_000;

test('ingress: every server takes the same webhook', { timeout: PATIENCE_MS }, async () => {
  const variants = ['stock', 'gatehouse', 'probot'];
  const options = { rounds: 1, durationMs: 50, warmUpRequests: 20, connections: 4, variants };

  const figures = await measureIngress(options);

  expect([...figures.values()].flat().map((one) => one.perSecond > 0)).toEqual([true, true, true]);
});

test('flood: forged webhooks are refused and counted', { timeout: PATIENCE_MS }, async () => {
  const figures = await measureFlood('gatehouse', 200);

  expect(figures.requests).toBe(200);
  expect(figures.heapBytesAfter).toBeGreaterThan(0);
});

test('engine: turns and steps are timed', { timeout: PATIENCE_MS }, async () => {
  const figures = await measureEngine({ rounds: 1, sizes: [3, 20], turns: 2, steps: 2 });

  expect([...figures.keys()]).toEqual(['3', '20']);
  expect([...figures.values()].flat().every((one) => one.turnUs > 0 && one.stepUs > 0)).toBe(true);
});

test('layout: loading, reloading and freezing are timed', { timeout: PATIENCE_MS }, async () => {
  const { data } = await layoutBenchmark({ names: ['layout'], rounds: 1, isQuick: true });

  expect(data).toEqual({
    cold: expect.any(Number),
    load: [expect.any(Number)],
    reload: [expect.any(Number)],
    freeze: expect.arrayContaining([expect.any(Number)]),
  });
});

test('latency: a pull request leads to a check run', { timeout: PATIENCE_MS }, async () => {
  const [figures] = await measureLatency(1);

  expect(figures?.createMs).toBeGreaterThan(0);
  expect(figures?.callsInAll).toBeGreaterThan(figures?.callsBefore ?? 0);
});

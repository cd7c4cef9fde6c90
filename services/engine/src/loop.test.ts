import { recordingLog } from '@gatehouse/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLoop } from './loop.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('runs at once and then after each pause, one run at a time', async () => {
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  const loop = createLoop(1_000, run, recordingLog());

  loop.start();
  loop.start();
  await vi.advanceTimersByTimeAsync(0);
  const atOnce = runs;
  await vi.advanceTimersByTimeAsync(3_000);
  await loop.stop();

  expect([atOnce, runs]).toEqual([1, 4]);
});

it('goes on after a run that failed, and says so', async () => {
  let runs = 0;
  const log = recordingLog();
  const loop = createLoop(
    1_000,
    async () => {
      runs += 1;
      throw new Error('away');
    },
    log,
  );

  loop.start();
  await vi.advanceTimersByTimeAsync(1_000);
  await loop.stop();

  expect(runs).toBe(2);
  expect(log.lines.map((line) => line.level)).toEqual(['warn', 'warn']);
});

it('stops after the run in hand, and runs no more', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let runs = 0;
  const loop = createLoop(
    1_000,
    () => {
      runs += 1;
      return promise;
    },
    recordingLog(),
  );
  loop.start();
  await vi.advanceTimersByTimeAsync(0);

  const stopping = loop.stop();
  resolve();
  await stopping;
  await vi.advanceTimersByTimeAsync(10_000);

  expect(runs).toBe(1);
});

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSteps } from './steps.mjs';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function record() {
  const lines: string[] = [];
  return { lines, steps: createSteps({ write: (text) => lines.push(text.trimEnd()) }) };
}

test('a step says when it begins and how long it took', async () => {
  const { lines, steps } = record();

  const step = steps.step('Fetching', () => vi.advanceTimersByTimeAsync(1500));
  await step;

  expect(lines).toEqual(['[  0.0s] Fetching …', '[  1.5s] Fetching: done in 1.5 s']);
});

test('a silent step shows that it lives every three seconds', async () => {
  const { lines, steps } = record();

  await steps.step('Fetching', () => vi.advanceTimersByTimeAsync(7000));

  expect(lines.filter((line) => line.includes('still at it'))).toHaveLength(2);
});

test('a step that prints needs no sign of life', async () => {
  const { lines, steps } = record();

  await steps.step('Fetching', async () => {
    for (let i = 0; i < 4; i += 1) {
      await vi.advanceTimersByTimeAsync(2000);
      steps.print('a line of npm');
    }
  });

  expect(lines.filter((line) => line.includes('still at it'))).toEqual([]);
});

test('a step that fails does not claim to be done', async () => {
  const { lines, steps } = record();

  const step = steps.step('Fetching', () => Promise.reject(new Error('no')));

  await expect(step).rejects.toThrow('no');
  expect(lines).toEqual(['[  0.0s] Fetching …']);
});

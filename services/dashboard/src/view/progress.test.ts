import { expect, test } from 'vitest';
import { buildView, doneView } from '../testing/views.ts';
import { progressOf } from './progress.ts';

test('the bar begins with what failed and ends with what waits', () => {
  const builds = [
    buildView({ phase: 'waiting' }),
    doneView('SUCCESS'),
    buildView(),
    doneView('FAILURE'),
    doneView('SUCCESS'),
  ];

  const progress = progressOf(builds);

  expect(progress.parts).toEqual([
    { tone: 'bad', count: 1 },
    { tone: 'good', count: 2 },
    { tone: 'running', count: 1 },
    { tone: 'still', count: 1 },
  ]);
  expect(progress.text).toBe('3 of 5 jobs done, 1 failed');
});

test.each([
  [[], 'Choosing jobs'],
  [[buildView()], '0 of 1 job done'],
])('%# is told in words', (builds, text) => {
  expect(progressOf(builds).text).toBe(text);
});

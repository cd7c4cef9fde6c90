import { expect, test } from 'vitest';
import { buildView, doneView, runView } from '../testing/views.ts';
import { statusOfBuild, statusOfRun } from './status.ts';

test('a run that can only fail says so while other jobs still go on', () => {
  const run = runView({ builds: [doneView('FAILURE'), buildView({ job: 'slow' })] });

  expect(statusOfRun(run)).toMatchObject({ word: 'Failing', tone: 'bad' });
});

test('a job without a vote does not make a run fail', () => {
  const run = runView({ builds: [doneView('FAILURE', { voting: false }), buildView()] });

  expect(statusOfRun(run).word).toBe('Running');
});

test('a run whose jobs all still wait is queued', () => {
  const run = runView({ builds: [buildView({ phase: 'waiting' })] });

  expect(statusOfRun(run).word).toBe('Queued');
});

test.each([
  ['preparing', 'Preparing'],
  ['wedged', 'Stopped'],
] as const)('a run that is %s is %s', (phase, word) => {
  expect(statusOfRun(runView({ phase, builds: [] })).word).toBe(word);
});

test.each([
  ['success', 'Passed'],
  ['action_required', 'Needs approval'],
  ['conflict', 'Merge conflict'],
] as const)('the verdict %s is %s', (verdict, word) => {
  expect(statusOfRun(runView({ phase: 'completed', verdict })).word).toBe(word);
});

test('a job is told by its result, else by its phase', () => {
  const builds = [
    doneView('SUCCESS'),
    doneView('TIMED_OUT'),
    buildView({ phase: 'launched' }),
    buildView({ phase: 'waiting' }),
  ];

  expect(builds.map((build) => statusOfBuild(build).word)).toEqual([
    'Passed',
    'Timed out',
    'Starting',
    'Waiting',
  ]);
});

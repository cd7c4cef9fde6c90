import { describe, expect, test } from 'vitest';
import { checkTime, newestRuns, totalOf } from './check-words.ts';
import { TEST_NOW_MS, testPull, testRun } from './testing.ts';

const done = (conclusion: string) => ({ status: 'completed', conclusion }) as const;

describe('all checks in one sentence', () => {
  test.each([
    [[done('success'), done('success')], 'All checks have passed', '2 successful checks'],
    [
      [done('success'), done('skipped')],
      'All checks have passed',
      '1 successful, 1 neutral checks',
    ],
    [
      [done('success'), done('timed_out')],
      'Some checks were not successful',
      '1 failing, 1 successful checks',
    ],
    [[done('action_required')], 'Some checks wait for a decision', '1 waiting check'],
    [
      [done('success'), { status: 'in_progress', conclusion: null } as const],
      'Some checks haven’t completed yet',
      '1 in progress, 1 successful checks',
    ],
    [[done('a conclusion of tomorrow')], 'All checks have completed', '1 neutral check'],
  ])('%j', (runs, headline, counts) => {
    expect(totalOf(runs, [])).toMatchObject({ headline, counts });
  });

  test('a pending status counts like a run that has not ended', () => {
    const status = { context: 'ci', state: 'pending', description: null, targetUrl: null };

    expect(totalOf([done('success')], [status])?.tone).toBe('wait');
  });

  test('without checks there is nothing to say', () => {
    expect(totalOf([], [])).toBeNull();
  });
});

describe('one check', () => {
  test.each([
    [testRun(), 'Successful in 4s'],
    [testRun({ conclusion: 'failure' }), 'Failing after 4s'],
    [testRun({ conclusion: 'action_required' }), 'Action required'],
    [testRun({ conclusion: 'cancelled', startedAt: null }), 'Cancelled'],
    [testRun({ status: 'queued', conclusion: null }), 'Queued'],
  ])('the time of %#', (run, words) => {
    expect(checkTime(run, TEST_NOW_MS).markup).toBe(words);
  });

  test('a running check has a stopwatch', () => {
    const run = testRun({ status: 'in_progress', conclusion: null, completedAt: null });

    expect(checkTime(run, TEST_NOW_MS).markup).toMatch(/^In progress — <time .*>1m 00s<\/time>$/s);
  });

  test('of several runs of a name the newest counts', () => {
    const runs = [testRun({ id: 3 }), testRun({ id: 2, name: 'other' }), testRun({ id: 1 })];

    expect(newestRuns(testPull({}, runs).suites).map((run) => run.id)).toEqual([3, 2]);
  });
});

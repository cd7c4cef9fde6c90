import { describe, expect, test } from 'vitest';
import { renderSummary } from './outcome.ts';
import { errorFilter, isBelow } from './type-check.ts';
import { type Report, tally } from './vitest-run.ts';

const green: Report = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
};

describe('the closing line', () => {
  test('stands alone at the very end and adds up all checks', () => {
    const text = renderSummary([
      { name: 'Biome', passed: 0, failed: 1, summary: 'see above' },
      { name: 'vitest', passed: 7, failed: 2, summary: '7 tests passed, 2 failed' },
    ]);

    expect(text.trimEnd().split('\n').at(-1)).toBe('7 passed, 3 failed');
    expect(text).toContain('FAILED  Biome   see above');
  });
});

describe('counting a test run', () => {
  test('a green run has no failures', () => {
    expect(tally(green, { code: 0, mayBeEmpty: false })).toMatchObject({ passed: 3, failed: 0 });
  });

  test('a file that did not load is a failure although none of its tests failed', () => {
    const report = { ...green, testResults: [{ status: 'failed', assertionResults: [] }] };

    expect(tally(report, { code: 1, mayBeEmpty: false })).toMatchObject({ passed: 3, failed: 1 });
  });

  test('a failed test is counted once, not once more for its file', () => {
    const report = {
      ...green,
      numFailedTests: 1,
      testResults: [{ status: 'failed', assertionResults: [{ status: 'failed' }] }],
    };

    expect(tally(report, { code: 1, mayBeEmpty: false })).toMatchObject({ failed: 1 });
  });

  test('an error outside every test is a failure', () => {
    expect(tally(green, { code: 1, mayBeEmpty: false })).toMatchObject({ passed: 3, failed: 1 });
  });

  test('a run without tests fails unless it may be empty', () => {
    const empty = { ...green, numPassedTests: 0, testResults: [] };

    expect(tally(empty, { code: 0, mayBeEmpty: false })).toMatchObject({ passed: 0, failed: 1 });
    expect(tally(empty, { code: 0, mayBeEmpty: true })).toMatchObject({ passed: 0, failed: 0 });
  });

  test('a run without a report fails unless it may be empty', () => {
    expect(tally(undefined, { code: 0, mayBeEmpty: false }).failed).toBe(1);
    expect(tally(undefined, { code: 1, mayBeEmpty: true }).failed).toBe(1);
    expect(tally(undefined, { code: 0, mayBeEmpty: true }).failed).toBe(0);
  });

  test('skipped tests are named, not counted as passed', () => {
    const report = { ...green, numPassedTests: 1, numPendingTests: 2 };

    expect(tally(report, { code: 0, mayBeEmpty: false })).toMatchObject({
      passed: 1,
      summary: '1 tests passed, 0 failed, 2 skipped',
    });
  });
});

describe('type errors of one path', () => {
  const lines = [
    'packages/github/src/a.ts(1,2): error TS1: wrong',
    '  because of this',
    'packages/github-sim/src/a.ts(1,2): error TS1: wrong',
    '  because of that',
    'error TS5: no file at all',
  ];

  test('are those below the path, with their explanation, and those of no file', () => {
    const kept = lines.filter(errorFilter(['packages/github']));

    expect(kept).toEqual([lines[0], lines[1], lines[4]]);
  });

  test('are all of them when no path is given', () => {
    expect(lines.filter(errorFilter([]))).toEqual(lines);
  });

  test('a folder does not contain its longer-named neighbour', () => {
    expect(isBelow('packages/github-sim/a.ts', 'packages/github')).toBe(false);
    expect(isBelow('packages/github/a.ts', 'packages/github')).toBe(true);
    expect(isBelow('anything', '')).toBe(true);
  });
});

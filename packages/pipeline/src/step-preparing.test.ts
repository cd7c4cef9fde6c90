import { describe, expect, it } from 'vitest';
import {
  aBuildReport,
  aJob,
  anItemPrepared,
  codes,
  fakeSha,
  kinds,
  live,
  newestItem,
  observed,
  prepared,
  runSteps,
} from './testing/builders.ts';

describe('preparing', () => {
  const ends = [
    ['a conflict ends the run as one', 'conflict', 'conflict'],
    ['a change that moved on ends it as cancelled', 'gone', 'cancelled'],
    ['a state that cannot be built ends it as failed', 'failed', 'failure'],
  ] as const;

  for (const [name, code, outcome] of ends) {
    it(name, () => {
      const result = runSteps(
        () => observed(),
        (state) => prepared(newestItem(state), { code, message: 'why', ownedBranch: null }),
      );

      expect(newestItem(result.state).verdict?.outcome).toBe(outcome);
      expect(live(result.state)).toBe(0);
    });
  }

  it('removes the branch that was made for it when the run is over', () => {
    const state = {
      ref: 'refs/heads/gatehouse/check/x',
      sha: fakeSha('c'),
      baseSha: null,
      ownedBranch: 'gatehouse/check/x',
    };

    const result = runSteps(
      () => observed(),
      (before) => anItemPrepared(newestItem(before), [aJob('a')], { state }),
      (before) => aBuildReport(newestItem(before), 'a', 'SUCCESS'),
    );

    expect(kinds(result.effects)).toEqual(['ReleaseState', 'ReportItem']);
  });

  for (const isDebug of [true, false]) {
    it(`keeps that reports ${isDebug ? 'list' : 'do not list'} why jobs were chosen`, () => {
      const result = runSteps(
        () => observed(),
        (before) => anItemPrepared(newestItem(before), [aJob('a')], { isDebug }),
      );

      expect(newestItem(result.state).isDebug).toBe(isDebug);
    });
  }

  it('without any job that applies is shown as skipped, so that nobody waits for it', () => {
    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), []),
    );

    expect(newestItem(result.state).verdict).toMatchObject({
      outcome: 'skipped',
      reasons: [{ code: 'no-jobs' }],
    });
  });

  it('ends with the problems of a configuration that cannot be used, each with its place', () => {
    const problem = {
      level: 'error',
      code: 'unknown-key',
      message: 'no such key',
      remedy: null,
      repository: 'acme/api',
      branch: 'main',
      path: '.gatehouse.yaml',
      range: null,
    } as const;
    const range = { startLine: 3, startColumn: 5, endLine: 3, endColumn: 8 };

    const result = runSteps(
      () => observed(),
      (state) =>
        prepared(newestItem(state), {
          code: 'misconfigured',
          problems: [
            problem,
            { ...problem, range },
            { ...problem, range, branch: 'stable' },
            { ...problem, range, repository: 'acme/.gatehouse', branch: null },
          ],
          ownedBranch: null,
        }),
    );

    const { problems, verdict } = newestItem(result.state);
    expect(problems).toHaveLength(4);
    expect(verdict?.outcome).toBe('misconfigured');
    expect(verdict?.reasons.map(({ subject }) => subject)).toEqual([
      '.gatehouse.yaml',
      '.gatehouse.yaml:3',
      '.gatehouse.yaml:3 on stable',
      'acme/.gatehouse .gatehouse.yaml:3',
    ]);
  });

  it('that answers late with a branch of which the run makes no use has it removed', () => {
    const state = {
      ref: 'refs/heads/gatehouse/check/bs',
      sha: fakeSha('d'),
      baseSha: fakeSha('b'),
      ownedBranch: 'gatehouse/check/bs',
    };

    const result = runSteps(
      () => observed(),
      (before) => anItemPrepared(newestItem(before), [aJob('a')]),
      (before) => anItemPrepared(newestItem(before), [aJob('a')], { state }),
    );

    expect(kinds(result.effects)).toEqual(['ReleaseState']);
  });

  it('that answers twice is taken once', () => {
    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [aJob('a')]),
      (state) => anItemPrepared(newestItem(state), [aJob('a')]),
    );

    expect(result.effects).toEqual([]);
    expect(codes(result)).toEqual(['item-is-over']);
  });
});

import { invariant } from '@gatehouse/model';
import { describe, expect, it } from 'vitest';
import type { EngineState } from './state.ts';
import { step } from './step.ts';
import {
  aBuildReport,
  aBuildStart,
  aJob,
  anItemPrepared,
  codes,
  kinds,
  newestItem,
  observed,
  overHttp,
  runSteps,
} from './testing/builders.ts';

describe('jobs', () => {
  it('start as soon as what they depend on succeeded', () => {
    const build = aJob('build');
    const test = aJob('test', { dependencies: [{ name: 'build', isSoft: false }] });

    const first = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [build, test]),
    );
    const second = step(first.state, aBuildReport(newestItem(first.state), 'build', 'SUCCESS'));

    expect(kinds(first.effects)).toEqual(['LaunchBuild', 'ReportItem']);
    expect(kinds(second.effects)).toEqual(['LaunchBuild', 'ReportItem']);
    expect(newestItem(second.state).builds.map((one) => one.phase)).toEqual([
      'completed',
      'launched',
    ]);
  });

  it('are skipped when what they depend on failed, and the run fails once', () => {
    const chain = [
      aJob('a'),
      aJob('b', { dependencies: [{ name: 'a', isSoft: false }] }),
      aJob('c', { dependencies: [{ name: 'b', isSoft: false }] }),
    ];

    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), chain),
      (state) => aBuildReport(newestItem(state), 'a', 'FAILURE'),
    );

    const item = newestItem(result.state);
    expect(item.builds.map((one) => one.result)).toEqual(['FAILURE', 'SKIPPED', 'SKIPPED']);
    expect(item.verdict).toEqual({
      outcome: 'failure',
      reasons: [{ code: 'job-failed', subject: 'a', seen: 'FAILURE' }],
    });
  });

  it('that do not vote do not decide', () => {
    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [aJob('a'), aJob('b', { isVoting: false })]),
      (state) => aBuildReport(newestItem(state), 'b', 'FAILURE'),
      (state) => aBuildReport(newestItem(state), 'a', 'SUCCESS'),
    );

    expect(newestItem(result.state).verdict?.outcome).toBe('success');
  });

  it('that are built in and do nothing succeed at once', () => {
    const noop = aJob('noop', { execution: { kind: 'noop' } });

    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [noop]),
    );

    expect(newestItem(result.state).verdict?.outcome).toBe('success');
    expect(kinds(result.effects)).toEqual(['ReportItem']);
  });

  it('that all ran out of time make the run timed out, not merely failed', () => {
    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [aJob('a')]),
      (state) => aBuildReport(newestItem(state), 'a', 'TIMED_OUT'),
    );

    expect(newestItem(result.state).verdict?.outcome).toBe('timed-out');
  });

  it('that want another try get it until their attempts are used up', () => {
    const job = aJob('a', { attempts: 2 });
    const again = (attempt: number) => (state: EngineState) =>
      aBuildReport(newestItem(state), 'a', { result: 'RETRY', attempt, detail: 'no network' });

    const second = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [job]),
      again(1),
    );
    const over = step(second.state, again(2)(second.state));

    expect(kinds(second.effects)).toEqual(['LaunchBuild', 'ReportItem']);
    expect(newestItem(second.state).builds[0]).toMatchObject({ attempt: 2, phase: 'launched' });
    expect(newestItem(over.state).builds[0]).toMatchObject({
      result: 'RETRY_LIMIT',
      detail: 'no network',
    });
  });

  it('ignore reports of an attempt that does not count any more', () => {
    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [aJob('a')]),
      (state) => aBuildReport(newestItem(state), 'a', 'RETRY'),
      (state) => aBuildReport(newestItem(state), 'a', { result: 'SUCCESS', attempt: 1 }),
    );

    expect(codes(result)).toEqual(['stale-report']);
    expect(newestItem(result.state).builds[0]?.phase).toBe('launched');
  });

  it('over http get a timer when they are accepted, and are stopped when it fires', () => {
    const job = aJob('a', { execution: overHttp, timeoutMs: 5_000 });

    const started = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [job]),
      (state) => aBuildStart(newestItem(state), 'a'),
    );
    const timer = started.effects.find((effect) => effect.kind === 'SetTimer');
    invariant(timer?.kind === 'SetTimer', 'a timer is set');
    const over = step(started.state, timer.event);

    expect(timer.dueAt).toBe((newestItem(started.state).builds[0]?.startedAt ?? 0) + 5_000);
    expect(kinds(over.effects)).toEqual(['CancelBuild', 'ReportItem']);
    expect(newestItem(over.state).builds[0]?.result).toBe('TIMED_OUT');
  });

  it('that report twice count once', () => {
    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [aJob('a'), aJob('b')]),
      (state) => aBuildReport(newestItem(state), 'a', 'SUCCESS'),
      (state) => aBuildReport(newestItem(state), 'a', 'FAILURE'),
    );

    expect(newestItem(result.state).builds[0]?.result).toBe('SUCCESS');
    expect(codes(result)).toEqual(['stale-report']);
  });
});

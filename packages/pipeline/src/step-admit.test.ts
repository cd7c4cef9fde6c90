import { describe, expect, it } from 'vitest';
import { emptyState } from './state.ts';
import { step } from './step.ts';
import {
  aChange,
  aFilter,
  aJob,
  anItemPrepared,
  aPipeline,
  codes,
  kinds,
  newestItem,
  noRequirement,
  noTrigger,
  observed,
  runSteps,
} from './testing/builders.ts';

describe('a change enters a pipeline', () => {
  it('when a trigger matches: the run is shown and its state is asked for', () => {
    const result = runSteps(() => observed());

    expect(newestItem(result.state)).toMatchObject({ phase: 'preparing', verdict: null });
    expect(kinds(result.effects)).toEqual(['ReportItem', 'PrepareItem']);
    expect(Object.values(result.state.changes)[0]?.live).toHaveLength(1);
  });

  it('not when the repository takes no part in it', () => {
    const pipelines = [{ definition: aPipeline(), takesPart: false }];

    const result = runSteps(() => observed({ pipelines }));

    expect(result).toMatchObject({ state: emptyState, effects: [] });
  });

  it('not when no trigger matches, and the miss is named', () => {
    const triggers = [aFilter({ actions: ['closed'] })];
    const pipelines = [{ definition: aPipeline({ triggers }), takesPart: true }];

    const result = runSteps(() => observed({ pipelines }));

    expect(result.effects).toEqual([]);
    expect(result.reasons).toEqual([
      { code: 'trigger-action-differs', subject: 'check', seen: 'opened', expected: ['closed'] },
    ]);
  });

  it('once per head: a second event while it is live starts nothing', () => {
    const result = runSteps(
      () => observed(),
      () => observed(),
    );

    expect(result.effects).toEqual([]);
    expect(codes(result)).toEqual(['already-live']);
  });

  it('again after its run is over', () => {
    const result = runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), []),
      () => observed({ trigger: { ...noTrigger, action: 'comment', comment: 'recheck' } }),
    );

    expect(Object.keys(result.state.items)).toHaveLength(2);
    expect(kinds(result.effects)).toEqual(['ReportItem', 'PrepareItem']);
  });

  it('not when its manager cannot be run by this version, and that is said', () => {
    const pipelines = [{ definition: aPipeline({ manager: 'dependent' }), takesPart: true }];

    const result = runSteps(() => observed({ pipelines }));

    expect(result.effects).toEqual([]);
    expect(codes(result)).toEqual(['manager-not-available']);
  });

  it('by an administrator whatever it requires', () => {
    const require = { ...noRequirement, labels: ['ready'] };
    const pipelines = [{ definition: aPipeline({ require }), takesPart: true }];
    const trigger = { ...noTrigger, event: 'admin' };

    const result = runSteps(() => observed({ pipelines, trigger, enqueueIn: 'check' }));

    expect(kinds(result.effects)).toEqual(['ReportItem', 'PrepareItem']);
  });

  it('gets ids that follow from the event: the same step gives the same result', () => {
    const event = observed();

    expect(step(emptyState, event)).toEqual(step(emptyState, event));
  });

  it('is plain JSON that survives a round trip', () => {
    const { state, effects } = runSteps(
      () => observed(),
      (before) => anItemPrepared(newestItem(before), [aJob('unit')]),
    );

    expect(JSON.parse(JSON.stringify({ state, effects }))).toEqual({ state, effects });
  });
});

describe("a group of GitHub's merge queue", () => {
  it('enters whatever a proposed change would have to be', () => {
    const require = { ...noRequirement, isOpen: true, hasTrustedAuthor: true };
    const triggers = [aFilter({ event: 'merge_group' })];
    const pipelines = [{ definition: aPipeline({ require, triggers }), takesPart: true }];
    const ref = 'refs/heads/gh-readonly-queue/main/pr-7-abc';
    const { repository, isRepositoryPublic, url, headSha } = aChange();
    const change = {
      kind: 'ref',
      repository,
      isRepositoryPublic,
      url,
      headSha,
      ref,
      oldSha: null,
    } as const;
    const trigger = { ...noTrigger, event: 'merge_group', action: 'checks_requested', ref };

    const result = runSteps(() => observed({ change, pipelines, trigger }));

    expect(kinds(result.effects)).toEqual(['ReportItem', 'PrepareItem']);
  });
});

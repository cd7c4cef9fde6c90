import { describe, expect, it } from 'vitest';
import { step, wedge } from './step.ts';
import {
  aBuildReport,
  aJob,
  anItemPrepared,
  fakeSha,
  kinds,
  newestItem,
  observed,
  prepared,
  runSteps,
} from './testing/builders.ts';

describe('when an invariant of ours breaks', () => {
  it('the item is wedged and shown, and what it ran is stopped', () => {
    const { state } = runSteps(
      () => observed(),
      (before) => anItemPrepared(newestItem(before), [aJob('a')]),
    );

    const result = wedge(state, aBuildReport(newestItem(state), 'a', 'SUCCESS'), 'two plus two');

    expect(newestItem(result.state)).toMatchObject({
      phase: 'wedged',
      verdict: { outcome: 'internal-error', reasons: [{ seen: 'two plus two' }] },
    });
    expect(kinds(result.effects)).toEqual(['CancelBuild', 'ReportItem']);
  });

  it('its branch is removed and the change can be run again', () => {
    const { state } = runSteps(
      () => observed(),
      (before) => anItemPrepared(newestItem(before), [aJob('a')], { state: onOwnBranch }),
    );
    const wedged = wedge(state, aBuildReport(newestItem(state), 'a', 'SUCCESS'), 'broken');

    const again = step(wedged.state, observed());

    expect(kinds(wedged.effects)).toEqual(['CancelBuild', 'ReleaseState', 'ReportItem']);
    expect(kinds(again.effects)).toEqual(['ReportItem', 'PrepareItem']);
  });

  it('a wedged item can still be taken out', () => {
    const { state } = runSteps(() => observed());
    const item = newestItem(state);
    const wedged = wedge(state, prepared(item, failed), 'broken');

    const result = step(wedged.state, {
      type: 'DequeueRequested',
      id: observed().id,
      tenant: item.tenant,
      at: 5,
      buildset: item.buildset,
      by: 'root',
    });

    expect(newestItem(result.state).phase).toBe('completed');
  });
});

const onOwnBranch = {
  ref: 'refs/heads/gatehouse/check/bs',
  sha: fakeSha('c'),
  baseSha: fakeSha('b'),
  ownedBranch: 'gatehouse/check/bs',
};

const failed = { code: 'failed', message: 'x', ownedBranch: null } as const;

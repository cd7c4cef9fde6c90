import { describe, expect, it } from 'vitest';
import { step, wedge } from './step.ts';
import {
  aBuildReport,
  aJob,
  anItemPrepared,
  kinds,
  newestItem,
  observed,
  prepared,
  runSteps,
} from './testing/builders.ts';

describe('when an invariant of ours breaks', () => {
  it('the item is wedged and shown, and everything else is as it was', () => {
    const { state } = runSteps(
      () => observed(),
      (before) => anItemPrepared(newestItem(before), [aJob('a')]),
    );

    const result = wedge(state, aBuildReport(newestItem(state), 'a', 'SUCCESS'), 'two plus two');

    expect(newestItem(result.state)).toMatchObject({
      phase: 'wedged',
      verdict: { outcome: 'internal-error', reasons: [{ seen: 'two plus two' }] },
    });
    expect(kinds(result.effects)).toEqual(['ReportItem']);
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

const failed = { code: 'failed', message: 'x', ownedBranch: null } as const;

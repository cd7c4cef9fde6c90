import { describe, expect, it } from 'vitest';
import type { ChangeObserved } from './events.ts';
import {
  aChange,
  aJob,
  anItemPrepared,
  codes,
  kinds,
  live,
  newestItem,
  observed,
  runSteps,
} from './testing/builders.ts';

describe('the buttons of a run', () => {
  function pressed(identifier: string, different: Partial<ChangeObserved> = {}) {
    return runSteps(
      () => observed(),
      (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
      (state) =>
        observed({
          button: {
            buildset: newestItem(state).buildset,
            identifier,
            headSha: aChange().headSha,
          },
          ...different,
        }),
    );
  }

  it('abort: the author stops the run', () => {
    const result = pressed('abort');

    expect(newestItem(result.state).verdict).toMatchObject({
      outcome: 'cancelled',
      reasons: [{ code: 'aborted', seen: 'ada' }],
    });
    expect(kinds(result.effects)).toEqual(['CancelBuild', 'ReportItem']);
  });

  it('abort: a stranger does not', () => {
    const actor = { login: 'eve', isBot: false, isSelf: false, permission: 'triage' } as const;

    const result = pressed('abort', { actor });

    expect(codes(result)).toEqual(['button-not-permitted']);
    expect(live(result.state)).toBe(1);
  });

  it('rerun on a running run starts it from the beginning', () => {
    const result = pressed('rerun');

    expect(live(result.state)).toBe(1);
    expect(kinds(result.effects)).toEqual([
      'CancelBuild',
      'ReportItem',
      'ReportItem',
      'PrepareItem',
    ]);
  });

  it('that nobody knows are named and do nothing', () => {
    const result = pressed('launch-missiles');

    expect(codes(result)).toEqual(['unknown-button']);
  });
});

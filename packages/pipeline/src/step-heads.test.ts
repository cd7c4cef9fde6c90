import { describe, expect, it } from 'vitest';
import {
  aChange,
  aFilter,
  aJob,
  anItemPrepared,
  aPipeline,
  codes,
  fakeSha,
  kinds,
  live,
  newestItem,
  noTrigger,
  observed,
  runSteps,
} from './testing/builders.ts';

describe('a new head, a new base, a closed change', () => {
  const cases: readonly [string, Partial<ReturnType<typeof aChange>>, string][] = [
    ['a new head cancels the run of the old one', { headSha: fakeSha('2') }, 'new-head'],
    ['a changed base counts as a new head', { baseRef: 'stable' }, 'new-base'],
    ['closing takes the change out', { isOpen: false }, 'change-closed'],
  ];

  for (const [name, different, code] of cases) {
    it(name, () => {
      const pipelines = [{ definition: aPipeline({ triggers: [] }), takesPart: true }];

      const result = runSteps(
        () => observed(),
        (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
        () => observed({ change: aChange(different), pipelines }),
      );

      const item = newestItem(result.state);
      expect(item.verdict).toMatchObject({ outcome: 'cancelled', reasons: [{ code }] });
      expect(item.builds[0]).toMatchObject({ phase: 'completed', result: 'CANCELED' });
      expect(kinds(result.effects)).toEqual(['CancelBuild', 'ReportItem']);
      expect(live(result.state)).toBe(0);
    });
  }

  it('a push cancels the old run and starts the new one in one step', () => {
    const result = runSteps(
      () => observed(),
      () => observed({ change: aChange({ headSha: fakeSha('2') }) }),
    );

    expect(kinds(result.effects)).toEqual(['ReportItem', 'ReportItem', 'PrepareItem']);
    expect(newestItem(result.state).change.headSha).toBe(fakeSha('2'));
    expect(live(result.state)).toBe(1);
  });

  it('a late event that still tells of the old head neither doubles nor revives a run', () => {
    const current = observed({ change: aChange({ headSha: fakeSha('2') }) });

    const result = runSteps(
      () => current,
      () => ({ ...observed(), change: current.change, trust: current.trust }),
    );

    expect(codes(result)).toEqual(['already-live']);
  });

  it('a reading that a newer one has outdated brings no old head back', () => {
    const old = observed();
    const current = observed({ change: aChange({ headSha: fakeSha('2') }) });

    const result = runSteps(
      () => current,
      () => old,
    );

    expect(codes(result)).toEqual(['already-live']);
    expect(newestItem(result.state).change.headSha).toBe(fakeSha('2'));
  });

  it('what an outdated reading was made for still happens, to the change as it is now', () => {
    const recheck = observed({ trigger: { ...noTrigger, action: 'comment', comment: 'recheck' } });
    const closed = observed({ change: aChange({ isOpen: false, headSha: fakeSha('2') }) });
    const pipelines = [{ definition: aPipeline({ triggers: [] }), takesPart: true }];

    const result = runSteps(
      () => ({ ...closed, pipelines }),
      () => recheck,
    );

    expect(newestItem(result.state).change).toMatchObject({
      isOpen: false,
      headSha: fakeSha('2'),
    });
  });

  it('a pipeline that keeps old heads runs a new base besides the old one', () => {
    const definition = aPipeline({ isDequeuedOnNewHead: false });
    const pipelines = [{ definition, takesPart: true }];

    const result = runSteps(
      () => observed({ pipelines }),
      () => observed({ pipelines, change: aChange({ baseRef: 'stable' }) }),
    );

    expect(live(result.state)).toBe(2);
  });

  it('a pipeline that keeps old heads keeps them', () => {
    const definition = aPipeline({ isDequeuedOnNewHead: false });
    const pipelines = [{ definition, takesPart: true }];

    const result = runSteps(
      () => observed({ pipelines }),
      () => observed({ pipelines, change: aChange({ headSha: fakeSha('2') }) }),
    );

    expect(live(result.state)).toBe(2);
  });

  it('entering a pipeline takes the change out of those it supercedes', () => {
    const check = { definition: aPipeline(), takesPart: true };
    const gate = {
      definition: aPipeline({
        name: 'gate',
        supercedes: ['check'],
        triggers: [aFilter({ actions: ['labeled'] })],
      }),
      takesPart: true,
    };

    const result = runSteps(
      () => observed({ pipelines: [check] }),
      () => observed({ pipelines: [gate], trigger: { ...noTrigger, action: 'labeled' } }),
    );

    const checked = Object.values(result.state.items).find((one) => one.pipeline.name === 'check');
    expect(checked?.verdict).toMatchObject({ reasons: [{ code: 'superseded', seen: 'gate' }] });
    expect(live(result.state)).toBe(1);
  });
});

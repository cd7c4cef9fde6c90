import { invariant } from '@gatehouse/model';
import { describe, expect, it } from 'vitest';
import type { ChangeObserved } from './events.ts';
import type { EngineState } from './state.ts';
import {
  aChange,
  aJob,
  anItemPrepared,
  aPipeline,
  codes,
  fakeSha,
  kinds,
  live,
  newestItem,
  noRequirement,
  noTrigger,
  observed,
  overHttp,
  runSteps,
  writer,
} from './testing/builders.ts';

const outsider = { isHeadInBase: false, author: 'mallory' };

describe('trust', () => {
  const fromOutside = (different: Partial<ChangeObserved> = {}) =>
    observed({ change: aChange(outsider), ...different });

  it('is needed to run commands of an outside head: the run says so and nothing starts', () => {
    const result = runSteps(
      () => fromOutside(),
      (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
    );

    expect(newestItem(result.state)).toMatchObject({
      builds: [],
      verdict: { outcome: 'action-required', reasons: [{ code: 'head-not-trusted' }] },
    });
    expect(kinds(result.effects)).toEqual(['ReportItem']);
  });

  it('is not needed by an unaltered http job without secrets', () => {
    const result = runSteps(
      () => fromOutside(),
      (state) => anItemPrepared(newestItem(state), [aJob('a', { execution: overHttp })]),
    );

    expect(newestItem(result.state).phase).toBe('running');
  });

  it('is needed by an http job that the change altered', () => {
    const job = aJob('a', { execution: overHttp, isAlteredByChange: true });

    const result = runSteps(
      () => fromOutside(),
      (state) => anItemPrepared(newestItem(state), [job]),
    );

    expect(newestItem(result.state).verdict?.outcome).toBe('action-required');
  });

  it('is asked for once per head where the pipeline requires it', () => {
    const require = { ...noRequirement, hasTrustedAuthor: true };
    const pipelines = [{ definition: aPipeline({ require }), takesPart: true }];

    const result = runSteps(
      () => fromOutside({ pipelines }),
      () => fromOutside({ pipelines }),
    );

    expect(Object.values(result.state.items)).toHaveLength(1);
    expect(newestItem(result.state).verdict?.outcome).toBe('action-required');
    expect(codes(result)).toEqual(['waits-for-trust']);
  });

  it('is given by the button: the run that waited starts', () => {
    const result = runSteps(
      () => fromOutside(),
      (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
      (state) =>
        fromOutside({
          actor: writer,
          trigger: { ...noTrigger, event: 'check_run', action: 'requested_action' },
          button: {
            buildset: newestItem(state).buildset,
            identifier: 'approve',
            headSha: aChange().headSha,
          },
        }),
      (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
    );

    expect(newestItem(result.state)).toMatchObject({
      phase: 'running',
      trust: { isTrusted: true, ground: { code: 'approved', by: 'grace', via: 'button' } },
    });
  });

  const refused = [
    ['the author', { ...writer, login: 'Mallory' }],
    ['a bot', { ...writer, isBot: true }],
    ['somebody without write access', { ...writer, permission: 'triage' }],
  ] as const;

  for (const [who, actor] of refused) {
    it(`is not given by ${who}`, () => {
      const result = runSteps(
        () => fromOutside(),
        (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
        (state) =>
          fromOutside({
            actor,
            button: {
              buildset: newestItem(state).buildset,
              identifier: 'approve',
              headSha: aChange().headSha,
            },
          }),
      );

      expect(codes(result)).toEqual(['button-not-permitted']);
      expect(live(result.state)).toBe(0);
    });
  }

  it('is waited for once, however often the run is asked for', () => {
    const ask = () => fromOutside();
    const prepare = (state: EngineState) => anItemPrepared(newestItem(state), [aJob('unit')]);

    const { state } = runSteps(ask, prepare, ask, prepare);

    expect(Object.values(state.changes)[0]?.waiting).toHaveLength(1);
  });

  it('is needed to leave no voting job, and the run says that this is why', () => {
    const result = runSteps(
      () => fromOutside(),
      (state) => anItemPrepared(newestItem(state), [], { removesAllVoting: true }),
    );

    expect(codes(result)).toEqual(['removes-all-voting', 'head-not-trusted']);
    expect(newestItem(result.state).verdict?.outcome).toBe('action-required');
  });

  it('given to one head does not cover the next', () => {
    const approvals = [{ headSha: aChange().headSha, by: 'grace', via: 'review' }] as const;
    const change = aChange({ ...outsider, headSha: fakeSha('2') });
    const facts = observed({ change }).trust;
    invariant(facts !== null, 'a proposed change has trust facts');

    const result = runSteps(
      () => observed({ change, trust: { ...facts, approvals } }),
      (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
    );

    expect(newestItem(result.state).verdict?.outcome).toBe('action-required');
  });

  it('found by any later event starts what waited for it', () => {
    const facts = fromOutside().trust;
    invariant(facts !== null, 'a proposed change has trust facts');
    const approvals = [{ headSha: aChange().headSha, by: 'grace', via: 'review' }] as const;
    const trigger = { ...noTrigger, event: 'pull_request_review', action: 'submitted' };

    const result = runSteps(
      () => fromOutside(),
      (state) => anItemPrepared(newestItem(state), [aJob('unit')]),
      () => fromOutside({ trust: { ...facts, approvals }, trigger }),
    );

    expect(kinds(result.effects)).toEqual(['ReportItem', 'PrepareItem']);
  });
});

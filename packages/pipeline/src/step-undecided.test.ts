import type { TriggerFilter } from '@gatehouse/layout';
import { describe, expect, it } from 'vitest';
import type { ChangeObserved } from './events.ts';
import {
  aChange,
  aFilter,
  aPipeline,
  codes,
  kinds,
  newestItem,
  noRequirement,
  observed,
  runSteps,
} from './testing/builders.ts';

const cannotRun = { source: 'ma(?=in)', isNegated: false };
const comment = { ...observed().trigger, action: 'comment', comment: 'recheck' };

function hear(filters: readonly TriggerFilter[], different: Partial<ChangeObserved> = {}) {
  const definition = aPipeline({ triggers: filters });
  return runSteps(() => observed({ pipelines: [{ definition, takesPart: true }], ...different }));
}

describe('a trigger whose expression cannot be run', () => {
  const filters: readonly (readonly [string, Partial<TriggerFilter>])[] = [
    ['branch', { branches: [cannotRun] }],
    ['comment', { comments: [cannotRun] }],
    ['sender', { senders: [{ ...cannotRun, isNegated: true }] }],
  ];
  for (const [attribute, filter] of filters) {
    it(`in ${attribute} makes the run a configuration error where nothing else decides`, () => {
      const result = hear([aFilter(filter)], { trigger: comment });

      expect(newestItem(result.state).verdict).toEqual({
        outcome: 'misconfigured',
        reasons: [
          {
            code: 'pattern-cannot-run',
            subject: 'check',
            seen: ['ma(?=in)'],
            expected: attribute,
          },
        ],
      });
      expect(kinds(result.effects)).toEqual(['ReportItem']);
    });
  }

  it('is a plain miss where something else speaks against it', () => {
    const filter = aFilter({ branches: [cannotRun], actions: ['closed'] });

    const result = hear([filter], { trigger: comment });

    expect(codes(result)).toEqual(['trigger-action-differs']);
    expect(result.effects).toEqual([]);
  });

  it('does not matter beside an alternative that matches', () => {
    const main = { source: 'main', isNegated: false };

    const result = hear([aFilter({ branches: [cannotRun, main] })]);

    expect(codes(result)).toEqual(['enqueued']);
  });

  it('does not matter beside a filter that matches', () => {
    const result = hear([aFilter({ branches: [cannotRun] }), aFilter()]);

    expect(codes(result)).toEqual(['enqueued']);
  });

  it('does not end a run of the same head that is there', () => {
    const definition = aPipeline({
      triggers: [aFilter({ comments: [cannotRun] }), aFilter({ actions: ['opened'] })],
    });
    const pipelines = [{ definition, takesPart: true }];

    const result = runSteps(
      () => observed({ pipelines, trigger: { ...comment, action: 'opened', comment: null } }),
      () => observed({ pipelines, trigger: comment, seed: 'later' }),
    );

    expect(codes(result)).toEqual(['pattern-cannot-run']);
    expect(newestItem(result.state).verdict).toBeNull();
  });

  it('is only noted where a check was concluded, so that no run answers its own report', () => {
    const trigger = {
      ...comment,
      event: 'check_run',
      action: 'completed',
      check: 'a:b:c',
    } as const;

    const result = hear([aFilter({ event: 'check_run', checks: [cannotRun] })], { trigger });

    expect(codes(result)).toEqual(['pattern-cannot-run']);
    expect(result.effects).toEqual([]);
  });

  it('is not shown where the pipeline would not take the change anyway', () => {
    const require = { ...noRequirement, isDraft: true };
    const definition = aPipeline({ triggers: [aFilter({ branches: [cannotRun] })], require });

    const result = runSteps(() => observed({ pipelines: [{ definition, takesPart: true }] }));

    expect(result.effects).toEqual([]);
  });
});

describe('a requirement whose expression cannot be run', () => {
  const review = {
    login: 'grace',
    email: null,
    permission: 'admin',
    type: 'approved',
    at: 0,
  } as const;
  const wanted = {
    type: 'approved',
    permission: null,
    username: cannotRun,
    email: null,
    newerThanMs: null,
    olderThanMs: null,
  } as const;

  for (const kind of ['require', 'reject'] as const) {
    for (const [name, condition] of [
      ['status', { ...noRequirement, statuses: [cannotRun] }],
      ['review', { ...noRequirement, reviews: [wanted] }],
    ] as const) {
      it(`in the ${name} of ${kind} lets nothing in and says so`, () => {
        const definition = aPipeline({ [kind]: condition });
        const pipelines = [{ definition, takesPart: true }];

        const result = runSteps(() =>
          observed({ pipelines, reviews: [review], statuses: ['a:b:success'] }),
        );

        expect(newestItem(result.state).verdict).toMatchObject({
          outcome: 'misconfigured',
          reasons: [{ code: 'pattern-cannot-run', expected: name }],
        });
      });
    }
  }

  it('does not matter for reviews of another type', () => {
    const definition = aPipeline({ reject: { ...noRequirement, reviews: [wanted] } });
    const pipelines = [{ definition, takesPart: true }];

    const result = runSteps(() =>
      observed({ pipelines, reviews: [{ ...review, type: 'commented' }], statuses: [] }),
    );

    expect(codes(result)).toEqual(['enqueued']);
  });

  it('of a trigger is told like one of the pipeline', () => {
    const require = { ...noRequirement, statuses: [cannotRun] };

    const result = hear([aFilter({ require })], { statuses: ['a:b:c'], change: aChange() });

    expect(newestItem(result.state).verdict?.outcome).toBe('misconfigured');
  });

  it('is beside the point where another condition is unmet', () => {
    const require = { ...noRequirement, statuses: [cannotRun], labels: ['ready'] };
    const definition = aPipeline({ require });

    const result = runSteps(() =>
      observed({ pipelines: [{ definition, takesPart: true }], statuses: ['a:b:c'] }),
    );

    expect(codes(result)).toEqual(['requires-label', 'pattern-cannot-run']);
    expect(result.effects).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  aChange,
  aPipeline,
  codes,
  noRequirement,
  observed,
  runSteps,
} from './testing/builders.ts';

describe('requirements', () => {
  it('that are unmet write nothing and name every lack', () => {
    const require = { ...noRequirement, isDraft: false, labels: ['ready', 'small'] };
    const pipelines = [{ definition: aPipeline({ require }), takesPart: true }];
    const change = aChange({ isDraft: true, labels: ['small'] });

    const result = runSteps(() => observed({ pipelines, change }));

    expect(result.effects).toEqual([]);
    expect(codes(result)).toEqual(['requires-draft', 'requires-label']);
  });

  const approved = {
    type: 'approved',
    permission: 'write',
    username: null,
    email: null,
    newerThanMs: null,
    olderThanMs: null,
  } as const;
  const anything = { source: '.*', isNegated: false };

  it('that look at what nobody has read are not met, and say so', () => {
    const require = { ...noRequirement, reviews: [approved], labels: ['ready'] };
    const pipelines = [{ definition: aPipeline({ require }), takesPart: true }];

    const result = runSteps(() => observed({ pipelines }));

    expect(codes(result)).toEqual(['reviews-not-read', 'requires-label']);
  });

  it('that would turn away by what nobody has read let nothing in', () => {
    const reject = { ...noRequirement, reviews: [approved], statuses: [anything] };
    const pipelines = [{ definition: aPipeline({ reject }), takesPart: true }];

    const result = runSteps(() => observed({ pipelines }));

    expect(result.effects).toEqual([]);
    expect(codes(result)).toEqual(['reviews-not-read', 'statuses-not-read']);
  });

  it('are met by what was read', () => {
    const require = { ...noRequirement, reviews: [approved], statuses: [anything] };
    const pipelines = [{ definition: aPipeline({ require }), takesPart: true }];
    const review = {
      login: 'grace',
      email: null,
      permission: 'admin',
      type: 'approved',
      at: 0,
    } as const;

    const result = runSteps(() =>
      observed({ pipelines, reviews: [review], statuses: ['bot:ci:success'] }),
    );

    expect(codes(result)).toEqual(['enqueued']);
  });

  it('turn away what they reject', () => {
    const reject = { ...noRequirement, labels: ['do-not-merge'] };
    const pipelines = [{ definition: aPipeline({ reject }), takesPart: true }];
    const change = aChange({ labels: ['do-not-merge'] });

    const result = runSteps(() => observed({ pipelines, change }));

    expect(codes(result)).toEqual(['rejects-label']);
  });
});

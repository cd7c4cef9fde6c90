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

  it('turn away what they reject', () => {
    const reject = { ...noRequirement, labels: ['do-not-merge'] };
    const pipelines = [{ definition: aPipeline({ reject }), takesPart: true }];
    const change = aChange({ labels: ['do-not-merge'] });

    const result = runSteps(() => observed({ pipelines, change }));

    expect(codes(result)).toEqual(['rejects-label']);
  });
});

import { expect, test } from 'vitest';
import { freeze, source } from '../test-support.ts';
import { removesAllVoting } from './removed-jobs.ts';

const jobs = `
- job: {name: unit, run: x}
- job: {name: lint, run: x}
- job: {name: other, run: x}
`;
const frozen = (list: string) => freeze([source(`${jobs}- project: {check: {jobs: [${list}]}}\n`)]);

test.each([
  ['none is left', { before: 'unit, lint', after: '' }, true],
  ['what is left does not vote', { before: 'unit', after: '{unit: {voting: false}}' }, true],
  ['another job stands in', { before: 'unit, lint', after: 'other' }, true],
  ['`noop` stands in', { before: 'unit', after: 'noop' }, true],
  ['one of them is left', { before: 'unit, lint', after: 'lint, other' }, false],
  ['there were none', { before: '{unit: {voting: false}}', after: '' }, false],
  ['the base has errors and some job votes', { before: 'undefined-job', after: 'other' }, false],
  [
    'the base has errors and no job votes',
    { before: 'undefined-job', after: '{unit: {voting: false}}' },
    true,
  ],
])(
  'the voting jobs of the base count as removed, or not: %s',
  (_, { before, after }, isRemoved) => {
    expect(removesAllVoting(frozen(before), frozen(after))).toBe(isRemoved);
  },
);

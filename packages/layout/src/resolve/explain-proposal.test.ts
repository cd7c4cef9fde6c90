import { expect, test } from 'vitest';
import { source } from '../test-support.ts';
import { problemsBrought } from './explain-proposal.ts';
import { loadLayout } from './load.ts';

const faulty = '- job: {name: unit, run: make, oops: 1}\n';

function problems(text: string) {
  return loadLayout([source(text)]).problems;
}

test('what stands on the base is not told again, wherever the change moves it', () => {
  const own = problems(
    `- job: {name: more, run: make}\n${faulty}- project: {check: {jobs: [x]}}\n`,
  );

  const brought = problemsBrought(own, problems(faulty));

  expect(own.map(({ code }) => code)).toContain('unknown-key');
  expect(brought.map(({ code }) => code)).toEqual(['undefined-job']);
});

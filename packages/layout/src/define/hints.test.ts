import { describe, expect, test } from 'vitest';
import { problemsOf } from '../test-support.ts';

function hints(branches: string): readonly string[] {
  const text = `- job: {name: unit, run: make, branches: ${branches}}\n`;
  return problemsOf(text, { hasHints: true });
}

test('a bare branch name is told to match longer names too', () => {
  expect(hints('[stable, master]')).toEqual([
    'warning matches-more 1:43 `stable` also matches what only begins with it, such as `stable-2`',
    'warning matches-more 1:51 `master` also matches what only begins with it, such as `master-2`',
  ]);
});

test('branches are looked at beside other errors', () => {
  const text = "- job: {name: unit, run: make, tiemout: 3, branches: '['}\n";

  expect(problemsOf(text)).toEqual([
    expect.stringContaining('unknown-key'),
    expect.stringContaining('bad-pattern'),
  ]);
});

describe('no hint is given for', () => {
  test.each([
    ['an anchored expression', '^master$'],
    ['an expression', 'release-.*'],
    ['a beginning that is meant as one', 'stable/'],
    ['the map form', '{regex: master}'],
  ])('%s', (_, branches) => {
    expect(hints(branches)).toEqual([]);
  });

  test('people who did not ask', () => {
    expect(problemsOf('- job: {name: unit, run: make, branches: master}\n')).toEqual([]);
  });
});

test('triggers and projects are looked at too', () => {
  const text = `- pipeline:
    name: own
    manager: independent
    trigger:
      github:
        - {event: push, ref: refs/heads/main}
        - {event: push, ref: refs/tags/v}
        - {event: pull_request, branch: main}
- project: {branches: main}
`;

  expect(problemsOf(text, { hasHints: true })).toEqual([
    expect.stringContaining('matches-more 6:30'),
    expect.stringContaining('matches-more 8:41'),
    expect.stringContaining('matches-more 9:23'),
  ]);
});

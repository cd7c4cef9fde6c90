import { describe, expect, it } from 'vitest';
import {
  branchOf,
  type Change,
  configurationRefOf,
  isMergeGroup,
  isTemporaryBranch,
} from './change.ts';
import { commitSha, repositoryKey } from './ids.ts';

const head = commitSha('a'.repeat(40));
const old = commitSha('b'.repeat(40));

function moved(ref: string): Change {
  const repository = repositoryKey('acme/api');
  const place = { repository, isRepositoryPublic: true, url: '' };
  return { kind: 'ref', ...place, ref, headSha: head, oldSha: old };
}

describe('a ref that moved', () => {
  const cases = [
    ['a branch', 'refs/heads/main', 'main', head, false],
    ['a tag', 'refs/tags/v1', null, head, false],
    ['a merge group', 'refs/heads/gh-readonly-queue/main/pr-7-abc', 'main', old, true],
    [
      'a merge group of a branch with slashes',
      'refs/heads/gh-readonly-queue/rel/1/pr-7-abc',
      'rel/1',
      old,
      true,
    ],
  ] as const;

  for (const [name, ref, branch, configuration, isGroup] of cases) {
    it(`${name} is about ${branch ?? 'no branch'} and read where it counts`, () => {
      const change = moved(ref);

      expect(branchOf(change)).toBe(branch);
      expect(configurationRefOf(change)).toBe(configuration);
      expect(isMergeGroup(change)).toBe(isGroup);
    });
  }
});

it('branches for testing are known by their names', () => {
  const names = ['gatehouse/x', 'gh-readonly-queue/main/pr-7-a', 'gatehouse', 'my/gatehouse/x'];

  expect(names.filter(isTemporaryBranch)).toEqual(names.slice(0, 2));
});

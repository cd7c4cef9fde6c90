import type { CommitSha } from '@gatehouse/model';
import { fakeSha } from '@gatehouse/pipeline/testing';
import type { MergeOutcome, StateBuilder, TestMerge } from '@gatehouse/ports';

/** A code host's branches and merges, as far as the merger sees them. */
export interface FakeStates extends StateBuilder {
  testMerge: TestMerge;
  /** Tip of every branch that is there. */
  readonly branches: Map<string, CommitSha>;
  merge: MergeOutcome;
  /** Names of the methods in the order of their calls. */
  readonly calls: string[];
  /** Thrown by the method of that name. */
  readonly failures: Map<string, Error>;
}

/** By default: `main` is at `b…`, GitHub's test merge joins it with the head `1…`. */
export function fakeStates(): FakeStates {
  const called = (name: string): void => {
    states.calls.push(name);
    const failure = states.failures.get(name);
    if (failure !== undefined) throw failure;
  };
  const states: FakeStates = {
    testMerge: {
      code: 'merged',
      ref: 'refs/pull/7/merge',
      sha: fakeSha('c'),
      parents: [fakeSha('b'), fakeSha('1')],
    },
    branches: new Map([['main', fakeSha('b')]]),
    merge: { code: 'merged', sha: fakeSha('d') },
    calls: [],
    failures: new Map(),
    readTestMerge: async () => {
      called('readTestMerge');
      return states.testMerge;
    },
    readBranch: async (_repository, branch) => {
      called('readBranch');
      return states.branches.get(branch) ?? null;
    },
    placeBranch: async (_repository, branch, sha) => {
      called('placeBranch');
      states.branches.set(branch, sha);
    },
    mergeInto: async (_repository, branch) => {
      called('mergeInto');
      if (states.merge.code === 'merged') states.branches.set(branch, states.merge.sha);
      return states.merge;
    },
    removeBranch: async (_repository, branch) => {
      called('removeBranch');
      states.branches.delete(branch);
    },
  };
  return states;
}

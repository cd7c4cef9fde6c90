import { aChange, anItem, aPipeline, fakeSha } from '@gatehouse/pipeline/testing';
import type { NoteStore } from '@gatehouse/ports';
import { fakeClock, memoryStore } from '@gatehouse/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildState } from './build-state.ts';
import { type FakeStates, fakeStates } from './testing/fake-states.ts';

const head = fakeSha('1');
const tip = fakeSha('b');
const ownedBranch = 'gatehouse/check/bs-1';
const ref = `refs/heads/${ownedBranch}`;

let states: FakeStates;
let notes: NoteStore;
let clock: ReturnType<typeof fakeClock>;

beforeEach(() => {
  states = fakeStates();
  clock = fakeClock(1_000);
  notes = memoryStore().notes;
});

const build = (item = anItem()) => buildState({ states, clock, notes }, item);

describe('the state of a change', () => {
  it("is GitHub's test merge when that joins the base's tip and the head", async () => {
    expect(await build()).toEqual({
      code: 'built',
      state: { ref: 'refs/pull/7/merge', sha: fakeSha('c'), baseSha: tip, ownedBranch: null },
    });
    expect(states.calls).toEqual(['readTestMerge', 'readBranch']);
  });

  const stale = [
    ['an older base', [fakeSha('a'), head]],
    ['an older head', [tip, fakeSha('2')]],
    ['no parents that are known', []],
  ] as const;

  for (const [what, parents] of stale) {
    it(`is merged on a branch of its own when the test merge is of ${what}`, async () => {
      states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents };

      const outcome = await build();

      expect(outcome).toEqual({
        code: 'built',
        state: { ref, sha: fakeSha('d'), baseSha: tip, ownedBranch },
      });
      expect(states.branches.get(ownedBranch)).toBe(fakeSha('d'));
    });
  }

  it('is the base itself when the head is in it already', async () => {
    states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };
    states.merge = { code: 'nothing-to-merge' };

    expect(await build()).toEqual({
      code: 'built',
      state: { ref, sha: tip, baseSha: tip, ownedBranch },
    });
  });

  it('lies on a branch whose name is plain, whatever the pipeline is called', async () => {
    states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };

    await build(anItem({ pipeline: aPipeline({ name: 'very odd/../näme' }) }));

    expect([...states.branches.keys()]).toContain('gatehouse/very-odd-n-me/bs-1');
  });

  it('names the branch of a try that failed, also when the next one needs none', async () => {
    const fresh = states.testMerge;
    states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };
    states.failures.set('mergeInto', new Error('died'));
    await expect(build()).rejects.toThrow('died');
    states.testMerge = fresh;

    expect(await build()).toMatchObject({
      code: 'built',
      state: { ref: 'refs/pull/7/merge', ownedBranch },
    });
  });

  it('is built the same when it is built again', async () => {
    states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };

    const first = await build();

    expect(await build()).toEqual(first);
  });
});

describe('a state that cannot be built', () => {
  it('says that the change conflicts, by what GitHub knows', async () => {
    states.testMerge = { code: 'conflict' };

    expect(await build()).toEqual({
      code: 'conflict',
      message: 'The change cannot be merged into main without conflicts.',
      ownedBranch: null,
    });
  });

  it('says that the change conflicts, by our own merge, and names the branch to remove', async () => {
    states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };
    states.merge = { code: 'conflict', message: 'Merge conflict' };

    expect(await build()).toMatchObject({ code: 'conflict', ownedBranch });
  });

  it('says that the change was closed', async () => {
    states.testMerge = { code: 'closed' };

    expect(await build()).toMatchObject({ code: 'gone', message: 'The change was closed.' });
  });

  it('says that the base branch is gone', async () => {
    states.branches.clear();

    expect(await build()).toMatchObject({
      code: 'gone',
      message: 'The base branch main is gone.',
      ownedBranch: null,
    });
  });

  it('says that the head is gone', async () => {
    states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };
    states.merge = { code: 'missing' };

    expect(await build()).toMatchObject({
      code: 'gone',
      message: `The head ${head} is gone.`,
      ownedBranch,
    });
  });
});

describe('while GitHub computes its test merge', () => {
  beforeEach(() => {
    states.testMerge = { code: 'computing' };
  });

  it('it is asked again, each time after a longer pause', async () => {
    const pauses: number[] = [];

    for (;;) {
      const outcome = await build();
      if (!('againInMs' in outcome)) break;
      pauses.push(outcome.againInMs);
      clock.advance(outcome.againInMs);
    }

    expect(pauses.slice(0, 7)).toEqual([200, 200, 400, 800, 1_600, 3_200, 6_400]);
    expect(Math.max(...pauses)).toBe(10_000);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBeLessThan(75_000);
  });

  it('after a minute the merge is made here', async () => {
    clock.advance(60_000);

    expect(await build()).toMatchObject({ code: 'built', state: { ownedBranch } });
  });
});

describe('a ref that moved', () => {
  it('is tested as it is: GitHub is not asked', async () => {
    const { repository, url, isRepositoryPublic } = aChange();
    const moved = { kind: 'ref', ref: 'refs/heads/main', headSha: head, oldSha: tip } as const;

    const outcome = await build(
      anItem({ change: { ...moved, repository, url, isRepositoryPublic } }),
    );

    expect(outcome).toEqual({
      code: 'built',
      state: { ref: 'refs/heads/main', sha: head, baseSha: null, ownedBranch: null },
    });
    expect(states.calls).toEqual([]);
  });
});

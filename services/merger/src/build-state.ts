/**
 * Builds the state that an item tests. A change that is up to date is tested on GitHub's own test
 * merge, when that commit's parents are the tip of the base and the head; anything else is merged
 * here, on a branch of the item's own, so that what is tested is exactly base plus change.
 */
import type { CommitSha, ProposedChange, SpeculativeState } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import type { TestMerge } from '@gatehouse/ports';
import type { MergerDeps } from './deps.ts';
import { notedBranchOf, noteOwnedBranch, ownedBranchOf } from './owned-branch.ts';

/** First pause while GitHub computes its test merge, in milliseconds; doubles with the wait. */
const COMPUTING_PAUSE_FIRST_MS = 200;
const COMPUTING_PAUSE_MAX_MS = 10_000;
/** GitHub usually takes seconds; after this we merge ourselves and let that decide. */
const COMPUTING_WAIT_MAX_MS = 60_000;

/** What the engine is told. */
export type StateOutcome =
  | { readonly code: 'built'; readonly state: SpeculativeState }
  | {
      readonly code: 'conflict' | 'gone' | 'failed';
      readonly message: string;
      readonly ownedBranch: string | null;
    };

type BuildDeps = Pick<MergerDeps, 'states' | 'clock' | 'notes'>;
type Answer = StateOutcome | { readonly againInMs: number };

/** Builds it, or says when to look again. */
export async function buildState(deps: BuildDeps, item: Item): Promise<Answer> {
  const answer = await build(deps, item);
  if ('againInMs' in answer || item.change.kind === 'ref') return answer;
  // An earlier try may have made a branch that this one has no use for.
  return ownedBranchIn(answer) === null
    ? withBranch(answer, await notedBranchOf(deps.notes, item))
    : answer;
}

/** The branch that was made on the way; null: none. */
export function ownedBranchIn(outcome: StateOutcome): string | null {
  return outcome.code === 'built' ? outcome.state.ownedBranch : outcome.ownedBranch;
}

function withBranch(outcome: StateOutcome, ownedBranch: string | null): StateOutcome {
  return outcome.code === 'built'
    ? { ...outcome, state: { ...outcome.state, ownedBranch } }
    : { ...outcome, ownedBranch };
}

async function build(deps: BuildDeps, item: Item): Promise<Answer> {
  const { change } = item;
  if (change.kind === 'ref') {
    const state = { ref: change.ref, sha: change.headSha, baseSha: null, ownedBranch: null };
    return { code: 'built', state };
  }
  const waitedMs = deps.clock.now() - item.enqueuedAt;
  const test = await deps.states.readTestMerge(change.repository, change.number);
  if (test.code === 'computing' && waitedMs < COMPUTING_WAIT_MAX_MS) {
    return { againInMs: pauseAfter(waitedMs) };
  }
  if (test.code === 'closed') {
    return { code: 'gone', message: 'The change was closed.', ownedBranch: null };
  }
  if (test.code === 'conflict') return conflict(change, null);
  const tip = await deps.states.readBranch(change.repository, change.baseRef);
  if (tip === null) {
    const message = `The base branch ${change.baseRef} is gone.`;
    return { code: 'gone', message, ownedBranch: null };
  }
  return isExactly(test, tip, change.headSha)
    ? { code: 'built', state: { ref: test.ref, sha: test.sha, baseSha: tip, ownedBranch: null } }
    : mergeOnOwnBranch(deps, { item, change, tip });
}

/** Waits as long again as it has waited already, so that a quick answer is seen quickly. */
function pauseAfter(waitedMs: number): number {
  return Math.min(Math.max(waitedMs, COMPUTING_PAUSE_FIRST_MS), COMPUTING_PAUSE_MAX_MS);
}

type Merged = Extract<TestMerge, { code: 'merged' }>;

function isExactly(test: TestMerge, tip: CommitSha, headSha: CommitSha): test is Merged {
  return test.code === 'merged' && test.parents[0] === tip && test.parents[1] === headSha;
}

interface OwnMerge {
  readonly item: Item;
  readonly change: ProposedChange;
  readonly tip: CommitSha;
}

async function mergeOnOwnBranch(
  { states, notes }: BuildDeps,
  { item, change, tip }: OwnMerge,
): Promise<StateOutcome> {
  const { repository, headSha, number, baseRef } = change;
  const ownedBranch = ownedBranchOf(item);
  await noteOwnedBranch(notes, item);
  await states.placeBranch(repository, ownedBranch, tip);
  const message = `Merge #${number} into ${baseRef} to test it [skip ci]`;
  const merge = await states.mergeInto(repository, ownedBranch, { headSha, message });
  const ref = `refs/heads/${ownedBranch}`;
  switch (merge.code) {
    case 'merged':
      return { code: 'built', state: { ref, sha: merge.sha, baseSha: tip, ownedBranch } };
    case 'nothing-to-merge':
      return { code: 'built', state: { ref, sha: tip, baseSha: tip, ownedBranch } };
    case 'conflict':
      return conflict(change, ownedBranch);
    case 'missing':
      return { code: 'gone', message: `The head ${headSha} is gone.`, ownedBranch };
  }
}

function conflict(change: ProposedChange, ownedBranch: string | null): StateOutcome {
  const message = `The change cannot be merged into ${change.baseRef} without conflicts.`;
  return { code: 'conflict', message, ownedBranch };
}

/**
 * The merger role: makes the commit that an item's jobs test, and removes what it made. Each
 * message is worked on by looking at what is there first, so that doing it twice is harmless; the
 * outcome goes back through the `events` queue.
 */
import { effectKey, type Json } from '@gatehouse/model';
import { type Item, itemRecordKey, readItem } from '@gatehouse/pipeline';
import type { MessageCatalogue, MessageOutcome, QueueWorker } from '@gatehouse/ports';
import { buildState, ownedBranchIn, type StateOutcome } from './build-state.ts';
import type { MergerDeps } from './deps.ts';
import { notedBranchOf, ownedBranchOf } from './owned-branch.ts';

/** States built at the same time: each waits for GitHub most of its time. */
const MERGE_CONCURRENCY = 8;

/** The role. Modes: stopped → running (start) → stopped (stop). */
export interface Merger extends AsyncDisposable {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly isRunning: boolean;
}

type MergesMessage = MessageCatalogue['merges'];

/** Makes the role; nothing runs before `start`. */
export function createMerger(deps: MergerDeps): Merger {
  const worker: QueueWorker = deps.queue.work('merges', {
    concurrency: MERGE_CONCURRENCY,
    handle: (message) => handle(deps, message),
    onExhausted: (message, error) => giveUp(deps, message, error),
  });
  return {
    start: () => worker.start(),
    stop: () => worker.stop(),
    get isRunning() {
      return worker.isRunning;
    },
    [Symbol.asyncDispose]: () => worker.stop(),
  };
}

async function handle(deps: MergerDeps, message: MergesMessage): Promise<MessageOutcome> {
  const item = await readItemOf(deps, message);
  if (item === null) {
    deps.log.warn({ buildset: message.buildset }, 'a merge was asked for an unknown item');
    return 'done';
  }
  // An item that ended while its state was built does not know of the branch that was made for it.
  if (message.action === 'release-state' || item.verdict !== null) return release(deps, item);
  if (item.phase !== 'preparing') return releaseUnused(deps, item);
  const outcome = await buildState(deps, item);
  if ('againInMs' in outcome) return outcome;
  // While it was built the item may have ended, and a branch been removed before it was made.
  if (ownedBranchIn(outcome) !== null && (await isOver(deps, message))) return release(deps, item);
  await answer(deps, message, outcome);
  return 'done';
}

async function isOver(deps: MergerDeps, message: MergesMessage): Promise<boolean> {
  const item = await readItemOf(deps, message);
  return item === null || item.verdict !== null;
}

/** A message that comes again may have made a branch before the item got another state. */
async function releaseUnused(deps: MergerDeps, item: Item): Promise<MessageOutcome> {
  const isUsed = item.state?.ownedBranch != null;
  if (isUsed || (await notedBranchOf(deps.notes, item)) === null) return 'done';
  return release(deps, item);
}

async function release(deps: MergerDeps, item: Item): Promise<MessageOutcome> {
  if (item.change.kind === 'proposed') {
    await deps.states.removeBranch(item.change.repository, ownedBranchOf(item));
  }
  return 'done';
}

async function readItemOf(deps: MergerDeps, message: MergesMessage): Promise<Item | null> {
  const keys = [itemRecordKey(message.buildset)];
  const [record] = await deps.tenants.readRecords(message.tenant, keys);
  return record === null || record === undefined ? null : readItem(record);
}

async function answer(
  deps: MergerDeps,
  message: MergesMessage,
  outcome: StateOutcome,
): Promise<void> {
  const { tenant, buildset } = message;
  // A message that was doubled can come to two outcomes. The one with a branch must not be taken
  // for the other while that waits, or nobody would know of the branch.
  const key = ownedBranchIn(outcome) === null ? message.key : effectKey(`${message.key}/own`);
  // A plain object of strings and nulls; interfaces have no index signature.
  const body = outcome as unknown as Json;
  await deps.queue.send('events', { kind: 'state-built', tenant, buildset, key, outcome: body });
}

/** What could not be built ends the run with a reason; what could not be removed is reported. */
async function giveUp(deps: MergerDeps, message: MergesMessage, error: Error): Promise<void> {
  const { buildset, action } = message;
  deps.log.error({ buildset, action, err: error }, 'a merge was given up');
  if (action === 'release-state') return;
  const item = await readItemOf(deps, message);
  // What failed may have been the merge, after the branch had been made.
  const ownedBranch = item?.change.kind === 'proposed' ? ownedBranchOf(item) : null;
  await answer(deps, message, { code: 'failed', message: error.message, ownedBranch });
}

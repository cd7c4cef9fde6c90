/**
 * Branches that the service makes for speculative states, all below one prefix. That one is made is
 * noted before: whoever dies after making it, and comes to another state the next time, still knows
 * that there is a branch to remove.
 */
import type { Item } from '@gatehouse/pipeline';
import type { NoteStore } from '@gatehouse/ports';

/** Nothing below it ever triggers a pipeline or supplies configuration. */
export const OWNED_PREFIX = 'gatehouse/';

/** The branch of an item's state, without `refs/heads/`; one per item, whether it exists or not. */
export function ownedBranchOf(item: Item): string {
  const pipeline = item.pipeline.name.replace(/[^A-Za-z0-9_-]+/g, '-');
  return `${OWNED_PREFIX}${pipeline}/${item.buildset}`;
}

/** As long as a run can still be reported about. */
const NOTE_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** Notes that the item's branch may be there from now on. */
export function noteOwnedBranch(notes: NoteStore, item: Item): Promise<void> {
  return notes.writeNote(noteKeyOf(item), ownedBranchOf(item), NOTE_KEPT_MS);
}

/** The item's branch if it may be there; null: it was never made. */
export async function notedBranchOf(notes: NoteStore, item: Item): Promise<string | null> {
  return (await notes.readNote(noteKeyOf(item))) === null ? null : ownedBranchOf(item);
}

function noteKeyOf({ buildset }: Item): string {
  return `owned-branch/${buildset}`;
}

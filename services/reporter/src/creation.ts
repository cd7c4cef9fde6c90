/**
 * The order in which the check runs of one name are created. GitHub shows the one with the highest
 * number, so that a run must not be created once a newer one may have been, and no two creations
 * may be on their way at once: nobody could tell which of them GitHub numbers first. The note is per
 * change, head and name: two changes with the same head each have check runs of their own.
 */
import { changeKey } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import { z } from 'zod';
import type { ReporterDeps } from './deps.ts';
import { NOTE_KEPT_MS } from './notes.ts';
import { isNewer, rank, rankOf } from './rank.ts';

/**
 * A creation that was begun this long ago has arrived, or died with its process: its answer is
 * awaited for fifteen seconds. Only one that waited longer for GitHub's limits comes later than this; who
 * waited for it waits for them as well. Little more than the lock of a dead process lasts, so that
 * what it left is made good about as soon as the rest.
 */
export const CREATION_MS_MAX = 30 * 1000;

const creationNote = z.object({
  schema: z.literal(1),
  /** The newest run that wants to be created, or was. */
  newest: rank,
  /** Whose creation is on its way, and since when (milliseconds since 1970). */
  creating: z.object({ writing: z.string(), since: z.number() }).nullable(),
});

/** Names one creation. */
export interface Creation {
  readonly item: Item;
  /** Name of the check run. */
  readonly name: string;
  /** One of its kind. */
  readonly writing: string;
}

/** `newer`: a newer run has the place; `busy`: another creation is on its way. */
export type CreationClaim = 'claimed' | 'newer' | 'busy';

type Deps = Pick<ReporterDeps, 'clock' | 'notes'>;

/** Asks for the turn to create. Who has it gives it back with {@link endCreation}. */
export async function claimCreation(deps: Deps, creation: Creation): Promise<CreationClaim> {
  const { item, writing } = creation;
  const own = rankOf(item);
  for (;;) {
    const { stored, note } = await read(deps, creation);
    if (note?.creating?.writing === writing) return 'claimed';
    if (note !== null && isNewer(note.newest, own)) return 'newer';
    const since = deps.clock.now();
    const isBusy = note?.creating != null && isOnItsWay(note.creating, since);
    if (isBusy && note.newest.buildset === own.buildset) return 'busy';
    // Also who has to wait is the newest from now on: what is older must not be created after it.
    const creating = isBusy ? note.creating : { writing, since };
    const change = { from: stored, to: { schema: 1, newest: own, creating } };
    if (!(await deps.notes.exchangeNote(keyOf(creation), change, NOTE_KEPT_MS))) continue;
    return isBusy ? 'busy' : 'claimed';
  }
}

/** The creation has arrived, or it failed. */
export async function endCreation(deps: Deps, creation: Creation): Promise<void> {
  for (;;) {
    const { stored, note } = await read(deps, creation);
    if (note?.creating?.writing !== creation.writing) return;
    const change = { from: stored, to: { ...note, creating: null } };
    if (await deps.notes.exchangeNote(keyOf(creation), change, NOTE_KEPT_MS)) return;
  }
}

/** Clocks differ a little; one that was put back must not make everybody wait for as long. */
function isOnItsWay(creating: { readonly since: number }, now: number): boolean {
  return Math.abs(now - creating.since) < CREATION_MS_MAX;
}

async function read(deps: Deps, creation: Creation) {
  const stored = await deps.notes.readNote(keyOf(creation));
  const parsed = creationNote.safeParse(stored);
  return { stored, note: parsed.success ? parsed.data : null };
}

function keyOf({ item, name }: Creation): string {
  return `creation/${changeKey(item.change)}/${item.change.headSha}/${name}`;
}

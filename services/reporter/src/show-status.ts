/**
 * Brings one commit status to what it should say. GitHub keeps what was written last for each
 * context of a commit, whichever run it came from, so that all runs share one note: it names the
 * newest run that wrote there, and older ones write nothing more. Two that write at once notice
 * each other afterwards (`look-after.ts`), and the newest writes once more.
 */
import { randomUUID } from 'node:crypto';
import { type BuildsetId, buildsetId } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import { sinceLastChangeMs } from './lag.ts';
import { hasMovedOn } from './look-after.ts';
import {
  fingerprint,
  NOTE_KEPT_MS,
  OTHERS_PAUSE_MS,
  readStatusNote,
  type StatusNote,
} from './notes.ts';
import { isNewer, rankOf } from './rank.ts';
import type { RenderedStatus } from './render/status.ts';
import { type Asked, done, type ShowDeps, type Shown } from './showing.ts';

/** Writes the status unless the last one written says the same, or a newer run has the context. */
export async function showStatus(
  deps: ShowDeps,
  { item, signal }: Asked,
  status: RenderedStatus,
): Promise<Shown> {
  const key = noteKeyOf(item, status);
  const stored = await deps.notes.readNote(key);
  const known = readStatusNote(stored);
  const newest = rankOf(item);
  if (known !== null && isNewer(known.newest, newest)) {
    const { buildset } = item;
    deps.log.info({ buildset, newer: known.newest.buildset }, 'a status is left to a newer run');
    return done;
  }
  const own = known?.newest.buildset === item.buildset ? known : null;
  const shown = fingerprint(status);
  if (own?.shown === shown && own.writing === null) return done;
  signal.throwIfAborted();
  const writing = randomUUID();
  const begun: StatusNote = { schema: 1, newest, shown: own?.shown ?? null, writing };
  const isBegun = await deps.notes.exchangeNote(key, { from: stored, to: begun }, NOTE_KEPT_MS);
  if (!isBegun) return { code: 'again', inMs: OTHERS_PAUSE_MS };
  let isWritten = false;
  try {
    signal.throwIfAborted();
    await deps.statuses.createStatus(item.change.repository, item.change.headSha, status);
    isWritten = true;
  } finally {
    const written = isWritten ? { ...begun, shown, writing: null } : null;
    await deps.looks.take(() => lookAfter({ deps, item, key, writing }, written));
  }
  deps.metrics.reportWritten('status', sinceLastChangeMs(item, deps.clock.now()));
  return done;
}

interface Writing {
  readonly deps: ShowDeps;
  readonly item: Item;
  readonly key: string;
  /** Name of the write. */
  readonly writing: string;
}

/** @param written what to note; null: it is not known what became of the call. */
async function lookAfter(write: Writing, written: StatusNote | null): Promise<void> {
  const { deps, item } = write;
  const disturbed = await settle(write, written);
  const isOutdated = disturbed === null && (await hasMovedOn(deps, item));
  const buildset = isOutdated ? item.buildset : disturbed;
  // All runs that write to one context are of one repository, and so of one tenant.
  if (buildset !== null) await deps.queue.send('reports', { tenant: item.tenant, buildset });
}

/**
 * Null: nobody else wrote meanwhile. Otherwise the note says now that the status has to be written
 * again, and the run is given that has to do it.
 */
async function settle(write: Writing, written: StatusNote | null): Promise<BuildsetId | null> {
  const { deps, key, writing } = write;
  for (;;) {
    const stored = await deps.notes.readNote(key);
    const note = readStatusNote(stored);
    const isAlone = note === null || note.writing === writing;
    // After a failure the note stays as it is: it says that a write was on its way.
    if (isAlone ? written === null : isAsWritten(note, written)) return null;
    const to = isAlone ? written : { ...note, shown: null, writing: randomUUID() };
    if (!(await deps.notes.exchangeNote(key, { from: stored, to }, NOTE_KEPT_MS))) continue;
    return isAlone ? null : buildsetId(note.newest.buildset);
  }
}

/** True when nothing is lost by who wrote last: this is noted, by us before or by somebody else. */
function isAsWritten(note: StatusNote, written: StatusNote | null): boolean {
  if (written === null || note.writing !== null) return false;
  return note.newest.buildset === written.newest.buildset && note.shown === written.shown;
}

function noteKeyOf({ change }: Item, { context }: RenderedStatus): string {
  return `status/${change.repository.toLowerCase()}/${change.headSha}/${context}`;
}

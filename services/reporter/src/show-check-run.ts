/**
 * Brings one check run to what it should show. Before each call the note says that it is on its
 * way, so that dying in between is found out: after a create whose answer was lost the run is looked
 * for by its buildset, after a write with annotations their number is asked. The note is only ever
 * exchanged for the one that was read, so that two workers of one message notice each other
 * (`look-after.ts`), and a run is created only while no newer one has its place (`creation.ts`).
 */
import { randomUUID } from 'node:crypto';
import type { Json } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import type { CheckRunContent } from '@gatehouse/ports';
import { claimCreation, endCreation } from './creation.ts';
import type { ReporterDeps } from './deps.ts';
import { sinceLastChangeMs } from './lag.ts';
import { hasMovedOn } from './look-after.ts';
import {
  type CheckRunNote,
  fingerprint,
  NOTE_KEPT_MS,
  nothingWritten,
  OTHERS_PAUSE_MS,
  readCheckRunNote,
} from './notes.ts';
import { type Asked, done, type ShowDeps, type Shown } from './showing.ts';

/** Between two looks whether another creation has arrived, which cost a request each. */
const CREATION_PAUSE_MS = 5_000;

/** Shows it unless that was done, is too soon, or is not this run's any more. */
export async function showCheckRun(
  deps: ShowDeps,
  asked: Asked,
  content: CheckRunContent,
): Promise<Shown> {
  const { item, signal } = asked;
  const key = `check-run/${item.buildset}`;
  const stored = await deps.notes.readNote(key);
  const known = readCheckRunNote(stored);
  const shown = fingerprint(content);
  const isSettled = known?.writing === null && !known.isAnnotating;
  if (isSettled && known.shown === shown) return done;
  const waitMs = progressWait(deps, item, { known, content });
  if (waitMs > 0) return { code: 'later', inMs: waitMs };
  const run = { deps, item, signal, key, content, shown, stored, writing: randomUUID() };
  const found = known?.checkRun == null ? await findLost(run, known) : known;
  return found.checkRun === null ? create(run) : update(run, found, found.checkRun);
}

interface Showing extends Asked {
  readonly deps: ShowDeps;
  readonly key: string;
  readonly content: CheckRunContent;
  /** Hash over the content. */
  readonly shown: string;
  /** The note as it was read. */
  readonly stored: Json | null;
  /** Name of the write. */
  readonly writing: string;
}

/** Progress within one status is written at most once an interval; a new status at once. */
function progressWait(
  deps: ReporterDeps,
  item: Item,
  { known, content }: { known: CheckRunNote | null; content: CheckRunContent },
): number {
  if (known === null || known.status !== content.status || content.status === 'completed') return 0;
  return known.writtenAt + item.pipeline.progressIntervalMs - deps.clock.now();
}

/** A note without a number says that a run may have been created: its answer was lost. */
async function findLost(
  { deps, item, content }: Showing,
  known: CheckRunNote | null,
): Promise<CheckRunNote> {
  if (known === null) return nothingWritten;
  const { headSha, name, buildset } = content;
  const run = { headSha, name, buildset };
  const found = await deps.checkRuns.findCheckRun(item.change.repository, run);
  if (found === null) return nothingWritten;
  return { ...known, checkRun: found.checkRun, annotationsCount: found.annotationsCount };
}

async function create(run: Showing): Promise<Shown> {
  const { deps, item, content, writing } = run;
  const creation = { item, name: content.name, writing };
  const claim = await claimCreation(deps, creation);
  if (claim === 'newer') {
    const { buildset } = item;
    deps.log.info({ buildset }, 'a run has no check run: a newer one was there before it had any');
    return done;
  }
  if (claim === 'busy') return { code: 'again', inMs: CREATION_PAUSE_MS };
  try {
    return await write(run, nothingWritten, async () => {
      const checkRun = await deps.checkRuns.createCheckRun(item.change.repository, content);
      return { ...nothingWritten, checkRun, annotationsCount: content.annotations.length };
    });
  } finally {
    await endCreation(deps, creation);
  }
}

async function update(run: Showing, note: CheckRunNote, checkRun: number): Promise<Shown> {
  const { deps, item, content } = run;
  const arrived = note.isAnnotating ? await countArrived(run, note) : note.annotationsCount;
  const annotations = content.annotations.slice(arrived);
  const isAnnotating = note.isAnnotating || annotations.length > 0;
  return write(run, { ...note, isAnnotating }, async () => {
    const repository = item.change.repository;
    await deps.checkRuns.updateCheckRun(repository, checkRun, { ...content, annotations });
    const annotationsCount = Math.max(arrived, content.annotations.length);
    return { ...note, annotationsCount, isAnnotating: false };
  });
}

async function countArrived({ deps, item, content }: Showing, note: CheckRunNote): Promise<number> {
  const { headSha, name, buildset } = content;
  const run = { headSha, name, buildset };
  const found = await deps.checkRuns.findCheckRun(item.change.repository, run);
  return found?.annotationsCount ?? note.annotationsCount;
}

/** @param before the note while the call is on its way. */
async function write(
  run: Showing,
  before: CheckRunNote,
  call: () => Promise<CheckRunNote>,
): Promise<Shown> {
  const { deps, item, content, key, shown, signal, stored, writing } = run;
  signal.throwIfAborted();
  const change = { from: stored, to: { ...before, writing } };
  const isBegun = await deps.notes.exchangeNote(key, change, NOTE_KEPT_MS);
  if (!isBegun) return { code: 'again', inMs: OTHERS_PAUSE_MS };
  let written: CheckRunNote | null = null;
  try {
    signal.throwIfAborted();
    const now = await call();
    const { status } = content;
    written = { ...now, shown, status, writtenAt: deps.clock.now(), writing: null };
  } finally {
    const kept = written;
    await deps.looks.take(() => lookAfter(run, kept));
  }
  deps.metrics.reportWritten('check', sinceLastChangeMs(item, deps.clock.now()));
  deps.log.info(
    { buildset: item.buildset, check_run: written.checkRun, status: content.status },
    'check run written',
  );
  return done;
}

/** @param written what to note; null: it is not known what became of the call. */
async function lookAfter(run: Showing, written: CheckRunNote | null): Promise<void> {
  const { deps, item } = run;
  const isAlone = await settle(run, written);
  if (isAlone && !(await hasMovedOn(deps, item))) return;
  await deps.queue.send('reports', { tenant: item.tenant, buildset: item.buildset });
}

/** False: somebody else wrote meanwhile, and the note says now that it has to be written again. */
async function settle(run: Showing, written: CheckRunNote | null): Promise<boolean> {
  const { deps, key, content, writing } = run;
  for (;;) {
    const stored = await deps.notes.readNote(key);
    const note = readCheckRunNote(stored) ?? nothingWritten;
    const isAlone = note.writing === writing;
    // After a failure the note stays as it is: it says that a write was on its way.
    if (isAlone ? written === null : isAsWritten(note, written)) return true;
    const doubtful = {
      ...note,
      // Should there be two after all, GitHub shows the one with the higher number.
      checkRun: Math.max(note.checkRun ?? 0, written?.checkRun ?? 0) || null,
      shown: null,
      status: null,
      isAnnotating: note.isAnnotating || content.annotations.length > 0,
      writing: randomUUID(),
    };
    const to = isAlone && written !== null ? written : doubtful;
    if (await deps.notes.exchangeNote(key, { from: stored, to }, NOTE_KEPT_MS)) return isAlone;
  }
}

/** True when nothing is lost by who wrote last: this is noted, by us before or by somebody else. */
function isAsWritten(note: CheckRunNote, written: CheckRunNote | null): boolean {
  if (written === null || note.writing !== null) return false;
  return note.shown === written.shown && note.checkRun === written.checkRun;
}

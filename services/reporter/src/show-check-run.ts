/**
 * Brings one check run to what it should show. The note is written before each call that cannot be
 * taken back, so that dying in between is found out: after a create whose answer was lost the run
 * is looked for by its buildset, after a write with annotations their number is asked.
 */
import type { Item } from '@gatehouse/pipeline';
import type { CheckRunContent } from '@gatehouse/ports';
import type { ReporterDeps } from './deps.ts';
import { sinceLastChangeMs } from './lag.ts';
import {
  type CheckRunNote,
  fingerprint,
  NOTE_KEPT_MS,
  nothingWritten,
  readCheckRunNote,
} from './notes.ts';

/** @returns milliseconds until progress should be written; null: all is shown. */
export async function showCheckRun(
  deps: ReporterDeps,
  item: Item,
  content: CheckRunContent,
): Promise<number | null> {
  const key = `check-run/${item.buildset}`;
  const known = readCheckRunNote(await deps.notes.readNote(key));
  const shown = fingerprint(content);
  if (known?.shown === shown && !known.isAnnotating) return null;
  const waitMs = progressWait(deps, item, { known, content });
  if (waitMs > 0) return waitMs;
  const run: Showing = { deps, item, key, content };
  const found = known?.checkRun == null ? await findLost(run, known) : known;
  const written = found.checkRun === null ? await create(run) : await update(run, found);
  await write(run, { ...written, shown, status: content.status, writtenAt: deps.clock.now() });
  deps.metrics.reportWritten('check', sinceLastChangeMs(item, deps.clock.now()));
  deps.log.info(
    { buildset: item.buildset, check_run: written.checkRun, status: content.status },
    'check run written',
  );
  return null;
}

interface Showing {
  readonly deps: ReporterDeps;
  readonly item: Item;
  readonly key: string;
  readonly content: CheckRunContent;
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

async function create(run: Showing): Promise<CheckRunNote> {
  const { deps, item, content } = run;
  await write(run, nothingWritten);
  const checkRun = await deps.checkRuns.createCheckRun(item.change.repository, content);
  return { ...nothingWritten, checkRun, annotationsCount: content.annotations.length };
}

async function update(run: Showing, note: CheckRunNote): Promise<CheckRunNote> {
  const { deps, item, content } = run;
  const { checkRun } = note;
  if (checkRun === null) return create(run);
  const arrived = note.isAnnotating ? await countArrived(run, note) : note.annotationsCount;
  const annotations = content.annotations.slice(arrived);
  if (annotations.length > 0) await write(run, { ...note, isAnnotating: true });
  const repository = item.change.repository;
  await deps.checkRuns.updateCheckRun(repository, checkRun, { ...content, annotations });
  const annotationsCount = Math.max(arrived, content.annotations.length);
  return { ...note, annotationsCount, isAnnotating: false };
}

async function countArrived({ deps, item, content }: Showing, note: CheckRunNote): Promise<number> {
  const { headSha, name, buildset } = content;
  const run = { headSha, name, buildset };
  const found = await deps.checkRuns.findCheckRun(item.change.repository, run);
  return found?.annotationsCount ?? note.annotationsCount;
}

function write({ deps, key }: Showing, note: CheckRunNote): Promise<void> {
  return deps.notes.writeNote(key, note, NOTE_KEPT_MS);
}

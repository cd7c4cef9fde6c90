/** Brings one commit status to what it should say. GitHub keeps the newest of each context. */
import type { Item } from '@gatehouse/pipeline';
import type { ReporterDeps } from './deps.ts';
import { sinceLastChangeMs } from './lag.ts';
import { fingerprint, NOTE_KEPT_MS } from './notes.ts';
import type { RenderedStatus } from './render/status.ts';

/** Writes the status unless the last one written says the same. */
export async function showStatus(
  deps: ReporterDeps,
  item: Item,
  status: RenderedStatus,
): Promise<void> {
  const key = `status/${item.buildset}`;
  const shown = fingerprint(status);
  if ((await deps.notes.readNote(key)) === shown) return;
  // Writing the same status twice after a crash is harmless: it is the newest both times.
  await deps.statuses.createStatus(item.change.repository, item.change.headSha, status);
  await deps.notes.writeNote(key, shown, NOTE_KEPT_MS);
  deps.metrics.reportWritten('status', sinceLastChangeMs(item, deps.clock.now()));
}

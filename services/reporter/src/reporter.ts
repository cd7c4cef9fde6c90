/**
 * The reporter role: makes GitHub show what the engine says. A message names a buildset, never a
 * text: what should be shown is rendered from the state as it is now and compared with what was
 * last written, so that doubled, late and lost messages come to the same end. Messages of one
 * buildset are worked on one at a time (the queue sees to that), hence no two writers race.
 *
 * Modes: stopped → running (start) → stopped (stop, which waits for writes in hand).
 */
import { GatehouseError } from '@gatehouse/model';
import { type Item, itemRecordKey, readItem } from '@gatehouse/pipeline';
import type { MessageCatalogue, MessageOutcome, QueueWorker } from '@gatehouse/ports';
import type { ReporterDeps } from './deps.ts';
import { renderRun } from './render/run.ts';
import { renderStatus } from './render/status.ts';
import { showCheckRun } from './show-check-run.ts';
import { showStatus } from './show-status.ts';
import { createWakeUps, type WakeUps } from './wake-ups.ts';

/** Writes at the same time: GitHub wants few, and one installation has one budget. */
const REPORT_CONCURRENCY = 4;

/** The role. */
export interface Reporter extends AsyncDisposable {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly isRunning: boolean;
}

type ReportsMessage = MessageCatalogue['reports'];

/** Makes the role; nothing runs before `start`. */
export function createReporter(deps: ReporterDeps): Reporter {
  const wakeUps = createWakeUps(deps.queue, deps.log);
  const worker: QueueWorker = deps.queue.work('reports', {
    concurrency: REPORT_CONCURRENCY,
    handle: (message) => handle(deps, wakeUps, message),
    onExhausted: async (message, error) => {
      deps.metrics.reportGivenUp(error instanceof GatehouseError ? error.code : 'unknown');
      deps.log.error({ buildset: message.buildset, err: error }, 'a report was given up');
    },
  });
  return {
    start: () => worker.start(),
    stop,
    get isRunning() {
      return worker.isRunning;
    },
    [Symbol.asyncDispose]: stop,
  };

  async function stop(): Promise<void> {
    await worker.stop();
    // Last: a write that was in hand may have asked for one more.
    wakeUps.clear();
  }
}

async function handle(
  deps: ReporterDeps,
  wakeUps: WakeUps,
  message: ReportsMessage,
): Promise<MessageOutcome> {
  const { tenant, buildset } = message;
  const [record] = await deps.tenants.readRecords(tenant, [itemRecordKey(buildset)]);
  if (record === null || record === undefined) {
    deps.log.warn({ buildset }, 'a report was asked for an unknown item');
    return 'done';
  }
  const laterInMs = await show(deps, readItem(record));
  if (laterInMs === null) wakeUps.forget(buildset);
  else wakeUps.set({ tenant, buildset }, laterInMs);
  return 'done';
}

/** @returns milliseconds until progress should be written; null: all is shown. */
async function show(deps: ReporterDeps, item: Item): Promise<number | null> {
  const run = renderRun(item, deps.publicUrl);
  const laterInMs = run === null ? null : await showCheckRun(deps, item, run);
  const status = renderStatus(item, deps.publicUrl);
  if (status !== null) await showStatus(deps, item, status);
  return laterInMs;
}

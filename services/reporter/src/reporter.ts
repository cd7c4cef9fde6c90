/**
 * The reporter role: makes GitHub show what the engine says. A message names a buildset, never a
 * text: what should be shown is rendered from the state as it is now and compared with what was
 * last written, so that doubled, late and lost messages come to the same end. Messages of one
 * buildset are worked on one at a time (the queue sees to that) for as long as their locks hold; a
 * message whose lock ran out may have two workers, and two runs can write to one place of GitHub.
 * `look-after.ts` says how such writers notice each other, `creation.ts` and `show-status.ts` how
 * an older run keeps off.
 *
 * Modes: stopped → running (start) → stopped (stop, which waits for writes in hand).
 */
import { GatehouseError } from '@gatehouse/model';
import { itemRecordKey, readItem } from '@gatehouse/pipeline';
import type { MessageCatalogue, MessageOutcome, QueueWorker } from '@gatehouse/ports';
import type { ReporterDeps } from './deps.ts';
import { createLooks } from './look-after.ts';
import { renderRun } from './render/run.ts';
import { renderStatus } from './render/status.ts';
import { showCheckRun } from './show-check-run.ts';
import { showStatus } from './show-status.ts';
import { type Asked, done, type ShowDeps, type Shown } from './showing.ts';
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
  const looks = createLooks(deps.log);
  const worker: QueueWorker = deps.queue.work('reports', {
    concurrency: REPORT_CONCURRENCY,
    handle: (message, { signal }) => handle({ ...deps, looks }, wakeUps, { message, signal }),
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
    looks.clear();
  }
}

async function handle(
  deps: ShowDeps,
  wakeUps: WakeUps,
  { message, signal }: { readonly message: ReportsMessage; readonly signal: AbortSignal },
): Promise<MessageOutcome> {
  const { tenant, buildset } = message;
  const [record] = await deps.tenants.readRecords(tenant, [itemRecordKey(buildset)]);
  if (record === null || record === undefined) {
    deps.log.warn({ buildset }, 'a report was asked for an unknown item');
    return 'done';
  }
  const { run, status } = await show(deps, { item: readItem(record), signal });
  if (run.code === 'later') wakeUps.set({ tenant, buildset }, run.inMs);
  else wakeUps.forget(buildset);
  if (run.code === 'again') return { againInMs: run.inMs };
  return status.code === 'again' ? { againInMs: status.inMs } : 'done';
}

async function show(
  deps: ShowDeps,
  asked: Asked,
): Promise<{ readonly run: Shown; readonly status: Shown }> {
  const content = renderRun(asked.item, deps.publicUrl);
  const run = content === null ? done : await showCheckRun(deps, asked, content);
  const rendered = renderStatus(asked.item, deps.publicUrl);
  const status = rendered === null ? done : await showStatus(deps, asked, rendered);
  return { run, status };
}

/**
 * One look at GitHub's list of failed deliveries, newest first. The first pages are worked on at
 * once; what lies further back is worked on at a pace that leaves GitHub's limits to the reports.
 */
import type { Clock, DeliveryLog, FailedDelivery, Log } from '@gatehouse/ports';
import type { Healing } from './heal-delivery.ts';
import { PACED_PAGE_MS, PACED_REDELIVERY_MS, PROMPT_CONCURRENCY, PROMPT_PAGES } from './limits.ts';

/** Resolves after a while; rejects when `signal` aborts. */
export type Wait = (delayMs: number, signal: AbortSignal) => Promise<void>;

/** What a look works with. */
export interface LookDeps {
  readonly deliveryLog: Pick<DeliveryLog, 'listFailed'>;
  readonly heal: (failed: FailedDelivery) => Promise<Healing>;
  readonly wait: Wait;
  readonly clock: Clock;
  readonly log: Log;
  /** Called before every page and every delivery; rejects when the look has to end. */
  readonly onProgress: () => Promise<void>;
}

/** Where to look. */
export interface LookOptions {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Null: every page. */
  readonly pagesMax: number | null;
  readonly signal: AbortSignal;
}

/** Deliveries by what was done about them. */
export type LookCounts = Readonly<Record<Healing, number>> & { readonly pages: number };

/** Walks the list. @throws what listing or healing throws, and AbortError */
export async function look(deps: LookDeps, options: LookOptions): Promise<LookCounts> {
  const counts = { asked: 0, requeued: 0, known: 0, left: 0, refused: 0, pages: 0 };
  const pages = deps.deliveryLog.listFailed(options.since)[Symbol.asyncIterator]();
  for (;;) {
    const next = await unlessAborted(() => pages.next(), options.signal);
    if (next.done) break;
    const page = next.value;
    await deps.onProgress();
    counts.pages += 1;
    const isPrompt = counts.pages <= PROMPT_PAGES;
    const healings = isPrompt
      ? await healPromptly(deps, page, options.signal)
      : await healPaced(deps, page, options.signal);
    for (const healing of healings) counts[healing] += 1;
    deps.log.debug({ page: counts.pages, failed: page.length }, 'Page of failed deliveries done');
    if (options.pagesMax !== null && counts.pages >= options.pagesMax) break;
  }
  return counts;
}

/** Several at once, started newest first. */
async function healPromptly(
  deps: LookDeps,
  page: readonly FailedDelivery[],
  signal: AbortSignal,
): Promise<Healing[]> {
  const waiting = page.values();
  const healings: Healing[] = [];
  async function work(): Promise<void> {
    for (const failed of waiting) {
      signal.throwIfAborted();
      await deps.onProgress();
      healings.push(await unlessAborted(() => deps.heal(failed), signal));
    }
  }
  // All of them end before an error is passed on, so that nothing goes on behind a look's back.
  const ends = await Promise.allSettled(Array.from({ length: PROMPT_CONCURRENCY }, work));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return healings;
}

/** One after the other, with a pause after each request and each page. */
async function healPaced(
  deps: LookDeps,
  page: readonly FailedDelivery[],
  signal: AbortSignal,
): Promise<Healing[]> {
  const healings: Healing[] = [];
  await deps.wait(PACED_PAGE_MS, signal);
  for (const failed of page) {
    await deps.onProgress();
    const healing = await unlessAborted(() => deps.heal(failed), signal);
    healings.push(healing);
    if (healing === 'asked') await deps.wait(PACED_REDELIVERY_MS, signal);
  }
  return healings;
}

/**
 * The call's outcome, or the abort when that comes first; after it nothing is called. A call to
 * GitHub may wait for its budget for minutes, and stopping does not; what it still does is
 * idempotent, and nobody is left to hear of its failure.
 */
async function unlessAborted<Value>(
  call: () => Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([call(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

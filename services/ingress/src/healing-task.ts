/**
 * Heals lost webhooks: GitHub never repeats a delivery by itself, so what failed while the service
 * was away is asked for again. A look begins at the start and then every five minutes; it reaches
 * back to the last complete look (and an hour more), at most three days.
 *
 * It owns the notes under `ingress/healing/`. One process looks at a time, by a short lease that
 * is renewed as the look goes on. Everything a look does is idempotent, so an interrupted one is
 * simply begun again: what has come in meanwhile is no longer listed, or known.
 *
 * Modes: stopped → looking ⇄ waiting → stopped. `looking` ends complete (progress is noted),
 * failed (tried again after a growing pause, from the same point) or elsewhere (another process
 * looks; its lease's end is waited for). `stop` interrupts either mode.
 */
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import type { DeliveryLog, NoteStore } from '@gatehouse/ports';
import { bindLog, type HealingOutcome, type Metrics } from '@gatehouse/telemetry';
import { type HealDeliveryDeps, healDelivery } from './heal-delivery.ts';
import { createHealingNotes, type HealingNotes } from './healing-notes.ts';
import {
  HEALING_INTERVAL_MS,
  HEALING_OVERLAP_MS,
  HEALING_RETRY_MS,
  HEALING_WINDOW_MS,
  LEASE_RENEWAL_MS,
  PROMPT_PAGES,
} from './limits.ts';
import { type LookCounts, look, type Wait } from './look.ts';

/** What healing works with. */
export interface HealingDeps extends Omit<HealDeliveryDeps, 'notes' | 'deliveryLog' | 'metrics'> {
  readonly notes: NoteStore;
  readonly deliveryLog: DeliveryLog;
  readonly metrics: Pick<Metrics, 'healingRound' | 'redeliveryRequested'>;
  readonly wait: Wait;
  /** Names this process among those that share the notes. */
  readonly processId: string;
}

/** A task that runs until it is stopped. */
export interface HealingTask extends AsyncDisposable {
  start(): void;
  /** Interrupts what is under way and waits for its end. */
  stop(): Promise<void>;
  readonly isRunning: boolean;
}

/** The task, not yet started. */
export function createHealingTask(deps: HealingDeps): HealingTask {
  const log = bindLog(deps.log, { role: 'ingress' });
  const rounds = createRounds({ ...deps, log });
  let running: { readonly controller: AbortController; readonly ended: Promise<void> } | null =
    null;

  async function run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const round = await rounds.run(signal);
      if (signal.aborted) break;
      failures = round.outcome === 'failed' ? failures + 1 : 0;
      const pause =
        round.outcome === 'failed' ? retryPause(failures, round.againInMs) : round.againInMs;
      await deps.wait(pause, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  async function stop(): Promise<void> {
    const stopping = running;
    running = null;
    stopping?.controller.abort();
    await stopping?.ended;
  }

  return {
    start() {
      if (running !== null) return;
      const controller = new AbortController();
      const ended = run(controller.signal).catch((error: unknown) => {
        running = null;
        log.fatal({ err: error }, 'Healing of deliveries stopped');
      });
      running = { controller, ended };
    },
    stop,
    [Symbol.asyncDispose]: stop,
    get isRunning() {
      return running !== null;
    },
  };
}

/** Grows from failure to failure up to the ordinary interval, and never undercuts GitHub's wish. */
function retryPause(failures: number, askedForMs: number): number {
  const growing = HEALING_RETRY_MS * 2 ** Math.min(failures - 1, 10);
  return Math.max(askedForMs, Math.min(growing, HEALING_INTERVAL_MS));
}

interface Round {
  readonly outcome: HealingOutcome;
  readonly againInMs: number;
}

function createRounds(deps: HealingDeps) {
  const notes = createHealingNotes(deps.notes);
  const heal = { ...deps, notes };
  let isFirst = true;

  async function run(signal: AbortSignal): Promise<Round> {
    const round = await attempt(signal).catch((error: unknown) => failed(deps, error, signal));
    deps.metrics.healingRound(round.outcome);
    return round;
  }

  async function attempt(signal: AbortSignal): Promise<Round> {
    const startedAt = deps.clock.now();
    const lookedAt = await notes.readLookedAt();
    // With several processes one look per interval is enough; the first of each looks anyway.
    const nextAt = (lookedAt ?? -Infinity) + HEALING_INTERVAL_MS;
    if (!isFirst && nextAt > startedAt) {
      return { outcome: 'elsewhere', againInMs: nextAt - startedAt };
    }
    const heldForMs = await notes.takeLease(deps.processId, startedAt);
    if (heldForMs > 0) return { outcome: 'elsewhere', againInMs: heldForMs };
    try {
      const earliest = startedAt - HEALING_WINDOW_MS;
      const since = Math.max(earliest, (lookedAt ?? earliest) - HEALING_OVERLAP_MS);
      const counts = await lookThrough(deps, { heal, notes, since, startedAt, signal });
      await notes.writeLookedAt(startedAt);
      isFirst = false;
      tell(deps, counts, since);
      return { outcome: 'complete', againInMs: HEALING_INTERVAL_MS };
    } finally {
      await notes.releaseLease(deps.processId);
    }
  }

  return { run };
}

interface Looking {
  readonly heal: HealDeliveryDeps;
  readonly notes: HealingNotes;
  readonly since: number;
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

/**
 * The whole list. A long one is worked on for hours at its pace; so that what fails meanwhile does
 * not wait that long, the newest pages are looked at in between, once per interval.
 */
async function lookThrough(deps: HealingDeps, looking: Looking): Promise<LookCounts> {
  const { heal, notes, signal } = looking;
  let freshAt = looking.startedAt;
  let renewedAt = looking.startedAt;

  async function renew(): Promise<void> {
    const now = deps.clock.now();
    if (now - renewedAt < LEASE_RENEWAL_MS) return;
    renewedAt = now;
    const heldForMs = await notes.takeLease(deps.processId, now);
    if (heldForMs > 0) {
      throw new GatehouseError('GATE_COMMIT_STALE', 'another process took over healing', {
        retryAfterMs: heldForMs,
      });
    }
  }

  async function renewAndRefresh(): Promise<void> {
    await renew();
    const now = deps.clock.now();
    if (now - freshAt < HEALING_INTERVAL_MS) return;
    // Only a short way further back: a long one would be the backlog again, without its pace.
    const since = freshAt - HEALING_INTERVAL_MS;
    freshAt = now;
    await look(
      { ...deps, heal: (failed) => healDelivery(heal, failed), onProgress: renew },
      { since, pagesMax: PROMPT_PAGES, signal },
    );
  }

  return await look(
    { ...deps, heal: (failed) => healDelivery(heal, failed), onProgress: renewAndRefresh },
    { since: looking.since, pagesMax: null, signal },
  );
}

function tell(deps: HealingDeps, counts: LookCounts, since: number): void {
  const done = counts.asked + counts.requeued + counts.refused;
  const level = done > 0 ? 'info' : 'debug';
  deps.log[level]({ ...counts, since }, 'Failed deliveries looked through');
}

function failed(deps: HealingDeps, error: unknown, signal: AbortSignal): Round {
  if (signal.aborted) return { outcome: 'interrupted', againInMs: 0 };
  const askedForMs = error instanceof GatehouseError ? (error.retryAfterMs ?? 0) : 0;
  if (error instanceof GatehouseError && error.code === 'GATE_COMMIT_STALE') {
    return { outcome: 'elsewhere', againInMs: askedForMs };
  }
  const { logLevel } = conductOf(kindOf(error));
  // A transient error costs latency only and is tried again; it is still worth a warning.
  deps.log[logLevel === 'debug' ? 'warn' : logLevel](
    { err: error },
    'Failed deliveries could not be looked through',
  );
  return { outcome: 'failed', againInMs: askedForMs };
}

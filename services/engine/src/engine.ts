/**
 * The engine role: deliveries go from the inbox to the queue, intake turns them and results into
 * events, turns fold them, the relay hands the effects on. Two loops repair what crashes leave
 * behind: the sweep wakes tenants whose mailbox or outbox is not empty, and the timer loop posts
 * what has come due.
 *
 * Modes: stopped → running (start) → stopped (stop, which waits for messages in hand).
 */
import type { TenantId } from '@gatehouse/model';
import type { MessageOutcome, QueueWorker } from '@gatehouse/ports';
import type { EngineDeps } from './deps.ts';
import { createInboxRelay } from './intake/inbox.ts';
import { createIntake } from './intake/intake.ts';
import { createLoop } from './loop.ts';
import { relayEffects } from './turn/relay.ts';
import { takeTurns } from './turn/turn.ts';

/** Deliveries read at the same time: each waits for GitHub most of its time. */
const INTAKE_CONCURRENCY = 16;
/** Tenants whose turns are taken at the same time. */
const TURN_CONCURRENCY = 8;
/** How long work may lie unnoticed after a crash, in milliseconds. */
const SWEEP_INTERVAL_MS = 5_000;
/** How late a timer may fire, in milliseconds. */
const TIMER_INTERVAL_MS = 1_000;
/** Timers posted at once. */
const TIMERS_PER_ROUND_MAX = 100;

/** The running role. */
export interface Engine extends AsyncDisposable {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly isRunning: boolean;
  /** Puts a change into a pipeline by hand: an administrator's `enqueue`. */
  readonly enqueue: ReturnType<typeof createIntake>['enqueue'];
}

/** Makes the role; nothing runs before `start`. */
export function createEngine(deps: EngineDeps): Engine {
  const intake = createIntake(deps);
  const workers: readonly QueueWorker[] = [
    deps.queue.work('events', {
      concurrency: INTAKE_CONCURRENCY,
      handle: intake.handle,
      onExhausted: intake.giveUp,
    }),
    deps.queue.work('turns', {
      concurrency: TURN_CONCURRENCY,
      handle: ({ tenant }) => turn(deps, tenant),
      // Nothing is lost: the mailbox still holds the events and the sweep wakes the tenant again.
      onExhausted: async ({ tenant }, error) => {
        deps.log.error({ tenant, err: error }, 'a turn was given up; the sweep will take it again');
      },
    }),
  ];
  const sweep = createLoop(SWEEP_INTERVAL_MS, () => wakeTenants(deps), deps.log);
  const timerLoop = createLoop(TIMER_INTERVAL_MS, () => fireTimers(deps), deps.log);
  const inbox = createInboxRelay(deps);
  let isRunning = false;

  async function start(): Promise<void> {
    await Promise.all(workers.map((worker) => worker.start()));
    sweep.start();
    timerLoop.start();
    await inbox.start();
    isRunning = true;
  }

  async function stop(): Promise<void> {
    isRunning = false;
    // At once: each of them may wait for a Redis that is away.
    const loops = [inbox, sweep, timerLoop];
    await Promise.all([...workers, ...loops].map((part) => part.stop()));
  }

  return {
    start,
    stop,
    get isRunning() {
      return isRunning && workers.every((worker) => worker.isRunning);
    },
    enqueue: intake.enqueue,
    [Symbol.asyncDispose]: stop,
  };
}

async function turn(deps: EngineDeps, tenant: TenantId): Promise<MessageOutcome> {
  // What an earlier turn committed and could not hand on goes first, to keep the order.
  await relayEffects(deps, tenant);
  await takeTurns(deps, tenant, () => relayEffects(deps, tenant));
  return 'done';
}

async function wakeTenants(deps: EngineDeps): Promise<void> {
  for (const tenant of await deps.tenants.tenantsWithWork()) {
    await deps.queue.send('turns', { tenant });
  }
}

async function fireTimers(deps: EngineDeps): Promise<void> {
  const woken = await deps.timers.fireDueTimers(deps.clock.now(), TIMERS_PER_ROUND_MAX);
  for (const tenant of woken) await deps.queue.send('turns', { tenant });
}

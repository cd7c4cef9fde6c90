/**
 * Works on the `launches` queue: starts attempts through executors and stops them.
 *
 * It owns what runs on this host. It decides nothing: whether an attempt counts is read from the
 * item and asked from the register, so that a message that comes twice, late or for an attempt that
 * is over does no harm. A cancellation reaches a running job on three ways, the fastest first: the
 * announcement, the cancel message, and the heartbeat that asks the register.
 *
 * Command jobs are limited by places, not by the queue's concurrency: if jobs that never end filled
 * the queue's hands, the message that cancels them would wait behind them.
 *
 * Modes: `stopped` → `running` by start() → `stopping` by stop(): no new message is taken, running
 * command jobs are ended and their messages handed back, so that they run again → `stopped`.
 */
import type { QueueWorker } from '@gatehouse/ports';
import { searchPathOf } from './command/environment.ts';
import { createSandboxFinder } from './command/sandbox.ts';
import { createWorkspaces } from './command/workspace.ts';
import type { RunnerDeps } from './deps.ts';
import { createLaunchHandler } from './handle-launch.ts';
import { HEARTBEAT_MS, LIGHT_MESSAGES_MAX, STOP_GRACE_MS, TERM_GRACE_MS } from './limits.ts';
import { createPlaces } from './places.ts';
import { createBuildReports } from './reports.ts';
import { createStopSwitches } from './stop-switches.ts';

/** Topic on which `{ "cancel": BUILD }` is announced. */
const TOPIC = 'builds';

/** The runner role of one process. */
export interface Runner extends AsyncDisposable {
  /** Clears what dead runners left, then takes messages. */
  start(): Promise<void>;
  /**
   * Ends running command jobs and hands their messages back. What takes longer than a worker's stop,
   * such as a large workspace that is being removed, is left to the next start.
   */
  stop(): Promise<void>;
  readonly isRunning: boolean;
}

/** A runner that is stopped until it is started. */
export function createRunner(deps: RunnerDeps): Runner {
  const { settings, queue, announcements, log } = deps;
  const workspaces = createWorkspaces(settings.dataDir);
  const findSandbox = createSandboxFinder({
    dataDir: settings.dataDir,
    searchPath: searchPathOf(settings.hostEnvironment.PATH),
    workspaces,
    log,
  });
  const switches = createStopSwitches(log, deps.heartbeatMs ?? HEARTBEAT_MS);
  let stopping = new AbortController();
  let worker: QueueWorker | null = null;
  let endListening: (() => Promise<void>) | null = null;
  let starting: Promise<void> | null = null;

  function start(): Promise<void> {
    starting ??= begin();
    return starting;
  }

  async function begin(): Promise<void> {
    stopping = new AbortController();
    const removed = await workspaces.sweep();
    if (removed > 0) log.info({ removed }, 'workspaces of dead runners were removed');
    if (stopping.signal.aborted) return;
    endListening = await announcements.listen(TOPIC, (message) => {
      if (typeof message !== 'object' || message === null || !('cancel' in message)) return;
      if (typeof message.cancel === 'string') switches.stop(message.cancel);
    });
    if (stopping.signal.aborted) return;
    const handler = createLaunchHandler({
      ...deps,
      reports: createBuildReports(deps),
      places: createPlaces(settings.concurrency),
      switches,
      workspaces,
      findSandbox,
      stopping: stopping.signal,
      graceMs: () => (stopping.signal.aborted ? STOP_GRACE_MS : TERM_GRACE_MS),
      announceCancel: (build) => announcements.announce(TOPIC, { cancel: build }),
    });
    worker = queue.work('launches', {
      concurrency: settings.concurrency + LIGHT_MESSAGES_MAX,
      handle: (message, context) => handler.handle(message, context),
      onExhausted: (message, error) => handler.giveUp(message, error),
    });
    await worker.start();
  }

  async function stop(): Promise<void> {
    // First no new message, or a job that is handed back would come again at once.
    const stopped = worker?.stop();
    stopping.abort();
    await stopped;
    // A start that is under way sees the abort; what it had made by then is taken down here.
    await starting?.catch(() => undefined);
    await endListening?.();
    worker = null;
    endListening = null;
    starting = null;
  }

  return {
    start,
    stop,
    get isRunning() {
      return worker?.isRunning === true;
    },
    [Symbol.asyncDispose]: stop,
  };
}

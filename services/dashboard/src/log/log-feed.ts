/**
 * Brings a job's log to the screen: its end at once, what it grows by while the job runs, and what
 * was before when the reader asks for it.
 *
 * Modes: loading → following (asks every second, and at once when something changed) → complete;
 * loading → gone, where a job is over and its log is not there. Nobody answering, or no log of a job
 * that goes on, only means asking again.
 */
import type { Api, LogPart } from '../data/api.ts';
import { ignoreEnd, pause } from '../data/follow.ts';
import type { Live } from '../data/live.ts';
import { firstLineAt } from './lines.ts';
import type { LogScreen } from './screen.ts';

/** What is known of a log. */
export interface LogState {
  readonly mode: 'loading' | 'following' | 'complete' | 'gone';
  /** Bytes before what is shown. */
  readonly start: number;
  /** Bytes up to the end of what is shown. */
  readonly end: number;
}

/** Before the first answer. */
export const LOADING: LogState = { mode: 'loading', start: 0, end: 0 };

/** An open log. */
export interface LogFeed {
  /** Shows more of what was before. */
  loadEarlier(): Promise<void>;
}

/** What it works with. */
export interface LogFeedDeps {
  readonly api: Api;
  readonly live: Live;
  readonly screen: LogScreen;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly onState: (state: LogState) => void;
  /** True once the job is over: what is missing then does not come. */
  readonly isOver: () => boolean;
  /** Runs `draw`, which changes what is above or below, without moving what is being read. */
  readonly keepPlace: (draw: () => void) => void;
  /** True while the reader is at the end, so that what is far above may be put away. */
  readonly isFollowing: () => boolean;
}

/** Shown at first. */
const TAIL_BYTES = 256 * 1024;
/** Brought by one wish for more; the service hands out a megabyte at most. */
const EARLIER_BYTES = 512 * 1024;
/** Kept on the screen while it grows at the reader's end. */
const SCREEN_BYTES_MAX = 1024 * 1024;
const ASK_AGAIN_MS = 1000;

/** @param build its id */
export function openLog(deps: LogFeedDeps, build: string): LogFeed {
  const { api, screen, signal, keepPlace } = deps;
  const path = `builds/${encodeURIComponent(build)}/log`;
  let state = LOADING;
  let isLoadingEarlier = false;
  const enter = (next: LogState): void => {
    state = next;
    deps.onState(next);
  };

  const isAtEnd = (): boolean => state.mode === 'complete' || state.mode === 'gone';
  const take = (part: LogPart): void => {
    const isFirst = state.mode === 'loading';
    const skipped = isFirst && part.offset > 0 ? firstLineAt(part.bytes) : 0;
    const start = isFirst ? part.offset + skipped : state.start;
    keepPlace(() => {
      screen.append(part.bytes.subarray(skipped));
      if (part.isComplete) screen.finish();
      const taken = deps.isFollowing() ? screen.trim(SCREEN_BYTES_MAX) : 0;
      const mode = part.isComplete ? 'complete' : 'following';
      enter({ mode, start: start + taken, end: part.nextOffset });
    });
  };

  const follow = async (): Promise<void> => {
    while (!signal.aborted && !isAtEnd()) {
      const wasOver = deps.isOver();
      const query = state.mode === 'loading' ? `tail=${TAIL_BYTES}` : `offset=${state.end}`;
      const answer = await api.getLog(`${path}?${query}`, signal);
      const hasMore = answer.kind === 'ok' && answer.body.bytes.length > 0;
      if (answer.kind === 'ok') take(answer.body);
      if (answer.kind === 'missing' && wasOver) enter({ ...state, mode: 'gone' });
      if (!hasMore && !isAtEnd()) await untilWorthAsking(deps.live, signal);
    }
  };
  follow().catch(ignoreEnd(signal));

  return {
    async loadEarlier() {
      if (isLoadingEarlier || state.start === 0) return;
      isLoadingEarlier = true;
      const { start } = state;
      const offset = Math.max(0, start - EARLIER_BYTES);
      const answer = await api.getLog(`${path}?offset=${offset}&limit=${start - offset}`, signal);
      isLoadingEarlier = false;
      // What was trimmed meanwhile would leave a gap.
      if (answer.kind !== 'ok' || state.start !== start) return;
      const { bytes } = answer.body;
      const skipped = offset === 0 ? 0 : firstLineAt(bytes);
      keepPlace(() => {
        screen.prepend(bytes.subarray(skipped));
        enter({ ...state, start: offset + skipped });
      });
    },
  };
}

/** After a second, or when something changed; a page that nobody sees waits for being seen. */
async function untilWorthAsking(live: Live, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = live.onTick(resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  const second = async (): Promise<void> => {
    do await pause(ASK_AGAIN_MS);
    while (document.hidden && !signal.aborted);
  };
  await Promise.race([promise, second()]);
  stop();
}

/**
 * Brings the log of one try of a job to the screen: its end at once, what it grows by while the job
 * runs, and what was before when the reader asks for it.
 *
 * It names the try with every request: each try has a log of its own, and bytes of two of them must
 * not meet on the screen. Only the job's own end ends a log: a runner that stops closes the log of a
 * try that begins anew in the same one.
 *
 * Modes: loading → waiting (this try has written nothing yet) → following → complete (the job was
 * over before the last look). Waiting and following ask every second, and at once when something
 * changed. Where a job is over and the try has no log, the ones before it are looked for: loading →
 * that one complete, or gone. Nobody answering only means asking again.
 */
import type { BuildView } from '@gatehouse/contracts';
import type { Answer, Api, LogPart } from '../data/api.ts';
import { ignoreEnd } from '../data/follow.ts';
import type { Live } from '../data/live.ts';
import { firstLineAt } from './lines.ts';
import type { LogScreen } from './screen.ts';

/** What is known of a log. */
export interface LogState {
  readonly mode: 'loading' | 'waiting' | 'following' | 'complete' | 'gone';
  /** Which try it is of; an earlier one than the job's last where that left none. */
  readonly attempt: number;
  /** Bytes before what is shown. */
  readonly start: number;
  /** Bytes up to the end of what is shown. */
  readonly end: number;
}

/** Before the first answer. */
export function loading(attempt: number): LogState {
  return { mode: 'loading', attempt, start: 0, end: 0 };
}

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
  /** True once the job or its run is over: what is missing then does not come. */
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

/** Opens the log of a build's attempt. */
export function openLog(deps: LogFeedDeps, build: Pick<BuildView, 'id' | 'attempt'>): LogFeed {
  const { api, screen, signal, keepPlace } = deps;
  const path = `builds/${encodeURIComponent(build.id)}/log`;
  let state = loading(build.attempt);
  let isLoadingEarlier = false;
  const enter = (next: LogState): void => {
    state = next;
    deps.onState(next);
  };

  const ask = (part: string): Promise<Answer<LogPart>> =>
    api.getLog(`${path}?attempt=${state.attempt}&${part}`, signal);
  const isAtEnd = (): boolean => state.mode === 'complete' || state.mode === 'gone';
  const take = (part: LogPart, wasOver: boolean): void => {
    const isEnd = part.isComplete && wasOver;
    const isFirst = state.end === 0;
    const skipped = isFirst && part.offset > 0 ? firstLineAt(part.bytes) : 0;
    const start = isFirst ? part.offset + skipped : state.start;
    keepPlace(() => {
      screen.append(part.bytes.subarray(skipped));
      if (isEnd) screen.finish();
      const taken = deps.isFollowing() ? screen.trim(SCREEN_BYTES_MAX) : 0;
      const mode = isEnd ? 'complete' : 'following';
      enter({ ...state, mode, start: start + taken, end: part.nextOffset });
    });
  };
  const miss = (wasOver: boolean): void => {
    const isUnseen = state.end === 0;
    if (wasOver && isUnseen && state.attempt > 1) enter(loading(state.attempt - 1));
    else if (wasOver) enter({ ...state, mode: 'gone' });
    else if (isUnseen) enter({ ...state, mode: 'waiting' });
  };

  const follow = async (): Promise<void> => {
    while (!signal.aborted && !isAtEnd()) {
      const wasOver = deps.isOver();
      const { attempt, end } = state;
      const answer = await ask(end === 0 ? `tail=${TAIL_BYTES}` : `offset=${end}`);
      if (answer.kind === 'ok') take(answer.body, wasOver);
      if (answer.kind === 'missing') miss(wasOver);
      const hasMoved = state.end > end || state.attempt !== attempt;
      if (!hasMoved && !isAtEnd()) await untilWorthAsking(deps.live, signal);
    }
  };
  follow().catch(ignoreEnd(signal));

  return {
    async loadEarlier() {
      if (isLoadingEarlier || state.start === 0) return;
      isLoadingEarlier = true;
      const { start } = state;
      const offset = Math.max(0, start - EARLIER_BYTES);
      const answer = await ask(`offset=${offset}&limit=${start - offset}`);
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

/** After a second, or when something changed; while nobody sees the page, only then. */
async function untilWorthAsking(live: Live, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const stop = live.onTick(end);
  signal.addEventListener('abort', end);
  const clock = setInterval(() => {
    if (!document.hidden) end();
  }, ASK_AGAIN_MS);
  await promise;
  clearInterval(clock);
  signal.removeEventListener('abort', end);
  stop();
}

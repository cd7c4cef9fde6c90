/**
 * Keeps what is shown equal to what the service says: asks once, and again after every tick, one
 * request at a time. Ticks that come meanwhile become one further request. What was seen last is
 * remembered, so that going back shows it at once.
 */
import type { Api } from './api.ts';
import type { Live } from './live.ts';

/** What is known. */
export interface Seen<T> {
  /** `loading` until the first answer; `away` when there is none to be had. */
  readonly state: 'loading' | 'ready' | 'missing' | 'away';
  /** The last that was known; null before, and for what is missing. */
  readonly body: T | null;
}

/** Follows paths of the read API. */
export interface Follower {
  /** What was seen there last, for the first drawing. */
  last<T>(path: string): Seen<T>;
  /** Calls `show` with every change of what is known. @returns ends it */
  follow<T>(path: string, show: (seen: Seen<T>) => void): () => void;
}

/** Shortest time between two requests, and how many times as long as a request a pause is. */
const PAUSE_MS_MIN = 300;
const PAUSE_FACTOR = 2;
/** Answers that are remembered; the oldest goes first. */
const REMEMBERED_MAX = 20;

const LOADING: Seen<never> = { state: 'loading', body: null };

/** Remembers for as long as the page stays open. */
export function createFollower(deps: { readonly api: Api; readonly live: Live }): Follower {
  const { api, live } = deps;
  const memory = new Map<string, Seen<unknown>>();
  // What is kept under a path was put there by an answer to that path.
  const last = <T>(path: string): Seen<T> => (memory.get(path) ?? LOADING) as Seen<T>;

  const remember = (path: string, seen: Seen<unknown>): void => {
    memory.delete(path);
    memory.set(path, seen);
    const oldest = memory.keys().next();
    if (memory.size > REMEMBERED_MAX && oldest.done !== true) memory.delete(oldest.value);
  };

  return {
    last,
    follow: <T>(path: string, show: (seen: Seen<T>) => void) => {
      const ending = new AbortController();
      let isBusy = false;
      let isStale = false;

      const lookOnce = async (): Promise<void> => {
        const answer = await api.get<T>(path, ending.signal);
        if (ending.signal.aborted) return;
        if (answer.kind === 'away') live.doubt();
        const seen = afterAnswer(last<T>(path), answer);
        remember(path, seen);
        show(seen);
      };
      const look = async (): Promise<void> => {
        isStale = true;
        if (isBusy || document.hidden) return;
        isBusy = true;
        while (isStale && !ending.signal.aborted) {
          isStale = false;
          const startedAt = performance.now();
          await lookOnce().catch(ignoreEnd(ending.signal));
          await pause(Math.max(PAUSE_MS_MIN, PAUSE_FACTOR * (performance.now() - startedAt)));
        }
        isBusy = false;
      };

      const stop = live.onTick(() => void look());
      void look();
      return () => {
        stop();
        ending.abort();
      };
    },
  };
}

function afterAnswer<T>(before: Seen<T>, answer: Awaited<ReturnType<Api['get']>>): Seen<T> {
  // The caller of `follow` names the type that the contract has for the path.
  if (answer.kind === 'ok') return { state: 'ready', body: answer.body as T };
  if (answer.kind === 'missing') return { state: 'missing', body: null };
  return before.body === null ? { state: 'away', body: null } : before;
}

/** A request that was ended on purpose is no failure. */
export function ignoreEnd(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/**
 * The connection that says "something changed, look again" (server-sent events without content).
 *
 * A browser's own reconnecting gives up for good when a proxy answers 502 while the service
 * restarts, so the stream is made anew here each time it breaks.
 *
 * Modes: connecting (never open so far) → live (open) → away (broken; tried again with growing
 * pauses, at once when the network or the reader comes back) → live. Every try while away ticks
 * too: where only streams are blocked, the page goes on by asking.
 */
import { backoffMs } from './backoff.ts';

/** See the module's modes. */
export type LiveMode = 'connecting' | 'live' | 'away';

/** The connection. */
export interface Live {
  readonly mode: LiveMode;
  /** Calls `listener` when there may be something new. @returns ends it */
  onTick(listener: () => void): () => void;
  /** Calls `listener` when the mode has changed. @returns ends it */
  onMode(listener: () => void): () => void;
  /** Somebody found that nobody answers: the stream is looked after. */
  doubt(): void;
}

/** A stream that held this long was sound: the next try after it starts with short pauses again. */
const SOUND_MS = 5000;
/** However quiet the stream: a connection that died without a word is noticed by asking. */
const QUIET_MAX_MS = 60_000;

/** Opens it at once; it stays for as long as the page. @param address of the stream */
export function createLive(address: string): Live {
  const ticks = new Set<() => void>();
  const modes = new Set<() => void>();
  let mode: LiveMode = 'connecting';
  let source: EventSource | null = null;
  let tries = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let sound: ReturnType<typeof setTimeout> | undefined;

  const tick = (): void => {
    for (const listener of ticks) listener();
  };
  const enter = (next: LiveMode): void => {
    if (mode === next) return;
    mode = next;
    for (const listener of modes) listener();
  };
  const fail = (): void => {
    source?.close();
    source = null;
    clearTimeout(sound);
    enter('away');
    tries += 1;
    clearTimeout(retry);
    retry = setTimeout(open, backoffMs(tries, Math.random()));
  };
  const open = (): void => {
    clearTimeout(retry);
    source?.close();
    if (mode === 'away') tick();
    source = new EventSource(address);
    source.addEventListener('change', tick);
    source.addEventListener('error', fail);
    source.addEventListener('open', () => {
      sound = setTimeout(() => {
        tries = 0;
      }, SOUND_MS);
      enter('live');
      // What happened while nobody listened was missed.
      tick();
    });
  };
  const wake = (): void => {
    if (document.hidden) return;
    if (mode === 'away') open();
    else tick();
  };

  window.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  // A page that goes must not hold a stream; one that comes back from the cache needs a new one.
  window.addEventListener('pagehide', () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) open();
  });
  setInterval(tick, QUIET_MAX_MS);
  open();

  return {
    get mode() {
      return mode;
    },
    onTick: (listener) => listenIn(ticks, listener),
    onMode: (listener) => listenIn(modes, listener),
    doubt: () => {
      if (mode === 'live') fail();
    },
  };
}

function listenIn(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

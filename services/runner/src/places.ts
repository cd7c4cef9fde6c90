/**
 * Places for command jobs on this host. A launch that finds none waits in hand for a moment, in
 * order, and is then handed back, so that another runner may take it: a message held here would
 * keep a free neighbour idle.
 */
import { PLACE_PATIENCE_MS, PLACE_PAUSE_MAX_MS, PLACE_PAUSE_MIN_MS } from './limits.ts';

/** Gives the place back; calling it again does nothing. */
export type Place = () => void;

/** Places, in the order in which they were asked for. */
export interface Places {
  /** A place, or after how long to ask again. */
  take(signal: AbortSignal): Promise<Place | AskAgain>;
}

/** No place became free in time, too many wait already, or the signal aborted. */
export interface AskAgain {
  readonly againInMs: number;
}

/** @param size places at once, at least 1. @param patienceMs how long to wait for one. */
export function createPlaces(size: number, patienceMs: number = PLACE_PATIENCE_MS): Places {
  const waitingMax = size * 4;
  const waiting: ((place: Place | AskAgain) => void)[] = [];
  let free = size;

  function occupy(): Place {
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next(occupy());
    };
  }

  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve({ againInMs: 0 });
      if (free > 0) {
        free -= 1;
        return Promise.resolve(occupy());
      }
      if (waiting.length >= waitingMax) return Promise.resolve(askAgain(PLACE_PAUSE_MAX_MS));
      return new Promise((resolve) => {
        const settle = (place: Place | AskAgain) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          resolve(place);
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(settle), 1);
          settle(signal.aborted ? { againInMs: 0 } : askAgain(PLACE_PAUSE_MIN_MS));
        };
        const timer = setTimeout(leave, patienceMs);
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(settle);
      });
    },
  };
}

/** Spread out, so that many messages do not come back at once. */
function askAgain(pauseMs: number): AskAgain {
  return { againInMs: Math.round(pauseMs * (0.5 + Math.random() / 2)) };
}

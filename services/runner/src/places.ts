/**
 * Places for command jobs on this host. A launch that finds none waits in hand for a moment, in
 * order, and is then handed back, so that another runner may take it: a message held here would
 * keep a free neighbour idle.
 */
import { PLACE_PATIENCE_MS } from './limits.ts';

/** Gives the place back; calling it again does nothing. */
export type Place = () => void;

/** Places, in the order in which they were asked for. */
export interface Places {
  /** Null: none became free in time, too many wait already, or `signal` aborted. */
  take(signal: AbortSignal): Promise<Place | null>;
}

/** @param size places at once, at least 1. @param patienceMs how long to wait for one. */
export function createPlaces(size: number, patienceMs: number = PLACE_PATIENCE_MS): Places {
  const waitingMax = size * 4;
  const waiting: ((place: Place | null) => void)[] = [];
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
      if (signal.aborted) return Promise.resolve(null);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(occupy());
      }
      if (waiting.length >= waitingMax) return Promise.resolve(null);
      return new Promise((resolve) => {
        const settle = (place: Place | null) => {
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          resolve(place);
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(settle), 1);
          settle(null);
        };
        const timer = setTimeout(leave, patienceMs);
        signal.addEventListener('abort', leave, { once: true });
        waiting.push(settle);
      });
    },
  };
}

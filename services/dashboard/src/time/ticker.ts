/** The service's clock, as well as it is known here, and a beat for whatever shows durations. */

/** The clock. */
export interface Ticker {
  /** Milliseconds since 1970, as the service would say. */
  now(): number;
  /** Calls `listener` every second while the page is seen. @returns ends it */
  onSecond(listener: () => void): () => void;
  /** The service said what time it is, to the second. */
  correct(serverTime: number): void;
}

/** Clocks that differ by less are taken for equal: headers carry whole seconds. */
const DIFFERENCE_MS_MIN = 2000;

/** Beats only while somebody listens. */
export function createTicker(): Ticker {
  const listeners = new Set<() => void>();
  let aheadMs = 0;
  let beat: ReturnType<typeof setInterval> | undefined;

  const tell = (): void => {
    if (document.hidden) return;
    for (const listener of listeners) listener();
  };
  return {
    now: () => Date.now() + aheadMs,
    correct: (serverTime) => {
      const difference = serverTime - Date.now();
      aheadMs = Math.abs(difference) < DIFFERENCE_MS_MIN ? 0 : difference;
    },
    onSecond: (listener) => {
      if (listeners.size === 0) beat = setInterval(tell, 1000);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(beat);
      };
    },
  };
}

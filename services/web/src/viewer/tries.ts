/**
 * Counts failed tries to sign in, by address. What it holds is bounded: addresses beyond the limit
 * push out the one that tried first.
 */

/** Failed tries that one address may make within {@link TRIES_WINDOW_MS}. */
export const TRIES_MAX = 10;
/** Length of the window, from the first failed try in it. */
export const TRIES_WINDOW_MS = 60_000;
const ADDRESSES_MAX = 1000;

/** Failed tries of the last while. */
export interface Tries {
  /** Milliseconds until the address may try again; 0: now. @param now milliseconds since 1970 */
  waitMs(address: string, now: number): number;
  /** @param now milliseconds since 1970 */
  fail(address: string, now: number): void;
}

/** Starts with nothing counted. */
export function createTries(): Tries {
  const windows = new Map<string, { readonly endsAt: number; readonly failed: number }>();
  const current = (address: string, now: number) => {
    const window = windows.get(address);
    return window !== undefined && window.endsAt > now ? window : null;
  };
  return {
    waitMs(address, now) {
      const window = current(address, now);
      return window === null || window.failed < TRIES_MAX ? 0 : window.endsAt - now;
    },
    fail(address, now) {
      const window = current(address, now) ?? { endsAt: now + TRIES_WINDOW_MS, failed: 0 };
      windows.delete(address);
      windows.set(address, { ...window, failed: window.failed + 1 });
      const first = windows.keys().next();
      if (windows.size > ADDRESSES_MAX && first.done !== true) windows.delete(first.value);
    },
  };
}

/** How long to wait before the next try. */

const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/**
 * Doubles from half a second to ten, and spreads, so that clients of a service that comes back do
 * not all come at once.
 *
 * @param tries failed so far, from 1
 * @param random from 0 to 1
 */
export function backoffMs(tries: number, random: number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries - 1, 10));
  return Math.round(most * (0.7 + 0.3 * random));
}

/** What many noisy rounds say together. */

/** A figure over rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws Error when there is no figure. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const { min, max } = { min: sorted[0], max: sorted.at(-1) };
  if (min === undefined || max === undefined) throw new Error('no round gave a figure');
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? min;
  const high = sorted[Math.floor(middle)] ?? max;
  return { median: (low + high) / 2, min, max };
}

/**
 * Round by round `of / to`: what slows the machine down for a while slows both, so that their
 * ratio moves less than either.
 */
export function ratioOf(of: readonly number[], to: readonly number[]): Spread {
  return spreadOf(of.map((figure, round) => figure / (to[round] ?? Number.NaN)));
}

/** The figure below which `share` (0 to 1) of all figures lie. */
export function percentile(sorted: readonly number[] | Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

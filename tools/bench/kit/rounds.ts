/**
 * Rounds that visit every variant, forwards and backwards in turn. A machine that is slow for a
 * while is slow for all of them, and none is always first.
 */
export async function interleave<Figures>(
  variants: readonly string[],
  rounds: number,
  run: (variant: string, round: number) => Promise<Figures>,
): Promise<Map<string, Figures[]>> {
  const figures = new Map<string, Figures[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? variants : variants.toReversed();
    for (const variant of order) figures.get(variant)?.push(await run(variant, round));
  }
  return figures;
}

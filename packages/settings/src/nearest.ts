/** Shorter words are part of too many others to hint at one. */
const PART_LENGTH_MIN = 4;

/**
 * The candidate that looks most like `word`, or null when none is close enough to be what was
 * meant: at most one edit in three characters, or one a whole part of the other, which counts as
 * two edits. Of equally close ones the first wins.
 */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = distanceOf(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

function distanceOf(word: string, candidate: string): number {
  const isLong = Math.min(word.length, candidate.length) >= PART_LENGTH_MIN;
  const isPart = isLong && (candidate.includes(word) || word.includes(candidate));
  const edits = editDistance(word, candidate);
  return isPart ? Math.min(edits, 2) : edits;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one to the other. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const costs = [
        at(rows, row - 1, column) + 1,
        (current[column - 1] ?? 0) + 1,
        at(rows, row - 1, column - 1) + (isSame ? 0 : 1),
      ];
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && isSwap) costs.push(at(rows, row - 2, column - 2) + 1);
      current.push(Math.min(...costs));
    }
    rows.push(current);
  }
  return at(rows, from.length, to.length);
}

function at(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? 0;
}

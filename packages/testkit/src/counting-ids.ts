/** Ids that count: `countingIds('build')` gives `build-1`, `build-2` … */
export function countingIds(prefix: string): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${prefix}-${last}`;
  };
}

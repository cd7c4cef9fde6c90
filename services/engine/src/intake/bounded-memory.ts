/**
 * Things remembered by key, bounded by how many there are and by what they weigh together: those
 * used longest ago go first. Without the weight, whoever proposes large things often enough would
 * decide how much memory this process has.
 */

/** What is remembered. */
export interface BoundedMemory<T> {
  recall(key: string): T | undefined;
  keep(key: string, value: T, weight: number): void;
}

/** Both include what is kept last, which stays even when it alone weighs too much. */
export interface MemoryBounds {
  readonly countMax: number;
  readonly weightMax: number;
}

/** Makes an empty one. */
export function createBoundedMemory<T>({ countMax, weightMax }: MemoryBounds): BoundedMemory<T> {
  const kept = new Map<string, { readonly value: T; readonly weight: number }>();
  let total = 0;
  const forget = (key: string): void => {
    total -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  };
  return {
    recall(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    keep(key, value, weight) {
      forget(key);
      kept.set(key, { value, weight });
      total += weight;
      for (const oldest of kept.keys()) {
        const isWithin = kept.size <= countMax && total <= weightMax;
        if (isWithin || oldest === key) return;
        forget(oldest);
      }
    },
  };
}

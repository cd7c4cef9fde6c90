/** One writer at a time per key, in order of arrival. Not re-entrant: only doors take locks. */
export interface Locks {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** A set of free locks. */
export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, work) {
      const before = tails.get(key) ?? Promise.resolve();
      const result = before.then(work);
      // The tail only orders; the caller of `result` sees its error.
      const tail = result
        .catch(() => undefined)
        .then(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return result;
    },
  };
}

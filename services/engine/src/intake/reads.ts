/**
 * Reads whose answer is kept for later. What was told to have changed while it was being read may
 * have been read as it was before: such an answer serves whoever asked for it and nobody else.
 */

/** A read, by the name that it is kept under. */
export interface KeptRead<T> {
  readonly key: string;
  read(): Promise<T>;
  keep(value: T): void;
}

/** Reads on their way. */
export interface Reads {
  /** Reads; keeps the answer unless it was forgotten meanwhile, or asked for anew. */
  run<T>(read: KeptRead<T>): Promise<T>;
  /** Told when what is read under this name changed. */
  forget(key: string): void;
}

/** Holds nothing but the reads that are under way. */
export function createReads(): Reads {
  const latest = new Map<string, object>();
  return {
    async run({ key, read, keep }) {
      const own = {};
      latest.set(key, own);
      try {
        const value = await read();
        if (latest.get(key) === own) keep(value);
        return value;
      } finally {
        if (latest.get(key) === own) latest.delete(key);
      }
    },
    forget(key) {
      latest.delete(key);
    },
  };
}

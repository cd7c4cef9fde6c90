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
  /** Reads; keeps the answer unless it was forgotten meanwhile, or a later read was kept. */
  run<T>(read: KeptRead<T>): Promise<T>;
  /** Told when what is read under this name changed. */
  forget(key: string): void;
}

/** The reads of one name; each has a number, from 1. */
interface UnderWay {
  count: number;
  begun: number;
  /** The last one whose answer was kept, or that was overtaken: no earlier one is kept. */
  settled: number;
}

/** Holds nothing but the reads that are under way. */
export function createReads(): Reads {
  const names = new Map<string, UnderWay>();
  return {
    async run({ key, read, keep }) {
      const reads = names.get(key) ?? { count: 0, begun: 0, settled: 0 };
      names.set(key, reads);
      reads.count += 1;
      reads.begun += 1;
      const own = reads.begun;
      try {
        const value = await read();
        if (own > reads.settled) {
          reads.settled = own;
          keep(value);
        }
        return value;
      } finally {
        reads.count -= 1;
        if (reads.count === 0) names.delete(key);
      }
    },
    forget(key) {
      const reads = names.get(key);
      if (reads !== undefined) reads.settled = reads.begun;
    },
  };
}

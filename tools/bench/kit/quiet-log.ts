import type { Log } from '@gatehouse/ports';

/** A log that nobody reads, for whatever must have one. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fatal: () => undefined,
  child: () => quietLog,
};

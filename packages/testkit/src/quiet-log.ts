import type { Log } from '@gatehouse/ports';

/** One line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly message: string;
  /** With the fields of the loggers it came through. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines, for tests that ask what was said. */
export interface RecordingLog extends Log {
  readonly lines: readonly LogLine[];
}

/** A log that says nothing. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  fatal: () => undefined,
  child: () => quietLog,
};

/** Makes a log that keeps its lines and those of its children. */
export function recordingLog(): RecordingLog {
  return logInto([], {});
}

function logInto(lines: LogLine[], bound: object): RecordingLog {
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, message, fields: { ...bound, ...fields } });
  };
  return {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: (fields) => logInto(lines, { ...bound, ...fields }),
  };
}

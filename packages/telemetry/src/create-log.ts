/**
 * The one place that makes a logger: JSON lines on stdout, or lines for people when stdout is a
 * terminal. Two nets keep secrets out: fields whose name says that they are one, and every line's
 * text held against known values and the shapes of secrets.
 */
import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { build as buildPretty } from 'pino-pretty';
import { createTextScrubber } from './scrubber.ts';
import { serializeError } from './serialize-error.ts';

/** Where lines go; a stream, or anything else with `write`. */
export interface LogDestination {
  write(line: string): void;
}

/** How to log. */
export interface LogOptions {
  /** pino's level. */
  readonly level: string;
  /** Null: pretty exactly when stdout is a terminal and no destination is given. */
  readonly pretty?: boolean | null;
  /** Null: stdout. */
  readonly destination?: LogDestination | null;
  /** Known values that must not appear. */
  readonly secrets?: readonly string[];
}

/** Names of fields that never hold anything but a secret, at the top and one level below. */
const SECRET_FIELDS = [
  'authorization',
  'Authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'privateKey',
  'private_key',
  'webhookSecret',
  'adminToken',
  'clientSecret',
  'secretsKey',
] as const;

const REDACTED_PATHS = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.headers.${name}`]);

/** A logger that fits the port `Log`; children inherit everything. */
export function createLog(options: LogOptions): Logger {
  const scrub = createTextScrubber(options.secrets ?? []);
  const destination = options.destination ?? null;
  const isPretty = options.pretty ?? (destination === null && process.stdout.isTTY === true);
  return pino(
    {
      level: options.level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => serializeError(error) },
      redact: { paths: REDACTED_PATHS, censor: '***' },
      hooks: { streamWrite: scrub },
    },
    openStream(isPretty, destination),
  );
}

function openStream(isPretty: boolean, destination: LogDestination | null): LogDestination {
  if (!isPretty) return destination ?? pino.destination({ dest: 1, sync: true });
  return buildPretty({
    colorize: destination === null,
    messageKey: 'message',
    translateTime: 'SYS:HH:MM:ss.l',
    sync: true,
    ...(destination === null ? {} : { destination: toStream(destination) }),
  });
}

function toStream(destination: LogDestination): Writable {
  return new Writable({
    decodeStrings: false,
    write(line: string | Buffer, _encoding, done) {
      destination.write(line.toString());
      done();
    },
  });
}

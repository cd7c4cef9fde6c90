/**
 * The error base and the catalogue of codes. The kind of an error decides who acts, how loudly it
 * is logged and whether it is retried; nothing else in the code decides that.
 */

/** Who has to act: the repository's owner, whoever runs Gatehouse, nobody yet, or we. */
export type ErrorKind = 'configuration' | 'operator' | 'transient' | 'invariant';

/** Every code with its kind. `docs/errors.md` lists the same codes; a test keeps them equal. */
export const errorCatalogue = {
  GATE_REDIS_UNAVAILABLE: 'transient',
  GATE_REDIS_NOT_FOUND: 'operator',
  GATE_STATE_UNREADABLE: 'invariant',
  GATE_GITHUB_UNAVAILABLE: 'transient',
  GATE_GITHUB_RATE_LIMITED: 'transient',
  GATE_GITHUB_REFUSED: 'operator',
  GATE_GITHUB_PERMISSION: 'operator',
  GATE_GITHUB_NOT_FOUND: 'transient',
  GATE_GITHUB_UNEXPECTED: 'invariant',
  GATE_COMMIT_STALE: 'transient',
  GATE_MESSAGE_UNREADABLE: 'invariant',
  GATE_INVARIANT: 'invariant',
} as const satisfies Record<string, ErrorKind>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** What may be said about an error in a log: plain values, never a secret, never a body. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** The only error class that Gatehouse throws on purpose. */
export class GatehouseError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  /** Safe to log. */
  readonly details: ErrorDetails;
  /** Milliseconds after which another try makes sense; null when the source did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: ErrorDetails; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatehouseError';
    this.code = code;
    this.kind = errorCatalogue[code];
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** What follows from a kind: the log level, whether to try again, what a user may be told. */
export interface ErrorConduct {
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly isRetried: boolean;
  readonly userText: string;
}

/** The one place that decides how an error of a kind is treated. */
export function conductOf(kind: ErrorKind): ErrorConduct {
  switch (kind) {
    case 'configuration':
      return { logLevel: 'info', isRetried: false, userText: 'The configuration has an error' };
    case 'operator':
      return { logLevel: 'error', isRetried: false, userText: 'Gatehouse is misconfigured' };
    case 'transient':
      return { logLevel: 'debug', isRetried: true, userText: 'GitHub or Redis is unavailable' };
    case 'invariant':
      return { logLevel: 'fatal', isRetried: false, userText: 'Internal error' };
  }
}

/** The kind of anything caught: our own error's kind, everything else counts as transient. */
export function kindOf(error: unknown): ErrorKind {
  return error instanceof GatehouseError ? error.kind : 'transient';
}

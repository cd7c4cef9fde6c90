/** An error as it stands in the log: what helps to understand it, and nothing that it drags along. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly kind?: string;
  readonly status?: number;
  readonly details?: unknown;
  readonly cause?: LoggedError;
}

/** Causes deeper than this say nothing new. */
const CAUSES_MAX = 5;
const TEXT_MAX = 4000;

/**
 * Requests, responses and other objects that libraries attach to their errors are left out: they
 * hold headers and bodies.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: cut(String(error)) };
  const { cause } = error;
  return {
    type: error.name,
    message: cut(error.message),
    ...(error.stack === undefined ? {} : { stack: cut(error.stack) }),
    ...pick(error, 'code', 'string'),
    ...pick(error, 'kind', 'string'),
    ...pick(error, 'status', 'number'),
    ...('details' in error && error.name === 'GatehouseError' ? { details: error.details } : {}),
    ...(cause === undefined || depth >= CAUSES_MAX
      ? {}
      : { cause: serializeError(cause, depth + 1) }),
  };
}

function pick(error: Error, key: string, type: 'string' | 'number'): Record<string, unknown> {
  const value: unknown = Reflect.get(error, key);
  return typeof value === type ? { [key]: value } : {};
}

function cut(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
}

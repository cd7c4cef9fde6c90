/**
 * Octokit's errors in our words. Everything that leaves this package as an error went through
 * {@link githubError}; it keeps no request or response object, because those carry whole bodies.
 */
import { type ErrorCode, type ErrorDetails, GatehouseError } from '@gatehouse/model';
import { RequestError } from '@octokit/request-error';

/** GitHub asks for at least a minute when a secondary limit does not say how long. */
const secondaryLimitFallbackMs = 60_000;
const reasonCharsMax = 300;

/** Where an error happened. */
export interface ErrorContext {
  readonly method: string;
  readonly route: string;
  /** Milliseconds since 1970, for the reset time of a rate limit. */
  readonly now: number;
}

/** The error for whatever an octokit call threw; our own errors pass unchanged. */
export function githubError(error: unknown, context: ErrorContext): GatehouseError {
  if (error instanceof GatehouseError) return error;
  const route = `${context.method} ${context.route}`;
  if (!(error instanceof RequestError)) {
    return new GatehouseError('GATE_GITHUB_UNEXPECTED', `${route} failed in an unknown way`, {
      cause: error,
    });
  }
  // What kept octokit from asking at all.
  if (error.cause instanceof GatehouseError) return error.cause;
  if (error.response === undefined) {
    return new GatehouseError('GATE_GITHUB_UNAVAILABLE', `GitHub did not answer ${route}`, {
      cause: error.cause,
      details: { route, reason: clipped(error.message) },
    });
  }
  const answer = readAnswer(error, context.now);
  const details: ErrorDetails = {
    route,
    status: error.status,
    reason: answer.reason,
    request_id: answer.requestId,
  };
  if (answer.limitedForMs !== null) {
    return new GatehouseError('GATE_GITHUB_RATE_LIMITED', `GitHub limits the rate of ${route}`, {
      details,
      retryAfterMs: answer.limitedForMs,
    });
  }
  if (isTokenRequest(error)) {
    return tokenError(error.status, { route, reason: answer.reason, request_id: answer.requestId });
  }
  if (answer.permission !== null) {
    return new GatehouseError(
      'GATE_GITHUB_PERMISSION',
      `The App lacks the permission ${answer.permission} for ${route}`,
      { details: { ...details, permission: answer.permission } },
    );
  }
  const { code, sentence } = meaning(error.status);
  const message = `${sentence} ${route}: ${error.status} ${answer.reason}`;
  return new GatehouseError(code, message, { details });
}

/** Status of GitHub's answer behind one of our errors; null when there was none. */
export function statusOf(error: unknown): number | null {
  if (!(error instanceof GatehouseError)) return null;
  const status = error.details.status;
  return typeof status === 'number' ? status : null;
}

/** GitHub's own words behind one of our errors. */
export function reasonOf(error: GatehouseError): string {
  const reason = error.details.reason;
  return typeof reason === 'string' ? reason : error.message;
}

/** True when the token of an installation could not be had: the installation may be gone. */
export function isInstallationGone(error: unknown): boolean {
  return error instanceof GatehouseError && error.details.installation_gone === true;
}

function meaning(status: number): { code: ErrorCode; sentence: string } {
  if (status >= 500) return { code: 'GATE_GITHUB_UNAVAILABLE', sentence: 'GitHub failed at' };
  switch (status) {
    case 401:
      return {
        code: 'GATE_GITHUB_REFUSED',
        sentence: "GitHub does not accept the App's credentials for",
      };
    case 404:
      return { code: 'GATE_GITHUB_NOT_FOUND', sentence: 'GitHub does not know what was asked by' };
    default:
      return { code: 'GATE_GITHUB_REFUSED', sentence: 'GitHub refused' };
  }
}

/**
 * A refused token says something of the installation, not of the call that needed the token; so
 * the status is not given as the call's.
 */
function tokenError(status: number, details: ErrorDetails): GatehouseError {
  if (status === 403) {
    return new GatehouseError(
      'GATE_GITHUB_REFUSED',
      'The installation of the App is suspended; its owner can unsuspend it',
      { details: { ...details, installation_gone: true } },
    );
  }
  if (status === 404) {
    return new GatehouseError('GATE_GITHUB_NOT_FOUND', 'The installation of the App is gone', {
      details: { ...details, installation_gone: true },
    });
  }
  const { code, sentence } = meaning(status);
  return new GatehouseError(code, `${sentence} an installation token: ${details.reason}`, {
    details,
  });
}

function isTokenRequest(error: RequestError): boolean {
  return /\/app\/installations\/\d+\/access_tokens$/.test(error.request.url);
}

interface Answer {
  readonly reason: string;
  readonly requestId: string | null;
  /** Milliseconds until the limit has passed; null: this is no rate limit. */
  readonly limitedForMs: number | null;
  /** Permission that was missing, such as `checks=write`; null: this is something else. */
  readonly permission: string | null;
}

function readAnswer(error: RequestError, now: number): Answer {
  const headers = error.response?.headers ?? {};
  const reason = clipped(messageIn(error.response?.data) ?? error.message);
  const isLimitStatus = error.status === 403 || error.status === 429;
  return {
    reason,
    requestId: textOf(headers['x-github-request-id']),
    limitedForMs: isLimitStatus ? limitedFor({ headers, reason, status: error.status, now }) : null,
    permission: missingPermission({
      status: error.status,
      reason,
      accepted: textOf(headers['x-accepted-github-permissions']),
    }),
  };
}

/**
 * GitHub's order: `Retry-After`; else an empty primary budget until its reset; else a minute.
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function limitedFor(answer: {
  headers: Readonly<Record<string, unknown>>;
  reason: string;
  status: number;
  now: number;
}): number | null {
  const retryAfterS = Number(textOf(answer.headers['retry-after']) ?? Number.NaN);
  if (retryAfterS >= 0) return retryAfterS * 1000;
  const resetS = Number(textOf(answer.headers['x-ratelimit-reset']) ?? Number.NaN);
  if (textOf(answer.headers['x-ratelimit-remaining']) === '0' && resetS >= 0) {
    return Math.max(resetS * 1000 - answer.now, 0) + 1000;
  }
  const isLimit = answer.status === 429 || /\brate limit\b/i.test(answer.reason);
  return isLimit ? secondaryLimitFallbackMs : null;
}

function missingPermission(answer: {
  status: number;
  reason: string;
  accepted: string | null;
}): string | null {
  // Merging a change of a workflow file; seen with 403, 405 and 422.
  if (/without .?workflows?.? permission/i.test(answer.reason)) return 'workflows=write';
  if (answer.status !== 403 || !/not accessible by integration/i.test(answer.reason)) return null;
  return answer.accepted ?? 'unknown';
}

function messageIn(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('message' in data)) return null;
  const { message } = data;
  const errors = 'errors' in data ? JSON.stringify(data.errors) : '';
  return typeof message === 'string' ? `${message}${errors === '' ? '' : ` ${errors}`}` : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}

function clipped(text: string): string {
  return text.length > reasonCharsMax ? `${text.slice(0, reasonCharsMax)}…` : text;
}

/** What the adapter is told at start, and the limits it keeps. */
import type { Clock, Log, ResponseCache } from '@gatehouse/ports';

/** How the App reaches its GitHub. */
export interface GitHubOptions {
  /** REST base. Default `https://api.github.com`; `https://HOST/api/v3` for a GHES. */
  readonly apiUrl?: string;
  /** The App's id (or its client id). */
  readonly appId: string | number;
  /** PEM text, PKCS#1 or PKCS#8. */
  readonly privateKey: string;
  /** Default `gatehouse`. */
  readonly userAgent?: string;
  readonly limits?: Partial<GitHubLimits>;
}

/** What the adapter needs of its surroundings. */
export interface GitHubDeps {
  readonly cache: ResponseCache;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every answer and every lost answer, for metrics and for counting calls. */
  readonly observe?: (request: ObservedRequest) => void;
  /** Delivery on whose behalf the running code works; it travels on requests and log lines. */
  readonly currentDelivery?: () => string | null;
}

/** One exchange with GitHub, as it happened on the wire (each try is one). */
export interface ObservedRequest {
  readonly method: string;
  /** Route template such as `/repos/{owner}/{repo}/pulls/{pull_number}`. */
  readonly route: string;
  /** Null: no answer arrived. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Null for requests with the App's own JWT. */
  readonly installation: number | null;
  /** What is left of the hour's primary budget; null when the answer does not say. */
  readonly rateLimitRemaining: number | null;
}

/** Bounds of time and pace. */
export interface GitHubLimits {
  /**
   * Longest wait for one answer, redirects and body included. Default 15,000: GitHub ends a request
   * itself after ten seconds, and a write that is given up earlier may happen after the one that follows.
   * Source: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts
   */
  readonly requestTimeoutMs: number;
  /** Further tries of what may be repeated, after a 5xx or no answer. Default 2. */
  readonly retriesMax: number;
  /** The n-th further try waits n² times this long. Default 500. */
  readonly retryBaseMs: number;
  /**
   * Longest time that one request waits for rate limits to pass, over all its tries, before they
   * become an error. The request for a token that it may need has the same time for itself.
   * Default 60,000.
   */
  readonly rateLimitWaitMaxMs: number;
  /**
   * Writes of one installation that may go at once. Default on github.com 30, and 2 a second after
   * that: 120 a minute at 5 points each leave a third of GitHub's 900 points a minute to reads.
   * Other servers limit nothing unless their administrator says so; there 300, then 50 a second.
   * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
   */
  readonly writeBurst: number;
  readonly writesPerSecond: number;
  /**
   * Writes that notify people (comments, reviews, merges). Default on github.com 10 at once, then
   * 1 a second, because about 80 a minute are allowed; elsewhere as other writes.
   */
  readonly notificationBurst: number;
  readonly notificationsPerSecond: number;
}

/** The limits that hold on github.com when nothing else is said. */
export const defaultLimits: GitHubLimits = {
  requestTimeoutMs: 15_000,
  retriesMax: 2,
  retryBaseMs: 500,
  rateLimitWaitMaxMs: 60_000,
  writeBurst: 30,
  writesPerSecond: 2,
  notificationBurst: 10,
  notificationsPerSecond: 1,
};

/** Where github.com's API lives. */
export const publicApiUrl = 'https://api.github.com';

/** The limits of the server at `apiUrl` when nothing else is said. */
export function defaultLimitsOf(apiUrl: string): GitHubLimits {
  const { hostname } = new URL(apiUrl);
  // `ghe.com` is GitHub's own cloud with data residency.
  if (hostname === 'api.github.com' || hostname.endsWith('.ghe.com')) return defaultLimits;
  return {
    ...defaultLimits,
    writeBurst: 300,
    writesPerSecond: 50,
    notificationBurst: 300,
    notificationsPerSecond: 50,
  };
}

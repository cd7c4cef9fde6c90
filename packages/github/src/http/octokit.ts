/**
 * Octokit's set-up: the App's authentication, retries, and the pace of writes.
 *
 * What may be repeated is, after a 5xx or no answer; a call that may not be says so. A rate limit
 * that passes soon is waited for, by whoever needs the same budget; a longer one becomes an error
 * at once, so that no worker sleeps for minutes.
 */
import type { Clock } from '@gatehouse/ports';
import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import Bottleneck from 'bottleneck';
import type { GitHubLimits } from '../options.ts';
import { createGatedOctokit, type InstanceOptions, installationOf } from './gated-octokit.ts';
import { createRateGates } from './rate-gate.ts';
import type { Fetch } from './transport.ts';

/** What the set-up is made of. */
export interface OctokitSettings {
  readonly apiUrl: string;
  readonly appId: string | number;
  readonly privateKey: string;
  readonly userAgent: string;
  readonly limits: GitHubLimits;
  readonly clock: Clock;
  /** For requests that carry no `fetch` of their own: those for installation tokens. */
  readonly tokenFetch: Fetch;
  readonly warn: (message: string) => void;
}

/** The App and its octokit class. */
export type GitHubApp = App<{ Octokit: typeof Octokit }>;

/** A 4xx is an answer; asking again gives the same one, or is the throttling plugin's business. */
const answersNotRetried = Array.from({ length: 100 }, (_, offset) => 400 + offset);

export function createApp(settings: OctokitSettings): GitHubApp {
  const { limits, clock, warn } = settings;
  const gated = createGatedOctokit(createRateGates(clock, limits.rateLimitWaitMaxMs), clock);
  const log = { debug: quiet, info: quiet, warn, error: warn };
  // What octokit hands over: seconds to wait, the request, itself, and the waits so far.
  const wait = (...[retryAfterS, request, , waits]: [number, object, Octokit, number]): boolean => {
    return waits === 0 && gated.mayWait(request, retryAfterS * 1000);
  };
  const pace = {
    write: paced(limits.writeBurst, limits.writesPerSecond),
    notifications: paced(limits.notificationBurst, limits.notificationsPerSecond),
    // Those for checkouts go through one octokit, whatever their installation; octokit's own queue
    // sends one at a time, and so the one that GitHub holds up would hold up all.
    auth: new Bottleneck.Group(),
    onRateLimit: wait,
    onSecondaryRateLimit: wait,
  };
  const throttledPerInstallation = (octokit: Octokit, options: InstanceOptions): object => {
    // The budget is one for each installation; the App's own requests have theirs.
    const id = `${settings.apiUrl} ${installationOf(options.auth) ?? 'app'}`;
    return throttling(octokit, { ...options, throttle: { ...pace, id } });
  };
  const { beforeEachTry, beforeQueueing } = gated;
  return new App({
    appId: settings.appId,
    privateKey: settings.privateKey,
    log,
    Octokit: Octokit.plugin(
      beforeEachTry,
      retry,
      throttledPerInstallation,
      beforeQueueing,
    ).defaults({
      baseUrl: settings.apiUrl,
      userAgent: settings.userAgent,
      log,
      request: { fetch: settings.tokenFetch, log },
      retry: {
        retries: limits.retriesMax,
        retryAfterBaseValue: limits.retryBaseMs,
        doNotRetry: answersNotRetried,
      },
    }),
  });
}

/** A token bucket for each installation. */
function paced(burst: number, perSecond: number): Bottleneck.Group {
  return new Bottleneck.Group({
    reservoir: burst,
    reservoirIncreaseAmount: perSecond,
    reservoirIncreaseInterval: 1000,
    reservoirIncreaseMaximum: burst,
  });
}

function quiet(): void {
  // Octokit's debug and info lines repeat what the transport logs.
}

/**
 * Where octokit's requests pass the gates: before they queue for their pace, so that none queues
 * in vain, and once more before each try, because a limit may begin in that queue and may be
 * prolonged while octokit waits for a further try. Each refusal shuts the gate at once and not
 * when it comes out as an error: octokit waits out a short limit inside, and meanwhile nobody else
 * may go either.
 */
import type { Clock } from '@gatehouse/ports';
import type { Octokit } from '@octokit/core';
import { RequestError } from '@octokit/request-error';
import { githubError } from './errors.ts';
import type { Passage, RateGates } from './rate-gate.ts';

/** What octokit tells a plugin of the instance that it is for. */
export interface InstanceOptions {
  readonly auth?: unknown;
}

/** The gates as octokit's plugins. */
export interface GatedOctokit {
  /** To be the last plugin, which sees a request first. */
  beforeQueueing(octokit: Octokit, instance: InstanceOptions): void;
  /** To be the first plugin, which sees each try. */
  beforeEachTry(octokit: Octokit, instance: InstanceOptions): void;
  /** To be told when octokit waits by itself before it tries `request` again. */
  onWait(request: object, waitMs: number): void;
}

export function createGatedOctokit(gates: RateGates, clock: Clock): GatedOctokit {
  // Octokit hands one and the same object through all its hooks and tries.
  const passages = new WeakMap<object, Passage>();
  const passageOf = (request: { url: string }, { auth }: InstanceOptions): Passage => {
    const known = passages.get(request);
    if (known !== undefined) return known;
    const passage = gates.approach(isForToken(request.url) ? null : installationOf(auth));
    passages.set(request, passage);
    return passage;
  };
  return {
    beforeQueueing(octokit, instance) {
      octokit.hook.before('request', (request) => passageOf(request, instance).pass());
    },
    beforeEachTry(octokit, instance) {
      // First, so that it does not see the gate's own refusals: they are no news to the gate.
      octokit.hook.error('request', (error, request) => {
        const { method, url: route } = request;
        const context = { method, route, now: clock.now() };
        passageOf(request, instance).shutFor(githubError(error, context));
        throw error;
      });
      octokit.hook.before('request', async (request) => {
        try {
          await passageOf(request, instance).pass();
        } catch (error) {
          // Octokit's retries expect an error of octokit; at status 0 there are none.
          throw new RequestError('was not sent', 0, { request, cause: error });
        }
      });
    },
    onWait(request, waitMs) {
      passages.get(request)?.isHeldFor(waitMs);
    },
  };
}

/** The installation that an octokit instance speaks for; null: the App itself. */
export function installationOf(auth: unknown): number | null {
  const isInstallation = typeof auth === 'object' && auth !== null && 'installationId' in auth;
  return isInstallation ? Number(auth.installationId) : null;
}

/** An installation's token is asked for with the App's key, whoever needs the token. */
function isForToken(url: string): boolean {
  return url.endsWith('/access_tokens');
}

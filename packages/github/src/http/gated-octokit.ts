/**
 * Where octokit's requests pass the gates: before they queue for their pace, so that none queues
 * in vain, and once more before each try, because a limit may begin in that queue and may be
 * prolonged while octokit waits for a further try. Each refusal shuts the gate at once and not
 * when it comes out as an error: octokit waits out a short limit inside, and meanwhile nobody else
 * may go either.
 *
 * Which gate: GitHub says of its primary limit that each installation has one, and nothing of
 * what is signed with the App's key; its secondary limit counts what goes to one endpoint. So a
 * refusal of such a request is taken for its kind alone. An installation's tokens, the search for
 * installations, and the rest, which is healing nearly always, have gates of their own: whoever
 * needs a token or a client would otherwise stand still for as long as healing may not ask. If
 * GitHub means all of them after all, each gate learns it with one more refusal.
 * Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
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
  /** To be asked before octokit waits by itself and tries `request` again. */
  mayWait(request: object, waitMs: number): boolean;
}

export function createGatedOctokit(gates: RateGates, clock: Clock): GatedOctokit {
  // Octokit hands one and the same object through all its hooks and tries.
  const passages = new WeakMap<object, Passage>();
  const passageOf = (request: GatedRequest, { auth }: InstanceOptions): Passage => {
    const known = passages.get(request);
    if (known !== undefined) return known;
    const passage = gates.approach(budgetOf(request, installationOf(auth)));
    passages.set(request, passage);
    return passage;
  };
  return {
    beforeQueueing(octokit, instance) {
      octokit.hook.before('request', (request) => passageOf(request, instance).pass());
    },
    beforeEachTry(octokit, instance) {
      // First, so that it does not see the refusals of the request's own gate.
      octokit.hook.error('request', (error, request) => {
        const { method, url: route } = request;
        const problem = githubError(error, { method, route, now: clock.now() });
        const isLimit = problem.code === 'GATE_GITHUB_RATE_LIMITED';
        // The token's gate knows, and its request has waited for both.
        if (isLimit && isOfToken(error) && !isForToken(route)) throw notSent(request, problem);
        passageOf(request, instance).shutFor(problem);
        throw error;
      });
      octokit.hook.before('request', async (request) => {
        try {
          await passageOf(request, instance).pass();
        } catch (error) {
          throw notSent(request, error);
        }
      });
    },
    mayWait: (request, waitMs) => passages.get(request)?.mayBeHeldFor(waitMs) ?? false,
  };
}

/** The installation that an octokit instance speaks for; null: the App itself. */
export function installationOf(auth: unknown): number | null {
  const isInstallation = typeof auth === 'object' && auth !== null && 'installationId' in auth;
  return isInstallation ? Number(auth.installationId) : null;
}

/** What the gates look at in a request of octokit; the URL is a template, not filled in yet. */
interface GatedRequest {
  readonly url: string;
  readonly installation_id?: unknown;
}

function budgetOf(request: GatedRequest, installation: number | null): string {
  // Signed with the App's key, whoever needs the token.
  if (isForToken(request.url)) return `token:${request.installation_id}`;
  if (installation !== null) return `installation:${installation}`;
  return request.url.endsWith('/installation') ? 'search' : 'app';
}

function isForToken(url: string): boolean {
  return url.endsWith('/access_tokens');
}

/** Octokit asks for a token within the request that needs it, which then fails of the same. */
function isOfToken(error: unknown): boolean {
  return error instanceof RequestError && isForToken(error.request.url);
}

/** Octokit's retries expect an error of octokit; at status 0 there are none. */
function notSent(request: RequestError['request'], cause: unknown): RequestError {
  return new RequestError('was not sent', 0, { request, cause });
}

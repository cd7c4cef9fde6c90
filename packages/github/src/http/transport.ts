/**
 * The one place where bytes go to GitHub and come back.
 *
 * Owns: the time limit of an exchange, redirects, and reading an answer whole. A body that breaks
 * off half-way must count as no answer at all: octokit would hand on what arrived so far as if it
 * were the answer. Redirects are followed here because `fetch` turns a redirected POST into a GET,
 * which would look like success; GitHub redirects the calls to a renamed repository.
 */
import type { Clock, Log } from '@gatehouse/ports';
import type { ObservedRequest } from '../options.ts';

/** A renamed repository costs one redirect; a chain of renames is followed that far. */
const redirectsMax = 3;
/** No answer that is used here comes near; a larger one would only fill the memory. */
const answerBytesMax = 64 * 1024 * 1024;
/** Answers that have no body, which `Response` insists on. */
const bodilessStatuses = [204, 205, 304];

/** What a request is about; goes to the observer and into the log, not on the wire. */
export interface RequestSubject {
  readonly route: string;
  readonly installation: number | null;
}

/** The shape of `fetch` that octokit calls. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Gives each request a `fetch` that knows what the request is about. */
export type Transport = (subject: RequestSubject) => Fetch;

/** What the transport needs. */
export interface TransportDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs: number;
  readonly observe: (request: ObservedRequest) => void;
  readonly currentDelivery: () => string | null;
}

export function createTransport(deps: TransportDeps): Transport {
  return (subject) => async (url, init) => {
    const startedAt = deps.clock.now();
    const headers = new Headers(init.headers);
    const delivery = deps.currentDelivery();
    if (delivery !== null) headers.set('x-github-delivery', delivery);
    const report = (response: Response | null): void => {
      record(deps, { ...subject, method: init.method ?? 'GET', startedAt, delivery, response });
    };
    try {
      const response = await exchange(url, {
        ...init,
        headers,
        signal: AbortSignal.timeout(deps.timeoutMs),
      });
      report(response);
      return response;
    } catch (error) {
      report(null);
      throw error;
    }
  };
}

async function exchange(url: string, init: RequestInit): Promise<Response> {
  let at = url;
  for (let hop = 0; hop <= redirectsMax; hop += 1) {
    const response = await fetch(at, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 301 || response.status > 308 || response.status === 304) {
      return whole(response);
    }
    if (location === null) return whole(response);
    await response.body?.cancel();
    const next = new URL(location, at);
    // The token is for this host alone.
    if (next.origin !== new URL(at).origin) throw new Error(`redirected away to ${next.origin}`);
    at = next.href;
  }
  throw new Error('redirected too often');
}

async function whole(response: Response): Promise<Response> {
  const init = { status: response.status, headers: response.headers };
  if (bodilessStatuses.includes(response.status) || response.body === null) {
    await response.body?.cancel();
    return new Response(null, init);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.byteLength;
    if (bytes > answerBytesMax) throw new Error('the answer is too large');
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), init);
}

interface Exchanged extends RequestSubject {
  readonly method: string;
  readonly startedAt: number;
  readonly delivery: string | null;
  readonly response: Response | null;
}

function record(deps: TransportDeps, exchanged: Exchanged): void {
  const { method, route, installation, response } = exchanged;
  const remaining = response?.headers.get('x-ratelimit-remaining') ?? null;
  const observed: ObservedRequest = {
    method,
    route,
    installation,
    status: response?.status ?? null,
    durationMs: deps.clock.now() - exchanged.startedAt,
    rateLimitRemaining: remaining === null ? null : Number(remaining),
  };
  deps.observe(observed);
  const fields = {
    route: `${method} ${route}`,
    ...(installation === null ? {} : { installation }),
    ...(observed.status === null ? {} : { status: observed.status }),
    duration_ms: observed.durationMs,
    ...(exchanged.delivery === null ? {} : { delivery_id: exchanged.delivery }),
    github_request_id: response?.headers.get('x-github-request-id') ?? undefined,
  };
  deps.log.debug(fields, 'asked GitHub');
}

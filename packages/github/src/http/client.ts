/**
 * Calls on GitHub with the eyes of one installation (or of the App itself): typed by GitHub's own
 * description, read through a schema, conditional where that saves budget, and with every failure
 * as one of our errors. The files of the API areas speak to GitHub only through this.
 */
import { GatehouseError } from '@gatehouse/model';
import type { Clock } from '@gatehouse/ports';
import type { Octokit } from '@octokit/core';
import type { Endpoints } from '@octokit/types';
import type { z } from 'zod';
import { type ApiVersion, oldestVersion } from './api-version.ts';
import { githubError, isInstallationGone, statusOf } from './errors.ts';
import type { ResponseMemory } from './response-memory.ts';
import type { Transport } from './transport.ts';

/** `GET /repos/{owner}/{repo}` and every other route that reads. */
export type ReadRoute = keyof Endpoints & `GET ${string}`;
/** `POST /repos/{owner}/{repo}/check-runs` and every other route that writes. */
export type WriteRoute = Exclude<keyof Endpoints, ReadRoute>;
/** What GitHub's description says a route takes. */
export type ParametersOf<R extends keyof Endpoints> = Endpoints[R]['parameters'];

/** One kind of answer: where it comes from and which of its fields are used. */
export interface Resource<R extends ReadRoute, T> {
  readonly route: R;
  readonly schema: z.ZodType<T>;
}

/** Ties a route to the one schema that its answers are read with. */
export function resource<R extends ReadRoute, T>(route: R, schema: z.ZodType<T>): Resource<R, T> {
  return { route, schema };
}

/** GitHub's answer to a write. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/** How a write may be treated. */
export interface SendOptions {
  /** True when doing it twice is the same as doing it once; only then is a lost answer retried. */
  readonly isRepeatable: boolean;
}

/** See the header. Every method throws the errors that `packages/ports` lists. */
export interface Client {
  /** Null for the App itself. */
  readonly installation: number | null;
  /** Reads one thing; an unchanged one comes from the cache and is free of budget. */
  read<R extends ReadRoute, T>(from: Resource<R, T>, parameters: ParametersOf<R>): Promise<T>;
  /** Reads one thing past the cache, for answers that GitHub computes only when asked in full. */
  readAnew<R extends ReadRoute, T>(from: Resource<R, T>, parameters: ParametersOf<R>): Promise<T>;
  /** Reads page after page of at most 100 rows, each conditionally. */
  readPages<R extends ReadRoute, T>(
    from: Resource<R, T>,
    parameters: ParametersOf<R>,
  ): AsyncGenerator<T, void, undefined>;
  send<R extends WriteRoute>(
    route: R,
    parameters: ParametersOf<R>,
    options: SendOptions,
  ): Promise<Answer>;
}

/** What a client is made of. */
export interface ClientParts {
  readonly octokit: Octokit;
  readonly installation: number | null;
  readonly transport: Transport;
  readonly version: ApiVersion;
  readonly memory: ResponseMemory;
  readonly clock: Clock;
  /** Called when GitHub gives no token for the installation any more. */
  readonly onGone: () => void;
}

export function createClient(parts: ClientParts): Client {
  return {
    installation: parts.installation,
    async read(from, parameters) {
      return (await readPage(parts, from, parameters)).body;
    },
    async readAnew(from, parameters) {
      const version = await versionFor(parts);
      const page = await exchange(parts, from.route, { parameters, version, isRepeatable: true });
      return fits(from, page.data);
    },
    async *readPages(from, parameters) {
      let page = await readPage(parts, from, { per_page: 100, ...parameters });
      yield page.body;
      while (page.next !== null) {
        const further = Object.fromEntries(new URL(page.next).searchParams);
        page = await readPage(parts, from, { ...parameters, ...further });
        yield page.body;
      }
    },
    async send(route, parameters, options) {
      const version = await versionFor(parts);
      const { status, data } = await exchange(parts, route, { parameters, version, ...options });
      return { status, data };
    },
  };
}

interface Page<T> {
  readonly body: T;
  readonly next: string | null;
}

async function readPage<T>(
  parts: ClientParts,
  from: Resource<ReadRoute, T>,
  parameters: object,
): Promise<Page<T>> {
  const { method, url } = halves(from.route);
  // The two versions of the API word some answers differently; both uses must name the same one.
  const version = await versionFor(parts);
  const address = parts.octokit.request.endpoint({ method, url, ...parameters }).url;
  const key = `${version}:${address}`;
  // The App's own lists are walked once and never the same again.
  const isKept = parts.installation !== null;
  const kept = isKept ? await parts.memory.recall(key) : null;
  const answer = await exchange(parts, from.route, {
    parameters,
    version,
    isRepeatable: true,
    ...(kept === null ? {} : { validator: kept.validator }),
  });
  if (answer.status === 304 && kept !== null) {
    return { body: fits(from, kept.body), next: kept.next };
  }
  const page = { body: fits(from, answer.data), next: nextIn(answer.headers.link) };
  const validator = answer.headers.etag;
  if (isKept && validator !== undefined) await parts.memory.keep(key, { validator, ...page });
  return page;
}

interface Exchange {
  readonly parameters: object;
  readonly version: string;
  readonly isRepeatable: boolean;
  /** Entity tag of the answer that is held already. */
  readonly validator?: string;
}

interface Exchanged extends Answer {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

async function exchange(
  parts: ClientParts,
  route: keyof Endpoints,
  what: Exchange,
): Promise<Exchanged> {
  const { method, url } = halves(route);
  try {
    return await ask(parts, { method, url, what });
  } catch (thrown) {
    if (what.validator !== undefined && isNotModified(thrown)) {
      return { status: 304, data: null, headers: {} };
    }
    const error = githubError(thrown, { method, route: url, now: parts.clock.now() });
    if (isInstallationGone(error)) parts.onGone();
    throw error;
  }
}

async function ask(
  parts: ClientParts,
  to: { method: string; url: string; what: Exchange },
): Promise<Exchanged> {
  const { method, url, what } = to;
  const response = await parts.octokit.request<unknown>({
    ...what.parameters,
    method,
    url,
    headers: {
      'x-github-api-version': what.version,
      ...(what.validator === undefined ? {} : { 'if-none-match': what.validator }),
    },
    request: {
      fetch: parts.transport({ route: url, installation: parts.installation }),
      // Given at all, it counts for every failure; left out, the set-up's rules hold.
      ...(what.isRepeatable ? {} : { retries: 0 }),
    },
  });
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = String(value);
  }
  return { status: response.status, data: response.data, headers };
}

/** The App's own requests never probe: what they ask is the same in both versions. */
async function versionFor(parts: ClientParts): Promise<string> {
  if (parts.installation === null) return parts.version.current();
  return parts.version.settle(async () => {
    const what = { parameters: {}, version: oldestVersion, isRepeatable: false };
    try {
      return (await ask(parts, { method: 'GET', url: '/versions', what })).data;
    } catch (thrown) {
      const error = githubError(thrown, {
        method: 'GET',
        route: '/versions',
        now: parts.clock.now(),
      });
      const status = statusOf(error);
      if (status === 404 || status === 400) return null;
      throw error;
    }
  });
}

function halves(route: string): { method: string; url: string } {
  const space = route.indexOf(' ');
  return { method: route.slice(0, space), url: route.slice(space + 1) };
}

function isNotModified(thrown: unknown): boolean {
  return thrown instanceof Error && 'status' in thrown && thrown.status === 304;
}

/** @throws GatehouseError `GATE_GITHUB_UNEXPECTED` when the answer lacks a field that is used. */
function fits<T>(from: Resource<ReadRoute, T>, data: unknown): T {
  const parsed = from.schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new GatehouseError('GATE_GITHUB_UNEXPECTED', `GitHub's answer to ${from.route} is odd`, {
    details: {
      route: from.route,
      path: issue?.path.join('.') ?? '',
      problem: issue?.message ?? '',
    },
  });
}

/** Source: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function nextIn(link: string | undefined): string | null {
  return link?.match(/<([^>]+)>;\s*rel="next"/)?.[1] ?? null;
}

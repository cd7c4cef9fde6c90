/** Asking the read API. */

/** What came back: the body, nothing that this viewer may see, or no answer worth keeping. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly body: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'away' };

/** Part of a log. */
export interface LogPart {
  readonly bytes: Uint8Array;
  /** Where it begins and where to go on, in bytes. */
  readonly offset: number;
  readonly nextOffset: number;
  /** True when nothing follows. */
  readonly isComplete: boolean;
}

/** The read API. Rejects only when `signal` ends the request. */
export interface Api {
  /** @param path below `/api/v1/` */
  get<T>(path: string, signal: AbortSignal): Promise<Answer<T>>;
  getLog(path: string, signal: AbortSignal): Promise<Answer<LogPart>>;
  /** The full address of a path below `/api/v1/`. */
  address(path: string): string;
}

/** An answer that takes longer is not worth waiting for. */
const PATIENCE_MS = 15_000;

interface ApiDeps {
  readonly base: string;
  /** Told what the server's clock says, in ms since 1970, to the second. */
  readonly onServerTime: (at: number) => void;
}

/** @param deps `base` as `baseOf` gives it */
export function createApi({ base, onServerTime }: ApiDeps): Api {
  const address = (path: string): string => `${base}api/v1/${path}`;

  async function ask<T>(
    path: string,
    signal: AbortSignal,
    read: (response: Response) => Promise<T>,
  ): Promise<Answer<T>> {
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      const response = await fetch(address(path), { signal: limit });
      if (response.status === 404) return { kind: 'missing' };
      if (!response.ok) return { kind: 'away' };
      const at = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(at)) onServerTime(at);
      return { kind: 'ok', body: await read(response) };
    } catch (error) {
      // Whoever ended the request knows; every other failure means that nobody answers now.
      if (signal.aborted) throw error;
      return { kind: 'away' };
    }
  }

  return {
    address,
    // What our own server sends has the form that the contracts say.
    get: <T>(path: string, signal: AbortSignal) =>
      ask(path, signal, (response) => response.json() as Promise<T>),
    getLog: (path, signal) => ask(path, signal, readLogPart),
  };
}

async function readLogPart(response: Response): Promise<LogPart> {
  const { headers } = response;
  return {
    bytes: new Uint8Array(await response.arrayBuffer()),
    offset: Number(headers.get('x-log-offset')),
    nextOffset: Number(headers.get('x-log-next-offset')),
    isComplete: headers.get('x-log-complete') === 'true',
  };
}

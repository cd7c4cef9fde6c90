/**
 * A socket that answers like a corner of GitHub, for what a whole GitHub does not do on demand:
 * broken answers, odd headers, exact bodies. Knows the App's installation unless told otherwise.
 */
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StubRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless it is a string. */
  readonly body?: unknown;
  /** Cuts the connection: before the answer, or within its body. */
  readonly cut?: 'before' | 'within';
  /** Never answers. */
  readonly isSilent?: boolean;
}

export type StubHandler = (request: StubRequest, url: string) => StubAnswer | Promise<StubAnswer>;

export interface HeldRequest {
  /** Settles when the request has arrived. */
  readonly arrived: Promise<void>;
  answer(what: StubAnswer): void;
}

export interface StubGitHub {
  readonly url: string;
  /** Everything that was asked, oldest first. */
  readonly requests: StubRequest[];
  /** `GET /path`, path without query; later calls replace earlier ones. */
  on(route: string, handler: StubHandler | StubAnswer): void;
  /** Keeps the next request of a route waiting for its answer; those after it go as before. */
  hold(route: string): HeldRequest;
  /** Requests of one route so far. */
  asked(route: string): StubRequest[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A key for tests alone. */
export const testKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
}).privateKey;

export async function startStubGitHub(): Promise<StubGitHub> {
  const handlers = new Map<string, StubHandler>();
  const requests: StubRequest[] = [];
  let url = '';
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then(async (body) => {
      const { method = '', url: path = '', headers } = incoming;
      const request = { method, path, headers, body };
      requests.push(request);
      const handler = handlers.get(`${method} ${pathOnly(path)}`);
      answer(outgoing, (await handler?.(request, url)) ?? notFound);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  url = `http://127.0.0.1:${port}`;

  const on: StubGitHub['on'] = (route, handler) => {
    handlers.set(route, typeof handler === 'function' ? handler : () => handler);
  };
  on('GET /repos/acme/api/installation', { body: { id: 11, suspended_at: null } });
  on('POST /app/installations/11/access_tokens', () => ({
    status: 201,
    body: {
      token: `ghs_1_${'x'.repeat(500)}.y.z`,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: {},
      repository_selection: 'all',
    },
  }));
  on('GET /versions', { body: ['2022-11-28', '2026-03-10'] });
  on('GET /app', { body: { id: 1, slug: 'gatehouse' } });
  return {
    url,
    requests,
    on,
    hold: (route) => hold(handlers, route),
    asked: (route) =>
      requests.filter(({ method, path }) => `${method} ${pathOnly(path)}` === route),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function hold(handlers: Map<string, StubHandler>, route: string): HeldRequest {
  const arrival = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<StubAnswer>();
  const before = handlers.get(route) ?? (() => notFound);
  handlers.set(route, () => {
    handlers.set(route, before);
    arrival.resolve();
    return answered.promise;
  });
  return { arrived: arrival.promise, answer: answered.resolve };
}

const notFound: StubAnswer = { status: 404, body: { message: 'Not Found' } };

function answer(outgoing: ServerResponse, what: StubAnswer): void {
  if (what.isSilent === true) return;
  if (what.cut === 'before') {
    outgoing.destroy();
    return;
  }
  const text = typeof what.body === 'string' ? what.body : JSON.stringify(what.body ?? {});
  const status = what.status ?? 200;
  const headers = { 'content-type': 'application/json; charset=utf-8', ...what.headers };
  if (what.cut === 'within') {
    outgoing.writeHead(status, { ...headers, 'content-length': String(text.length + 10) });
    outgoing.write(text, () => outgoing.destroy());
    return;
  }
  outgoing.writeHead(status, headers);
  outgoing.end(status === 204 || status === 304 ? undefined : text);
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of incoming) text += String(part);
  return text === '' ? null : JSON.parse(text);
}

function pathOnly(path: string): string {
  return decodeURIComponent(path.split('?')[0] ?? '');
}

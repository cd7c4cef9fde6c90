/**
 * A repository over smart HTTP, by git's own back end. It speaks the oldest protocol, so that it
 * refuses commits which no ref points to.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

/** The server and what a test tells it. */
export interface GitServer extends AsyncDisposable {
  /** Address of the one repository. */
  readonly url: string;
  /** Every `Authorization` that came. */
  readonly authorizations: readonly string[];
  serve(path: string): void;
  refuse(): void;
  redirectTo(url: string): void;
}

/** Starts one on a free port. */
export async function gitServer(): Promise<GitServer> {
  const authorizations: string[] = [];
  const backend = join(
    execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(),
    'git-http-backend',
  );
  let path = '';
  let isRefusing = false;
  let elsewhere: string | null = null;
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) authorizations.push(authorization);
    if (isRefusing) response.writeHead(403).end();
    else if (elsewhere !== null) {
      const rest = (request.url ?? '').replace('/api.git', '');
      response.writeHead(301, { location: `${elsewhere}${rest}` }).end();
    } else answerByBackend({ backend, path }, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  // A TCP server that listens has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api.git`,
    authorizations,
    serve: (repository) => {
      path = repository;
    },
    refuse: () => {
      isRefusing = true;
    },
    redirectTo: (url) => {
      elsewhere = url;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Served {
  readonly backend: string;
  readonly path: string;
}

function answerByBackend(
  { backend, path }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn(backend, {
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      GIT_PROJECT_ROOT: dirname(path),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      REMOTE_USER: 'tester',
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  const parts: Buffer[] = [];
  request.pipe(child.stdin);
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.on('close', () => {
    const whole = Buffer.concat(parts);
    const end = whole.indexOf('\r\n\r\n');
    const lines = whole.subarray(0, end).toString('latin1').split('\r\n');
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
    const status = Number.parseInt(new Map(headers).get('Status') ?? '200', 10);
    response.writeHead(status, Object.fromEntries(headers)).end(whole.subarray(end + 4));
  });
}

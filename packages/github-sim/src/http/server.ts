/**
 * The one HTTP server: REST API (under `/api/v3` and at the root), git, control API and pages.
 * Faults act here, outside of the API's own work, because they concern the wire.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RequestRow, SimActions } from '../actions/types.ts';
import type { Core } from '../core.ts';
import { gitRequest, serveGit } from '../git/smart-http.ts';
import type { Validator } from '../openapi/validator.ts';
import { PAGE_PREFIX, servePage } from '../page/page.ts';
import { type ApiAnswer, answerApi } from './api.ts';
import { serveControl } from './control.ts';
import { applyFault } from './fault-answers.ts';
import type { Router } from './router.ts';

export interface ServerDeps {
  readonly core: Core;
  readonly act: SimActions;
  readonly router: Router;
  readonly validator: Validator;
}

const API_PREFIX = '/api/v3';
/** Larger bodies end the connection; GitHub's own limit for JSON is lower. */
const BODY_BYTES_MAX = 40 * 1024 * 1024;
/** Rows of the request log that are kept. */
const REQUESTS_MAX = 20_000;

/** A server that is not listening yet. */
export function createSimServer(deps: ServerDeps): Server {
  return createServer((request, response) => {
    serve(deps, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const { method = '', url = '' } = request;
      deps.core.violations.push({ kind: 'response', method, path: url, message });
      response.destroy();
    });
  });
}

async function serve(
  deps: ServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sim');
  const asked = gitRequest(request.method ?? 'GET', url);
  if (asked !== null) {
    await serveGit(deps.core, asked, { request, response });
    return;
  }
  const body = await readBody(request);
  const path = url.pathname;
  if (path.startsWith('/_sim/')) {
    await serveControl(deps, { request, response, path, body });
    return;
  }
  const isPrefixed = path === API_PREFIX || path.startsWith(`${API_PREFIX}/`);
  const apiPath = (isPrefixed ? path.slice(API_PREFIX.length) : path).replace(/(.)\/$/, '$1');
  const isDocument = !isPrefixed && (request.headers.accept ?? '').includes('text/html');
  const isPage = isDocument || path.startsWith(PAGE_PREFIX);
  if (isPage && (await servePage(deps, { request, response, url, body }))) return;
  await serveApi(deps, { request, response, path: apiPath || '/', url, body });
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > BODY_BYTES_MAX) throw new Error('request body is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly url: URL;
  readonly body: Buffer;
}

async function serveApi(deps: ServerDeps, exchange: Exchange): Promise<void> {
  const { core } = deps;
  const { request, response, path, url, body } = exchange;
  const method = request.method ?? 'GET';
  const startedMs = performance.now();
  const fault = core.faults.takeRequest(method, path);
  const query = new Map(url.searchParams);
  const work = () => answerApi(deps, { method, path, query, headers: request.headers, body });
  const answer = await applyFault(core, fault, { headers: request.headers, work });
  logRequest(core, {
    at: core.options.clock.now().toISOString(),
    method,
    path: `${path}${url.search}`,
    operation: answer.operation,
    status: answer.status,
    app: appOf(answer),
    installation: answer.caller.kind === 'installation' ? answer.caller.installation.id : null,
    body: bodyForLog(body),
    verdict: answer.verdict,
    fault: fault?.kind ?? null,
    durationMs: Math.round(performance.now() - startedMs),
  });
  if (fault?.kind === 'lost_answer') {
    // A reset, not an end: the client must not know how far the request came.
    request.socket.resetAndDestroy();
    return;
  }
  const id = `SIM:${(core.requests.at(-1)?.seq ?? 0).toString(16).padStart(8, '0')}`;
  response.writeHead(answer.status, {
    server: 'github.com',
    date: core.options.clock.now().toUTCString(),
    'x-github-request-id': id,
    'content-length': answer.body.length,
    ...answer.headers,
  });
  response.end(answer.body);
}

function appOf(answer: ApiAnswer): string | null {
  const { caller } = answer;
  return caller.kind === 'app' || caller.kind === 'installation' ? caller.app.slug : null;
}

function bodyForLog(body: Buffer): unknown {
  if (body.length === 0) return null;
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return '(not JSON)';
    throw error;
  }
}

function logRequest(core: Core, row: Omit<RequestRow, 'seq'>): void {
  const seq = (core.requests.at(-1)?.seq ?? 0) + 1;
  core.requests.push({ seq, ...row });
  if (core.requests.length > REQUESTS_MAX) core.requests.splice(0, REQUESTS_MAX / 2);
}

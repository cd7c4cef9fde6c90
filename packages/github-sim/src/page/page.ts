/**
 * Where pages hang on the server: everything below `/_page/` (files, the forms' own calls, who one
 * acts as), and every address that a browser asks for as a document and the API does not know.
 *
 * Pages are made on the server from the read model. The script in the browser only sends forms and
 * fetches the page again after a change, so there is one place where anything is rendered.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SimActions } from '../actions/types.ts';
import type { Core } from '../core.ts';
import { invalid, Refusal } from '../errors.ts';
import { readAsset } from './assets.ts';
import { type OpenInput, openWithChange, pushChange } from './compose.ts';
import type { Html } from './html.ts';
import { findPage, missingPage } from './routes.ts';
import { type ChangeKind, changeWords } from './sample-changes.ts';

export interface PageExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
}

export interface PageDeps {
  readonly core: Core;
  readonly act: SimActions;
  /** What the API answers is not a page, even when a browser asks. */
  readonly router: { knows(path: string): boolean };
}

/** Below this everything belongs to the pages, whatever a client accepts. */
export const PAGE_PREFIX = '/_page/';

const COOKIE = 'sim_user';
/** Nothing from elsewhere, nothing inline: what strangers write can only ever be text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers a page or what pages need; false when the address is the API's. */
export async function servePage(deps: PageDeps, exchange: PageExchange): Promise<boolean> {
  const { request, url } = exchange;
  const { pathname } = url;
  const isGet = request.method === 'GET' || request.method === 'HEAD';
  if (pathname.startsWith(PAGE_PREFIX)) {
    const name = pathname.slice(PAGE_PREFIX.length);
    if (request.method === 'POST') await serveCall(deps, exchange, name);
    else if (name === 'act-as') actAs(exchange);
    else await serveAsset(exchange, name);
    return true;
  }
  if (!isGet) return false;
  const asked = { url, login: readCookie(request.headers.cookie ?? '') };
  const found = await findPage(deps, asked);
  if (found === null) {
    if (deps.router.knows(pathname)) return false;
    sendPage(exchange, 404, missingPage(deps, asked));
  } else if ('redirect' in found) {
    exchange.response.writeHead(302, { location: found.redirect }).end();
  } else {
    sendPage(exchange, 200, found);
  }
  return true;
}

function sendPage({ response }: PageExchange, status: number, page: Html): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(page.markup);
}

async function serveAsset({ request, response }: PageExchange, name: string): Promise<void> {
  const asset = await readAsset(name);
  if (asset === null) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.\n');
    return;
  }
  const { type, bytes, etag } = asset;
  const headers = { etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };
  if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
  else response.writeHead(200, { ...headers, 'content-type': type }).end(bytes);
}

function actAs({ response, url }: PageExchange): void {
  const user = url.searchParams.get('user') ?? '';
  const back = url.searchParams.get('back') ?? '/';
  response.writeHead(303, {
    'set-cookie': `${COOKIE}=${encodeURIComponent(user)}; Path=/; SameSite=Lax; HttpOnly`,
    // A path of this server, and nowhere else.
    location: /^\/(?![/\\])/.test(back) ? back : '/',
  });
  response.end();
}

function readCookie(header: string): string | null {
  const found = header.split(/; */).find((pair) => pair.startsWith(`${COOKIE}=`));
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found.slice(COOKIE.length + 1));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

async function serveCall(deps: PageDeps, exchange: PageExchange, name: string): Promise<void> {
  try {
    sendJson(exchange, 200, await runCall(deps, exchange, name));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    sendJson(exchange, error.status, { message: error.message });
  }
}

async function runCall(deps: PageDeps, { request, body }: PageExchange, name: string) {
  // A form of another site cannot send JSON without asking first.
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new Refusal(415, 'A JSON object is needed');
  }
  const input = parseObject(body);
  const stamp = deps.core.options.clock.now();
  if (name === 'open-pull-request') return openWithChange(deps.act, openInput(input), stamp);
  if (name === 'push-change') {
    const { repository, number, user, change } = input;
    const on = { repository: String(repository), number: Number(number), user: String(user) };
    return pushChange(deps.act, { ...on, change: changeOf(change) }, stamp);
  }
  throw new Refusal(404, `There is no call ${name}`);
}

type Fields = Readonly<Record<string, unknown>>;

function parseObject(body: Buffer): Fields {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, 'A JSON object is needed');
}

function openInput(fields: Fields): OpenInput {
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  return {
    repository: text('repository'),
    user: text('user'),
    title: text('title'),
    body: text('body'),
    change: changeOf(fields.change),
    fromFork: fields.fromFork === true,
    draft: fields.draft === true,
    path: text('path'),
    content: text('content'),
  };
}

function changeOf(value: unknown): ChangeKind {
  const kinds: readonly ChangeKind[] = ['passing', 'failing', 'configuration', 'own'];
  const found = kinds.find((kind) => kind === value);
  if (found === undefined) throw invalid(`change is one of ${Object.keys(changeWords).join(', ')}`);
  return found;
}

function sendJson({ response }: PageExchange, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

/**
 * One request to the REST API from the first header to the last: route, client rules, caller,
 * budget, visibility and permission, description, handler, description again, conditional answer.
 * The order is GitHub's: a stranger learns nothing (404) before a permission is spoken of (403),
 * and a body is judged (422) only after that.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { authenticate, type Caller } from '../auth/authenticate.ts';
import type { Core } from '../core.ts';
import { Refusal } from '../errors.ts';
import type { Operation } from '../openapi/description.ts';
import type { Validator } from '../openapi/validator.ts';
import { authorize, rootOf } from './authorize.ts';
import { rateHeaders } from './rate-limit.ts';
import type { Reply } from './route.ts';
import type { Match, Router } from './router.ts';

export interface ApiRequest {
  readonly method: string;
  /** Without the API prefix. */
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** For the log of requests. */
  readonly caller: Caller;
  readonly operation: string | null;
  readonly verdict: string;
}

const DOCS = 'https://docs.github.com/rest';

/** Answers one request. Never throws. */
export async function answerApi(
  deps: { core: Core; router: Router; validator: Validator },
  request: ApiRequest,
): Promise<ApiAnswer> {
  const state: Progress = { ...deps, request, caller: { kind: 'anonymous' }, verdict: 'valid' };
  let reply: Reply;
  try {
    reply = await produce(state);
  } catch (error) {
    reply = replyOf(state, error);
  }
  return finish(state, reply);
}

interface Progress {
  readonly core: Core;
  readonly router: Router;
  readonly validator: Validator;
  readonly request: ApiRequest;
  caller: Caller;
  match?: Match;
  operation?: Operation;
  version?: string;
  verdict: string;
}

async function produce(state: Progress): Promise<Reply> {
  const { core, router, request } = state;
  checkUserAgent(request.headers);
  state.version = versionOf(core, request.headers);
  const match = router.match(request.method, request.path);
  if (match === null) return unknownRoute(state);
  state.match = match;
  const operation = state.validator.operation(request.method, match.route.template);
  if (operation === null) throw new Error(`${match.route.template} is not in the description`);
  state.operation = operation;
  state.caller = authenticate(core, request.headers.authorization);
  refuseSpent(state);
  const { repo, actor } = authorize(core, match, state.caller);
  checkQuery(state, operation);
  const body = parseBody(request);
  checkBody(state, operation, body);
  const call = {
    core,
    caller: state.caller,
    path: request.path,
    params: match.params,
    query: request.query,
    body,
    accept: request.headers.accept ?? '',
    version: state.version,
    repo,
    actor,
  };
  const run = async () => match.route.handle(call);
  const isWrite = request.method !== 'GET' && match.route.access.kind === 'repo';
  const reply = isWrite ? await core.locks.run(rootOf(core, repo), run) : await run();
  return checkAnswer(state, operation, reply);
}

function checkUserAgent(headers: IncomingHttpHeaders): void {
  if ((headers['user-agent'] ?? '') !== '') return;
  throw new Refusal(
    403,
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent ' +
      'header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-' +
      'required). Check https://developer.github.com for other possible causes.',
  );
}

function versionOf(core: Core, headers: IncomingHttpHeaders): string {
  const { apiVersions } = core.options;
  const asked = headers['x-github-api-version'];
  if (asked === undefined) return apiVersions[0] ?? '2022-11-28';
  if (typeof asked === 'string' && apiVersions.includes(asked)) return asked;
  throw new Refusal(400, `"${asked}" is not a supported version of the REST API.`);
}

function unknownRoute(state: Progress): Reply {
  const { core, router, request } = state;
  const { method, path } = request;
  const message = router.knows(path) ? 'no such method here' : 'no such route';
  core.violations.push({ kind: 'unknown_route', method, path, message });
  state.verdict = message;
  throw new Refusal(404, 'Not Found');
}

/** Which budget a caller draws on. */
export function budgetKey(caller: Caller): string {
  if (caller.kind === 'installation') return `installation ${caller.installation.id}`;
  if (caller.kind === 'app') return `app ${caller.app.id}`;
  return caller.kind === 'user' ? `user ${caller.user.id}` : 'anonymous';
}

function refuseSpent(state: Progress): void {
  const budget = state.core.limits.of(budgetKey(state.caller));
  if (budget.used < budget.limit || state.request.path === '/rate_limit') return;
  const { caller } = state;
  const whom =
    caller.kind === 'installation' ? `installation ID ${caller.installation.id}` : 'this caller';
  throw new Refusal(403, `API rate limit exceeded for ${whom}.`, {
    fields: { documentation_url: `${DOCS}/using-the-rest-api/rate-limits-for-the-rest-api` },
  });
}

function checkQuery(state: Progress, operation: Operation): void {
  refuse(state, state.validator.query(operation, state.request.query));
}

function checkBody(state: Progress, operation: Operation, body: unknown): void {
  refuse(state, state.validator.body(operation, body));
}

function refuse(state: Progress, complaint: string | null): void {
  if (complaint === null) return;
  const { method, path } = state.request;
  const message = complaint.replace(/\s+/g, ' ');
  state.core.violations.push({ kind: 'request', method, path, message });
  state.verdict = message;
  throw new Refusal(422, complaint);
}

function parseBody(request: ApiRequest): unknown {
  if (request.body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, 'Problems parsing JSON');
  }
  if (typeof value === 'object') return value;
  throw new Refusal(400, 'Body should be a JSON object');
}

function checkAnswer(state: Progress, operation: Operation, reply: Reply): Reply {
  const mediaType = reply.raw?.type.split(';')[0] ?? 'application/json';
  // Through JSON and back, so that the check sees what the client will see.
  const body: unknown =
    reply.body === undefined ? undefined : JSON.parse(JSON.stringify(reply.body));
  const seen = shapeFor(state.version ?? '', body);
  const answer = { status: reply.status, body: seen, mediaType, version: state.version ?? '' };
  const complaint = reply.raw === undefined ? state.validator.answer(operation, answer) : null;
  if (complaint === null) return { ...reply, ...(seen === undefined ? {} : { body: seen }) };
  const { method, path } = state.request;
  state.core.violations.push({ kind: 'response', method, path, message: complaint });
  state.verdict = `answer: ${complaint}`;
  return { status: 500, body: { message: `The simulator broke the description: ${complaint}` } };
}

/** Version 2026-03-10 has lost some properties. Source: GitHub's page of breaking changes. */
function shapeFor(version: string, value: unknown): unknown {
  if (version === '2022-11-28') return value;
  if (Array.isArray(value)) return value.map((each) => shapeFor(version, each));
  if (typeof value !== 'object' || value === null) return value;
  const isPull = 'merge_commit_sha' in value && 'head' in value && 'base' in value;
  const isLimits = 'resources' in value && 'rate' in value;
  const entries = Object.entries(value).filter(([key]) => {
    if (isPull && (key === 'merge_commit_sha' || key === 'assignee')) return false;
    return !(isLimits && key === 'rate');
  });
  return Object.fromEntries(entries.map(([key, each]) => [key, shapeFor(version, each)]));
}

function replyOf(state: Progress, error: unknown): Reply {
  if (error instanceof Refusal) {
    const docs = { documentation_url: DOCS, status: String(error.status) };
    const body = { message: error.message, ...docs, ...error.fields };
    recordBadRefusal(state, error.status, body);
    return { status: error.status, body, headers: error.headers };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { method, path } = state.request;
  state.core.violations.push({ kind: 'response', method, path, message });
  state.verdict = `crash: ${message}`;
  return { status: 500, body: { message: 'Server Error' } };
}

/** A refusal is sent as it is, but one that the description does not allow is recorded. */
function recordBadRefusal(state: Progress, status: number, body: unknown): void {
  if (state.operation === undefined) return;
  const answer = { status, body, mediaType: 'application/json', version: state.version ?? '' };
  const complaint = state.validator.answer(state.operation, answer);
  if (complaint === null) return;
  const { method, path } = state.request;
  state.core.violations.push({ kind: 'response', method, path, message: complaint });
}

function finish(state: Progress, reply: Reply): ApiAnswer {
  const { core, request, caller } = state;
  const bytes = bytesOf(reply);
  const hash = createHash('sha256').update(bytes).update(budgetKey(caller)).digest('hex');
  const etag = `W/"${hash}"`;
  const isCacheable = request.method === 'GET' && reply.status === 200;
  const isSame = isCacheable && matches(request.headers['if-none-match'], etag);
  const budget = core.limits.of(budgetKey(caller));
  const isFree = isSame || request.path === '/rate_limit';
  if (!isFree) budget.used = Math.min(budget.used + 1, budget.limit);
  const type = reply.raw?.type ?? 'application/json; charset=utf-8';
  const status = isSame ? 304 : reply.status;
  return {
    status,
    body: isSame ? Buffer.alloc(0) : bytes,
    headers: {
      ...(bytes.length > 0 && !isSame ? { 'content-type': type } : {}),
      ...(isCacheable ? { etag, 'cache-control': 'private, max-age=60, s-maxage=60' } : {}),
      ...(reply.link ? { link: reply.link } : {}),
      ...rateHeaders(budget),
      ...acceptedPermissions(state),
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': state.version ?? '',
      vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
      ...reply.headers,
    },
    caller,
    operation: state.operation?.operationId ?? null,
    verdict: state.verdict,
  };
}

function bytesOf(reply: Reply): Buffer {
  if (reply.raw !== undefined) return reply.raw.bytes;
  return reply.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(reply.body));
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.split(',').some((each) => bare(each) === bare(etag) || each.trim() === '*');
}

function acceptedPermissions(state: Progress): Record<string, string> {
  const access = state.match?.route.access;
  if (access?.kind !== 'repo' || state.caller.kind !== 'installation') return {};
  const sets = access.anyOf.map((needs) =>
    Object.entries(needs)
      .map(([name, level]) => `${name}=${level}`)
      .join(','),
  );
  return { 'x-accepted-github-permissions': sets.join('; ') };
}

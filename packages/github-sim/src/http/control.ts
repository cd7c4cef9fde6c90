/**
 * The control API: `POST /_sim/<action>` and the stream of changes. Its bodies are this project's
 * own; a missing key is refused before the action is tried.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ACTION_KEYS, wireName } from '../actions/names.ts';
import type { SimActions } from '../actions/types.ts';
import type { Core } from '../core.ts';
import { Refusal } from '../errors.ts';
import { GitError } from '../git/run.ts';

/** Answers one request below `/_sim/`. */
export async function serveControl(
  deps: { core: Core; act: SimActions },
  http: { request: IncomingMessage; response: ServerResponse; path: string; body: Buffer },
): Promise<void> {
  const { request, response, path, body } = http;
  const name = path.slice('/_sim/'.length);
  if (request.method === 'GET' && name === 'events') {
    streamTicks(deps.core, response);
    return;
  }
  if (request.method === 'GET' && name.startsWith('avatar/')) {
    response.writeHead(200, { 'content-type': 'image/svg+xml' });
    response.end(avatar(decodeURIComponent(name.slice('avatar/'.length))));
    return;
  }
  try {
    const result = await runAction(deps.act, { method: request.method ?? '', name, body });
    if (result === undefined) response.writeHead(204).end();
    else sendJson(response, 200, result);
  } catch (error) {
    sendJson(response, statusOf(error), {
      message: error instanceof Error ? error.message : String(error),
      ...(error instanceof Refusal ? error.fields : {}),
    });
  }
}

function statusOf(error: unknown): number {
  if (error instanceof Refusal) return error.status;
  return error instanceof GitError || !(error instanceof SyntaxError) ? 500 : 400;
}

async function runAction(
  act: SimActions,
  asked: { method: string; name: string; body: Buffer },
): Promise<unknown> {
  const found = Object.entries(ACTION_KEYS).find(([key]) => wireName(key) === asked.name);
  if (found === undefined) throw new Refusal(404, `There is no action ${asked.name}`);
  const [action, keys] = found;
  if (asked.method !== 'POST') throw new Refusal(405, `POST /_sim/${asked.name}`);
  const input: unknown = asked.body.length === 0 ? {} : JSON.parse(asked.body.toString('utf8'));
  if (typeof input !== 'object' || input === null)
    throw new Refusal(400, 'A JSON object is needed');
  const missing = keys.find((key) => !(key in input));
  if (missing !== undefined) throw new Refusal(400, `${asked.name} needs ${missing}`);
  // The table's key is the action's name; its input was written for this very interface.
  const run = act[action as keyof SimActions] as (input: unknown) => Promise<unknown>;
  return run(input);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

function streamTicks(core: Core, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const send = (tick: unknown) => response.write(`data: ${JSON.stringify(tick)}\n\n`);
  send({ version: core.version, kind: 'hello', repository: null });
  core.listeners.add(send);
  response.on('close', () => core.listeners.delete(send));
}

const AVATAR_HUES = 360;

/** A circle in a colour of its own, with the first letter. */
function avatar(login: string): string {
  const hue = [...login].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % AVATAR_HUES;
  const letter = /[a-z0-9]/i.exec(login)?.[0]?.toUpperCase() ?? '?';
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">' +
    `<circle cx="20" cy="20" r="20" fill="hsl(${hue} 45% 45%)"/>` +
    '<text x="20" y="27" font-family="sans-serif" font-size="20" text-anchor="middle" ' +
    `fill="#fff">${letter}</text></svg>`
  );
}

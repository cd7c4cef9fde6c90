/**
 * Acts as a person on a simulator that runs in another process, over its control API. Every method
 * has the name, the input and the result of the library's `sim.act` method.
 */
import { ACTION_KEYS, wireName } from './actions/names.ts';
import type { SimActions } from './actions/types.ts';

/** The simulator refused an action; `message` is its reason, `status` its HTTP status. */
export class SimClientError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'SimClientError';
    this.status = status;
  }
}

export interface SimClient extends SimActions {
  /**
   * Ticks of the change stream (`GET /_sim/events`): the overview version after each change.
   * Ends when `signal` aborts or the simulator stops.
   */
  events(signal?: AbortSignal): AsyncGenerator<SimTick>;
}

/** One change: its version number and what changed, for example `pull_request.opened`. */
export interface SimTick {
  readonly version: number;
  readonly kind: string;
  readonly repository: string | null;
}

/**
 * A client for the simulator at `url` (its root, without `/api/v3`).
 *
 * @throws SimClientError from every method when the simulator refuses.
 */
export function createSimClient(url: string): SimClient {
  const root = url.replace(/\/+$/, '');
  const entries = Object.keys(ACTION_KEYS).map((name) => [
    name,
    (input: unknown = {}) => callAction(root, name, input),
  ]);
  // The table has a key for each action by its type, and the server runs the same functions.
  const actions = Object.fromEntries(entries) as SimActions;
  return { ...actions, events: (signal) => readTicks(root, signal) };
}

async function callAction(root: string, name: string, input: unknown): Promise<unknown> {
  const response = await fetch(`${root}/_sim/${wireName(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new SimClientError(response.status, messageOf(parsed, text));
  return parsed;
}

function messageOf(parsed: unknown, text: string): string {
  if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) {
    return String(parsed.message);
  }
  return text;
}

async function* readTicks(root: string, signal?: AbortSignal): AsyncGenerator<SimTick> {
  const response = await fetch(`${root}/_sim/events`, signal ? { signal } : {});
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let buffer = '';
  try {
    for await (const chunk of response.body) {
      buffer += decoder.decode(chunk, { stream: true });
      const blocks = buffer.split('\n\n');
      buffer = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = block.split('\n').find((line) => line.startsWith('data: '));
        // Our own server writes the line, one tick as JSON.
        if (data !== undefined) yield JSON.parse(data.slice(6)) as SimTick;
      }
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

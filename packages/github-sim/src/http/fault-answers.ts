/** What a client gets instead of, or around, the real answer when a fault is in force. */
import type { IncomingHttpHeaders } from 'node:http';
import { authenticate, type Caller } from '../auth/authenticate.ts';
import type { Core } from '../core.ts';
import { Refusal } from '../errors.ts';
import type { ApiAnswer } from './api.ts';
import type { RequestFault } from './faults.ts';

const RESET_S_DEFAULT = 60;

/** Runs the work unless the fault answers in its place. */
export async function applyFault(
  core: Core,
  fault: RequestFault | null,
  around: { headers: IncomingHttpHeaders; work: () => Promise<ApiAnswer> },
): Promise<ApiAnswer> {
  if (fault === null || fault.kind === 'lost_answer') return around.work();
  if (fault.kind === 'delay') {
    await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    return around.work();
  }
  const caller = callerOf(core, around.headers);
  if (fault.kind === 'status')
    return refusal(caller, { status: fault.status, message: 'Server Error' });
  const status = fault.status ?? 403;
  if (fault.kind === 'secondary_limit') {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
    const headers = { 'retry-after': String(fault.retryAfterS ?? RESET_S_DEFAULT) };
    return refusal(caller, { status, message, headers });
  }
  const resetAt = core.options.clock.now().getTime() / 1000 + (fault.resetS ?? RESET_S_DEFAULT);
  const whom = caller.kind === 'installation' ? `installation ID ${caller.installation.id}` : 'you';
  const message = `API rate limit exceeded for ${whom}.`;
  const headers = {
    'x-ratelimit-limit': String(core.options.rateLimit),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-used': String(core.options.rateLimit),
    'x-ratelimit-reset': String(Math.ceil(resetAt)),
    'x-ratelimit-resource': 'core',
  };
  return refusal(caller, { status, message, headers });
}

function callerOf(core: Core, headers: IncomingHttpHeaders): Caller {
  try {
    return authenticate(core, headers.authorization);
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'anonymous' };
    throw error;
  }
}

function refusal(
  caller: Caller,
  answer: { status: number; message: string; headers?: Readonly<Record<string, string>> },
): ApiAnswer {
  const { status, message, headers } = answer;
  const body = { message, documentation_url: 'https://docs.github.com/rest' };
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(body)),
    caller,
    operation: null,
    verdict: 'fault',
  };
}

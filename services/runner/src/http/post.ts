/** One POST to an external runner: no redirects, bounded in time, the answer's body thrown away. */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { HTTP_ANSWER_BYTES_MAX } from '../limits.ts';
import { durationInWords, systemCodeOf } from '../words.ts';
import { type Clearance, RefusedTarget } from './guard.ts';

/** What is sent. */
export interface Post {
  readonly target: Extract<Clearance, { ok: true }>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** Accepted, or why not, in words for the owner of the configuration. */
export type PostEnd = { readonly ok: true } | { readonly ok: false; readonly detail: string };

/** Sends it once. Never throws for what the other side does. */
export function postOnce(post: Post): Promise<PostEnd> {
  const { target, headers, body, timeoutMs } = post;
  const request = target.url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const end = (detail: string) => resolve({ ok: false, detail });
    const call = request(target.url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      agent: false,
      signal,
      ...(target.lookup === null ? {} : { lookup: target.lookup }),
    });
    call.on('error', (error) => end(failureInWords(error, signal.aborted, timeoutMs)));
    call.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      if (status >= 200 && status < 300) resolve({ ok: true });
      else end(statusInWords(status));
      discard(answer);
    });
    // All that is heard of an answer of 101. After an answer or an error it says nothing new.
    call.on('close', () => end('closed the connection without an answer'));
    call.end(body);
  });
}

/** Reads a little, so that the other side can finish, and then hangs up. */
function discard(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > HTTP_ANSWER_BYTES_MAX) answer.destroy();
  });
  // The answer counts from its status on; how its body ends does not matter.
  answer.on('error', () => answer.destroy());
}

function statusInWords(status: number): string {
  const isRedirect = status >= 300 && status < 400;
  return isRedirect ? `answered ${status}: redirects are not followed` : `answered ${status}`;
}

function failureInWords(error: Error, isTimeUp: boolean, timeoutMs: number): string {
  if (error instanceof RefusedTarget) return error.message;
  if (isTimeUp) return `no answer within ${durationInWords(timeoutMs)}`;
  const code = systemCodeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its host name cannot be resolved';
  if (code === 'ECONNREFUSED') return 'could not be reached: connection refused';
  return `could not be reached: ${code ?? error.message}`;
}

import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { RefusalAnswer } from './answers.ts';
import { LINGER_BYTES_MAX, LINGER_MS } from './limits.ts';

/**
 * Answers while the body is still on its way. Closing at once would reset the connection, and the
 * reset can overtake the answer; so the answer goes out whole, what still comes in is thrown away
 * for a while, and only then the connection ends.
 */
export function answerAndLinger(
  response: ServerResponse,
  refusal: RefusalAnswer,
  body: string,
): void {
  const { req: request, socket } = response;
  if (response.destroyed || socket?.destroyed !== false) return;
  const headers: OutgoingHttpHeaders = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  if (refusal.retryAfterS !== undefined) headers['retry-after'] = String(refusal.retryAfterS);
  response.writeHead(refusal.status, headers);
  response.write(body);
  let bytes = 0;
  const timer = setTimeout(finish, LINGER_MS);

  function finish(): void {
    clearTimeout(timer);
    request.off('data', onData).off('end', finish).off('close', finish);
    response.end();
  }

  function onData(chunk: Buffer): void {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES_MAX) finish();
  }

  if (request.readableEnded) finish();
  else request.on('data', onData).on('end', finish).on('close', finish).resume();
}

import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What the receiver answered; code 0 when no answer came. */
export interface DeliveryAnswer {
  readonly status: string;
  readonly statusCode: number;
  readonly durationS: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** GitHub keeps this much of an answer's body. */
const ANSWER_CHARS_MAX = 65_536;

/** Both signatures that GitHub sends; none without a secret. */
export function signatureHeaders(secret: string, body: string): Record<string, string> {
  if (secret === '') return {};
  const hmac = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex');
  return {
    'X-Hub-Signature': `sha1=${hmac('sha1')}`,
    'X-Hub-Signature-256': `sha256=${hmac('sha256')}`,
  };
}

/** Sends one payload once. Never throws: what goes wrong is the answer's status. */
export function post(
  url: string,
  message: { headers: Readonly<Record<string, string>>; body: string },
  timeoutMs: number,
): Promise<DeliveryAnswer> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const finish = (status: string, more: Partial<DeliveryAnswer> = {}) => {
      const durationS = Math.round(performance.now() - startedMs) / 1000;
      resolve({ statusCode: 0, headers: {}, body: '', ...more, status, durationS });
    };
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const length = String(Buffer.byteLength(message.body));
    const request = open(url, {
      method: 'POST',
      headers: { ...message.headers, 'Content-Length': length },
      signal: AbortSignal.timeout(timeoutMs),
    });
    request.on('error', (error) => {
      const isLate = error.name === 'AbortError' || error.name === 'TimeoutError';
      finish(isLate ? 'timed out' : 'failed to connect to host');
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => finish('timed out'));
      response.on('end', () => {
        const statusCode = response.statusCode ?? 0;
        const isOk = statusCode >= 200 && statusCode < 300;
        const headers = Object.entries(response.headers).map(([key, value]) => [
          key,
          String(value),
        ]);
        finish(isOk ? 'OK' : `Invalid HTTP Response: ${statusCode}`, {
          statusCode,
          headers: Object.fromEntries(headers),
          body: Buffer.concat(chunks).toString('utf8').slice(0, ANSWER_CHARS_MAX),
        });
      });
    });
    request.end(message.body);
  });
}

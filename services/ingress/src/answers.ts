/** What senders of webhooks are answered. */
import type { WebhookResult } from '@gatehouse/telemetry';
import { BODY_BYTES_MAX, RETRY_AFTER_S } from './limits.ts';

/** One answer other than 202. */
export interface RefusalAnswer {
  readonly status: number;
  readonly code: string;
  readonly result: WebhookResult;
  /** For whoever looks at the delivery on GitHub. */
  readonly message: string;
  /** True: the rest of the body is unread, so the connection cannot serve another request. */
  readonly isClosing?: boolean;
  readonly retryAfterS?: number;
}

/** Every refusal, in the order in which they are looked for. */
export const refusals = {
  tooLarge: {
    status: 413,
    code: 'body_too_large',
    result: 'too_large',
    message: `The body has more than ${BODY_BYTES_MAX} bytes.`,
    isClosing: true,
  },
  overloaded: {
    status: 503,
    code: 'overloaded',
    result: 'unavailable',
    message: 'Too many bodies are being received at once. Redeliver this later.',
    isClosing: true,
    retryAfterS: RETRY_AFTER_S,
  },
  timedOut: {
    status: 408,
    code: 'body_timeout',
    result: 'truncated',
    message: 'The body did not arrive in time.',
    isClosing: true,
  },
  truncated: {
    status: 400,
    code: 'body_truncated',
    result: 'truncated',
    message: 'The connection ended before the end of the body.',
    isClosing: true,
  },
  forged: {
    status: 401,
    code: 'bad_signature',
    result: 'forged',
    message:
      'X-Hub-Signature-256 is missing or does not match the body. The secret of the webhook and ' +
      'the one of this service have to be the same.',
  },
  formEncoded: {
    status: 400,
    code: 'form_encoded',
    result: 'malformed',
    message: "Set the webhook's content type to application/json; form bodies are not read.",
  },
  malformed: {
    status: 400,
    code: 'malformed_json',
    result: 'malformed',
    message: 'The body is not JSON.',
  },
  missingEvent: {
    status: 400,
    code: 'missing_event',
    result: 'malformed',
    message: 'X-GitHub-Event is missing or no plain word.',
  },
  missingDelivery: {
    status: 400,
    code: 'missing_delivery',
    result: 'malformed',
    message: 'X-GitHub-Delivery is missing or no plain word.',
  },
  unavailable: {
    status: 503,
    code: 'unavailable',
    result: 'unavailable',
    message: 'The event could not be stored. Redeliver this later.',
    retryAfterS: RETRY_AFTER_S,
  },
} as const satisfies Record<string, RefusalAnswer>;

/** The JSON of a refusal; the same for every request, so it is made once. */
export function refusalBody(answer: RefusalAnswer): string {
  return JSON.stringify({ error: { code: answer.code, message: answer.message } });
}

/** How requests to external runners are signed (contracts, section 5). */
import { createHmac } from 'node:crypto';

/**
 * The key that requests to an owner's external runners are signed with, as hexadecimal text. It is
 * derived, so that an owner's runners can check signatures without knowing the webhook secret or
 * the key of another owner.
 */
export function httpKey(webhookSecret: string, owner: string): string {
  return hmac(webhookSecret, `gatehouse:http:v1:${owner.toLowerCase()}`);
}

/**
 * The secret with which the runner of one attempt reports back: another for each attempt, and the
 * same however often that attempt is launched. 43 characters of base64url.
 */
export function callbackToken(
  webhookSecret: string,
  { id, attempt }: { readonly id: string; readonly attempt: number },
): string {
  const purpose = `gatehouse:callback:v1:${id}/${attempt}`;
  return createHmac('sha256', webhookSecret).update(purpose).digest('base64url');
}

/** Value of `X-Gatehouse-Signature-256` for these bytes. @param key as {@link httpKey} gives it. */
export function signBody(key: string, body: string): string {
  return `sha256=${hmac(key, body)}`;
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

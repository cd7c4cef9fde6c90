import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';

const FORM = /^sha256=[0-9a-fA-F]{64}$/;

/** What the header claims, as bytes; null when it is missing or has another form. */
export function parseSignature(header: string | string[] | undefined): Buffer | null {
  if (typeof header !== 'string' || !FORM.test(header)) return null;
  return Buffer.from(header.slice('sha256='.length), 'hex');
}

/** The webhook's secret as a key. */
export function signatureKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, 'utf8'));
}

/**
 * True when `claimed` is the HMAC-SHA256 of the body. Takes the same time whatever differs.
 * Source: https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function isSignatureOf(
  claimed: Buffer,
  chunks: readonly Uint8Array[],
  key: KeyObject,
): boolean {
  const hmac = createHmac('sha256', key);
  for (const chunk of chunks) hmac.update(chunk);
  return timingSafeEqual(hmac.digest(), claimed);
}

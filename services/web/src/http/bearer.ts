import { createHash, timingSafeEqual } from 'node:crypto';

/** The token of `Authorization: Bearer …`; null when there is none. */
export function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Compares secrets in a time that tells nothing about them, not even their length. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/**
 * Installation tokens in the long form that GitHub gives since 2026: `ghs_APPID_` and a signed
 * body, about 520 characters. Clients must treat them as opaque; the simulator reads its own.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Permissions } from '../state/types.ts';

/** Source: GitHub's page on installation access tokens. */
export const TOKEN_LIFE_MS = 3_600_000;

export interface TokenClaims {
  readonly installation: number;
  readonly expiresAtMs: number;
  /** null: every repository of the installation. */
  readonly repositories: readonly number[] | null;
  /** null: everything that the installation was granted. */
  readonly permissions: Permissions | null;
}

const HEADER = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT' })).toString('base64url');
const BODY_CHARS = 420;

/** Makes a token. */
export function makeToken(secret: string, appId: number, claims: TokenClaims): string {
  const bare = { ...claims, jti: randomBytes(12).toString('hex') };
  const padding = 'x'.repeat(
    Math.max(0, Math.floor(BODY_CHARS * 0.75) - JSON.stringify(bare).length),
  );
  const body = Buffer.from(JSON.stringify({ ...bare, padding })).toString('base64url');
  const signed = `ghs_${appId}_${HEADER}.${body}`;
  return `${signed}.${sign(secret, signed)}`;
}

/** What a token says; null when it is not one of ours. Expiry is the caller's to judge. */
export function readToken(secret: string, token: string): TokenClaims | null {
  const dot = token.lastIndexOf('.');
  if (!token.startsWith('ghs_') || dot === -1) return null;
  const signed = token.slice(0, dot);
  const expected = Buffer.from(sign(secret, signed));
  const given = Buffer.from(token.slice(dot + 1));
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  const body = signed.split('.')[1] ?? '';
  // Only `makeToken` has the secret.
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as TokenClaims;
}

function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

/**
 * Sessions without a store: the cookie carries its own end and a signature over it. The signature
 * covers the admin token too, so that changing the token ends every session.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { WebSettings } from '../deps.ts';

/** How long somebody stays signed in. */
export const SESSION_MS = 12 * 60 * 60 * 1000;

/** A session key shorter than this could be guessed. */
const SESSION_KEY_BYTES_MIN = 16;

/** What a session is signed with. */
export type SessionSettings = Pick<WebSettings, 'publicUrl' | 'adminToken' | 'sessionKey'>;

/** Makes and reads session cookies. */
export interface Sessions {
  /** Value of `Set-Cookie` for a session that starts now. @param now milliseconds since 1970 */
  open(now: number): string;
  /** Value of `Set-Cookie` that ends the session in this browser. */
  close(): string;
  /** @param cookies value of the `Cookie` header. @param now milliseconds since 1970 */
  isOpen(cookies: string | undefined, now: number): boolean;
}

/** @throws RangeError when the key is too short. */
export function createSessions(settings: SessionSettings): Sessions {
  const { adminToken, sessionKey } = settings;
  if (sessionKey.byteLength < SESSION_KEY_BYTES_MIN) {
    throw new RangeError(`a session key has at least ${SESSION_KEY_BYTES_MIN} bytes`);
  }
  const isSecure = settings.publicUrl.startsWith('https:');
  // The prefix makes browsers refuse the cookie from any other host or without TLS.
  const name = isSecure ? '__Host-gatehouse_session' : 'gatehouse_session';
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  const sign = (claim: string): string =>
    createHmac('sha256', sessionKey)
      .update(`gatehouse:session:v1:${claim}:`)
      .update(adminToken ?? '')
      .digest('base64url');
  return {
    open(now) {
      const claim = `${now + SESSION_MS}.${randomBytes(12).toString('base64url')}`;
      return `${name}=${claim}.${sign(claim)}; Max-Age=${SESSION_MS / 1000}; ${attributes}`;
    },
    close: () => `${name}=; Max-Age=0; ${attributes}`,
    isOpen(cookies, now) {
      if (adminToken === null) return false;
      const match = /^(\d{1,15})\.[\w-]{16}\./.exec(readCookie(cookies, name));
      if (match === null) return false;
      const value = readCookie(cookies, name);
      const claim = match[0].slice(0, -1);
      const isGenuine = isEqual(value.slice(match[0].length), sign(claim));
      return isGenuine && Number(match[1]) > now;
    },
  };
}

function readCookie(cookies: string | undefined, name: string): string {
  const pairs = (cookies ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

function isEqual(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** JSON web tokens with which an App speaks for itself. Messages are GitHub's. */
import { verify } from 'node:crypto';
import { Refusal } from '../errors.ts';
import type { AppRecord } from '../state/types.ts';

/** An App's token may live this long. Source: GitHub's page on generating a JWT for an App. */
const LIFE_MAX_S = 600;
/** Clocks that differ by this much are forgiven. */
const SKEW_S = 60;

const UNDECODABLE = 'A JSON web token could not be decoded';

/**
 * The App that signed the token.
 *
 * @throws Refusal 401 for a bad token, 404 for an unknown App.
 */
export function verifyJwt(token: string, apps: readonly AppRecord[], nowMs: number): AppRecord {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decode(head);
  const claims = decode(body);
  if (header.alg !== 'RS256') throw unauthorized(UNDECODABLE);
  const issuer = String(claims.iss ?? '');
  const app = apps.find((each) => String(each.id) === issuer || each.clientId === issuer);
  if (issuer === '') {
    throw unauthorized("'Issuer' claim ('iss') must be an Integer or a client ID");
  }
  if (app === undefined) throw new Refusal(404, 'Integration not found');
  const bytes = Buffer.from(signature, 'base64url');
  const isSigned = verify('RSA-SHA256', Buffer.from(`${head}.${body}`), app.publicKey, bytes);
  if (!isSigned) throw unauthorized(UNDECODABLE);
  checkTimes(claims, nowMs / 1000);
  return app;
}

function checkTimes(claims: Record<string, unknown>, nowS: number): void {
  const { exp, iat } = claims;
  if (typeof exp !== 'number' || exp <= nowS) {
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at " +
        'which the assertion expires',
    );
  }
  if (exp > nowS + LIFE_MAX_S + SKEW_S) {
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  }
  if (typeof iat !== 'number' || iat > nowS + SKEW_S) {
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion " +
        'was issued',
    );
  }
  if (exp - iat > LIFE_MAX_S + SKEW_S) {
    throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  }
}

function decode(part: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof value !== 'object' || value === null) throw unauthorized(UNDECODABLE);
  return { ...value };
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, message);
}

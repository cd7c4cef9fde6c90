/**
 * Headers of every answer. Titles, branch names and job output come from strangers: nothing that
 * slips through escaping may run, load, frame or send anything.
 */
import type { FastifyInstance } from 'fastify';

/** Source: https://www.w3.org/TR/CSP3/ — everything is denied that is not named. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // With `no-referrer` browsers send `Origin: null` with forms, and the origin check needs it.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // What one viewer sees is not for the next; assets say otherwise for themselves.
  'cache-control': 'no-store',
};

/** Puts the headers on every answer of this scope, errors included. */
export function addSecurityHeaders(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (_request, reply) => {
    reply.headers({ ...headers });
  });
}

/**
 * Reading bodies. JSON is taken whatever the content type says, because what calls back from a CI
 * is often a bare `curl`; a body that is no JSON is a value, so that each route decides when to
 * complain.
 */
import type { FastifyInstance } from 'fastify';

/** A parsed body; `undefined` in a request that has none. */
export type JsonBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false };

/** Every body of this scope is read as JSON. */
export function readAnyJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => {
    done(null, parseJson(String(text)));
  });
}

/** Every body of this scope is read as a form, into {@link URLSearchParams}. */
export function readForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, text, done) => done(null, new URLSearchParams(String(text))),
  );
}

function parseJson(text: string): JsonBody | undefined {
  if (text === '') return undefined;
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    // Why it does not parse is in V8's words and quotes the input; that it does not is enough.
    return { ok: false };
  }
}

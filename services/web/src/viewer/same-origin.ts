/**
 * Whether a form was sent from our own pages. Browsers say where a form comes from in `Origin`,
 * newer ones in `Sec-Fetch-Site` too, and scripts cannot forge either. Something that sends
 * neither is no browser, and so carries nobody's session by accident.
 * Source: https://fetch.spec.whatwg.org/#origin-header and https://www.w3.org/TR/fetch-metadata/
 */
import type { IncomingHttpHeaders } from 'node:http';

/** @param publicUrl base of our links; behind a proxy it differs from the `Host` header */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  if (origin === undefined) return true;
  const given = URL.parse(origin);
  if (given === null) return false;
  return given.origin === URL.parse(publicUrl)?.origin || given.host === headers.host;
}

/** A place on our own pages that a form names; `/` when it names anything else. */
export function localPath(next: string | null, publicUrl: string): string {
  const base = URL.parse(publicUrl);
  if (next === null || base === null || !next.startsWith('/')) return '/';
  const target = URL.parse(next, base.href);
  // `//elsewhere` and `/\elsewhere` start with a slash and still lead away.
  return target?.origin === base.origin ? `${target.pathname}${target.search}` : '/';
}

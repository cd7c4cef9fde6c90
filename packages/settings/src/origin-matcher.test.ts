import { expect, test } from 'vitest';
import { isOriginAllowed, type OriginMatcher, parseOriginMatcher } from './origin-matcher.ts';

function matchers(...texts: string[]): OriginMatcher[] {
  return texts
    .map(parseOriginMatcher)
    .filter((matcher): matcher is OriginMatcher => matcher !== null);
}

test.each([
  ['http://127.0.0.1:*', 'http://127.0.0.1:4000/x', true],
  ['http://127.0.0.1:*', 'http://127.0.0.1/', true],
  ['http://127.0.0.1:*', 'https://127.0.0.1/', false],
  ['http://127.0.0.1:*', 'http://127.0.0.2/', false],
  ['http://[::1]:8080', 'http://[0:0:0:0:0:0:0:1]:8080/', true],
  ['https://*.corp.example', 'https://ci.corp.example/hook', true],
  ['https://*.corp.example', 'https://a.b.corp.example/hook', true],
  ['https://*.corp.example', 'https://corp.example/', false],
  ['https://*.corp.example', 'https://evilcorp.example/', false],
  ['https://*.corp.example', 'https://ci.corp.example:8443/', false],
  ['https://*.corp.example:*', 'https://ci.corp.example:8443/', true],
  ['https://CI.Corp.Example/', 'https://ci.corp.example/', true],
  ['http://ci:80', 'http://ci/', true],
])('%s on %s: %s', (entry, url, isAllowed) => {
  expect(isOriginAllowed(matchers(entry), new URL(url))).toBe(isAllowed);
});

test.each([
  'ci.example.com',
  '*',
  'https://*',
  'https://a.*.example',
  'https://*.1.2.3.4',
  'https://user@host',
  'https://host/path',
  'https://host?x',
  'https://host:0',
  'https://host:99999',
  'ws://host',
  '',
])('%j is not an origin', (text) => {
  expect(parseOriginMatcher(text)).toBeNull();
});

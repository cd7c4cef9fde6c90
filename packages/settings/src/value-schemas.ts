/**
 * One schema per kind of value. A value comes as text from the environment, or as a YAML scalar or
 * list from the settings file; both end as the same typed value. No message quotes the value: the
 * caller does that, and only for settings that are not secret.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { type OriginMatcher, parseOriginMatcher } from './origin-matcher.ts';

/** Every role of the service, in the order in which they are started. */
export const roles = ['ingress', 'engine', 'merger', 'runner', 'reporter', 'web'] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** pino's levels, quietest last. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

const SECRETS_KEY_BYTES = 32;
const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const TOKEN = /^[\x21-\x7e]+$/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A reading of a raw value: the typed value, or what it must be. */
type Reading<Value> = { readonly value: Value } | { readonly message: string };

/** A schema around a function, so that every message is one of ours. */
function reads<Value>(read: (raw: unknown) => Reading<Value>) {
  return z.unknown().transform((raw, context): Value => {
    const reading = read(raw);
    if ('value' in reading) return reading.value;
    context.addIssue({ code: 'custom', message: reading.message });
    return z.NEVER;
  });
}

function asText(raw: unknown): string | null {
  if (typeof raw === 'string') return raw.trim();
  return typeof raw === 'number' ? String(raw) : null;
}

/** Text that is not empty, without blanks around it. */
export const text = reads((raw) => {
  const value = asText(raw);
  return value ? { value } : { message: 'must be text' };
});

/** A secret exactly as given, blanks included; it may not consist of blanks only. */
export const secretText = reads((raw) => {
  const value = typeof raw === 'number' ? String(raw) : raw;
  return typeof value === 'string' && value.trim() !== ''
    ? { value }
    : { message: 'must be text that is not empty' };
});

/** A token as it can stand in an `Authorization` header. */
export const tokenText = reads((raw) => {
  const value = asText(raw);
  return value !== null && TOKEN.test(value)
    ? { value }
    : { message: 'must be one word of printable ASCII characters' };
});

/** A host name or an IP address to listen on. */
export const hostName = reads((raw) => {
  const value = asText(raw)?.replace(/^\[(.*)\]$/, '$1') ?? '';
  return isIP(value) !== 0 || HOST_NAME.test(value)
    ? { value }
    : { message: 'must be a host name or an IP address' };
});

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  return reads((raw) => {
    const value = asText(raw) ?? '';
    const isInRange = /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    return isInRange ? { value: Number(value) } : { message: `must be a whole number ${range}` };
  });
}

/** `true`, `yes`, `1`, `false`, `no` or `0`, in any case. */
export const yesOrNo = reads((raw) => {
  if (typeof raw === 'boolean') return { value: raw };
  const value = asText(raw)?.toLowerCase() ?? '';
  if (['true', 'yes', '1'].includes(value)) return { value: true };
  if (['false', 'no', '0'].includes(value)) return { value: false };
  return { message: 'must be true or false (yes, no, 1 and 0 are understood too)' };
});

/** One of a closed set of words. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return reads((raw) => {
    const value = asText(raw)?.toLowerCase();
    const word = words.find((candidate) => candidate === value);
    return word === undefined ? { message: `must be one of ${words.join(', ')}` } : { value: word };
  });
}

/** An absolute URL without credentials, query and fragment; no slash at its end. */
export function baseUrl(schemes: readonly string[]) {
  return reads((raw) => {
    const url = URL.parse(asText(raw) ?? '');
    const form = schemes.map((scheme) => `${scheme}://`).join(' or ');
    if (url === null || !schemes.includes(url.protocol.slice(0, -1)) || url.hostname === '') {
      return { message: `must be a URL that starts with ${form}` };
    }
    if (url.username !== '' || url.password !== '') {
      return { message: 'must not carry a user name or password' };
    }
    if (url.search !== '' || url.hash !== '') {
      return { message: 'must not carry a query or a fragment' };
    }
    return { value: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
  });
}

/** A Redis URL, which may carry a user name and password. */
export const redisUrl = reads((raw) => {
  const value = asText(raw) ?? '';
  const url = URL.parse(value);
  const isFit = url !== null && ['redis:', 'rediss:'].includes(url.protocol) && url.hostname !== '';
  return isFit
    ? { value }
    : { message: 'must be a URL that starts with redis:// or rediss:// and names a host' };
});

/** 32 bytes in base64. */
export const secretsKey = reads((raw): Reading<Uint8Array> => {
  const value = asText(raw) ?? '';
  const bytes = BASE64.test(value) ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  return bytes.length === SECRETS_KEY_BYTES
    ? { value: new Uint8Array(bytes) }
    : { message: 'must be exactly 32 bytes in base64 (44 characters)' };
});

/** Words of a comma list or a YAML list; null when it is neither. */
function asWords(raw: unknown): readonly string[] | null {
  const parts: readonly unknown[] = Array.isArray(raw) ? raw : (asText(raw)?.split(',') ?? [null]);
  const words = parts.map(asText);
  if (words.some((word) => word === null)) return null;
  return [...new Set(words.filter((word): word is string => word !== null && word !== ''))];
}

/** Labels of a runner: plain words, each once. */
export const labels = reads((raw) => {
  const words = asWords(raw);
  return words?.every((word) => LABEL.test(word))
    ? { value: words }
    : { message: 'must be a comma list of plain words of at most 64 characters' };
});

/** Origins as {@link parseOriginMatcher} reads them. */
export const origins = reads((raw): Reading<readonly OriginMatcher[]> => {
  const words = asWords(raw);
  if (words === null) return { message: 'must be a comma list of origins' };
  const matchers: OriginMatcher[] = [];
  for (const [index, word] of words.entries()) {
    const matcher = parseOriginMatcher(word);
    if (matcher === null) {
      return {
        message:
          `must be a comma list of origins; entry ${index + 1} is none ` +
          '(a scheme, a host or *.domain, and a port or *; nothing else)',
      };
    }
    matchers.push(matcher);
  }
  return { value: matchers };
});

/** `all`, or a list of roles; in the order of {@link roles}, each once. */
export const roleList = reads((raw): Reading<readonly Role[]> => {
  const words = asWords(raw)?.map((word) => word.toLowerCase()) ?? [];
  if (words.length === 1 && words[0] === 'all') return { value: roles };
  const isKnown = words.length > 0 && words.every((word) => roles.some((role) => role === word));
  return isKnown
    ? { value: roles.filter((role) => words.includes(role)) }
    : { message: `must be all, or a comma list of ${roles.join(', ')}` };
});

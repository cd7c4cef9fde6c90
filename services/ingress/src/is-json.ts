/**
 * Whether bytes are JSON text in UTF-8 (RFC 8259); any value counts, objects and others.
 *
 * Nobody in the ingress needs the value, and building it takes longer than all else that is done
 * for a delivery before it is stored. So the usual case is proved by walking over the bytes once,
 * which also leaves nothing to collect. What the walk does not prove (wrong, or nested too deeply
 * for its memory) is left to `JSON.parse`: no refusal rests on this code alone.
 */
import { isUtf8 } from 'node:buffer';

/** True exactly when `JSON.parse` takes the text. */
export function isJson(body: Uint8Array): boolean {
  return isUtf8(body) && (isProvedJson(body) || isParsed(body));
}

function isParsed(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(body));
    return true;
  } catch {
    return false; // a SyntaxError is the answer, not an accident
  }
}

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const LETTER_E = 0x65;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const LETTER_U = 0x75;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const CASE_BIT = 0x20;

/** The containers that are open are bits of a 32-bit number; GitHub's payloads nest about eight. */
const DEPTH_MAX = 30;

/** What may stand next; `FIRST_…`: the container may also be empty. Numbers, for speed. */
const VALUE = 0;
const FIRST_VALUE = 1;
const KEY = 2;
const FIRST_KEY = 3;
const END = 4;

const BLANK = bytesOf(' \t\n\r');
const ESCAPED = bytesOf('"\\/bfnrt');
const HEX = bytesOf('0123456789abcdefABCDEF');
const TRUE = wordOf('true');
const FALSE = wordOf('false');
const NULL = wordOf('null');
/** 1 for what ends a stretch of plain characters within a string. */
const SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 1 : 0,
);

/** True: it is JSON. False: nothing is known. */
function isProvedJson(body: Uint8Array): boolean {
  const end = body.length;
  let at = 0;
  let expected = VALUE;
  let depth = 0;
  let kinds = 0; // the lowest bit is the innermost container: 1 object, 0 array
  while (at < end) {
    const byte = body[at] ?? 0;
    if (byte <= 0x20) {
      if (BLANK[byte] !== 1) return false;
      at += 1;
    } else if (expected === END) {
      if (depth === 0) return false;
      at += 1;
      if (byte === COMMA) {
        expected = (kinds & 1) === 1 ? KEY : VALUE;
      } else {
        if (byte !== ((kinds & 1) === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) return false;
        kinds >>>= 1;
        depth -= 1;
      }
    } else if (byte === QUOTE) {
      at = afterString(body, at + 1);
      if (expected >= KEY) at = afterColon(body, at);
      expected = expected >= KEY ? VALUE : END;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (expected !== (byte === CLOSE_OBJECT ? FIRST_KEY : FIRST_VALUE)) return false;
      at += 1;
      kinds >>>= 1;
      depth -= 1;
      expected = END;
    } else if (expected >= KEY) {
      return false;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (depth === DEPTH_MAX) return false;
      at += 1;
      kinds = (kinds << 1) | (byte === OPEN_OBJECT ? 1 : 0);
      depth += 1;
      expected = byte === OPEN_OBJECT ? FIRST_KEY : FIRST_VALUE;
    } else {
      at = afterScalar(body, at, byte);
      expected = END;
    }
    if (at === NOT_PROVED) return false;
  }
  return expected === END && depth === 0;
}

/** In place of a position. */
const NOT_PROVED = -1;

/** @param start behind the opening quote. @returns the position behind the closing one. */
function afterString(body: Uint8Array, start: number): number {
  const end = body.length;
  let at = start;
  for (;;) {
    at = afterPlain(body, at);
    const byte = at < end ? body[at] : 0;
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return NOT_PROVED;
    const escaped = body[at + 1] ?? 0;
    if (ESCAPED[escaped] === 1) at += 2;
    else if (escaped === LETTER_U && isFourHex(body, at + 2)) at += 6;
    else return NOT_PROVED;
  }
}

/**
 * Most bytes are plain characters of strings, so these are looked at eight at a time: one bit for
 * each that is special. Where the first one stands is computed instead of looked for, because a
 * processor cannot guess how long strings are.
 */
function afterPlain(body: Uint8Array, start: number): number {
  const end = body.length;
  let at = start;
  while (at + 8 <= end) {
    const found =
      special(body, at) |
      (special(body, at + 1) << 1) |
      (special(body, at + 2) << 2) |
      (special(body, at + 3) << 3) |
      (special(body, at + 4) << 4) |
      (special(body, at + 5) << 5) |
      (special(body, at + 6) << 6) |
      (special(body, at + 7) << 7);
    if (found !== 0) return at + 31 - Math.clz32(found & -found);
    at += 8;
  }
  while (at < end && special(body, at) === 0) at += 1;
  return at;
}

function special(body: Uint8Array, at: number): number {
  return SPECIAL[body[at] ?? 0] ?? 1;
}

function isFourHex(body: Uint8Array, start: number): boolean {
  if (start + 4 > body.length) return false;
  for (let at = start; at < start + 4; at += 1) if (HEX[body[at] ?? 0] !== 1) return false;
  return true;
}

/** The position behind a key's colon. */
function afterColon(body: Uint8Array, start: number): number {
  let at = start;
  while (at >= 0 && at < body.length && BLANK[body[at] ?? 0] === 1) at += 1;
  return at >= 0 && at < body.length && body[at] === COLON ? at + 1 : NOT_PROVED;
}

function afterScalar(body: Uint8Array, start: number, first: number): number {
  switch (first) {
    case LETTER_T:
      return isWord(body, start, TRUE) ? start + 'true'.length : NOT_PROVED;
    case LETTER_N:
      return isWord(body, start, NULL) ? start + 'null'.length : NOT_PROVED;
    case LETTER_F:
      return isWord(body, start + 1, FALSE) ? start + 'false'.length : NOT_PROVED;
    default:
      return afterNumber(body, start);
  }
}

/** The last four letters of a word as one number; its first letter is known already. */
function wordOf(word: string): number {
  return Buffer.from(word).readInt32BE(word.length - 4);
}

function isWord(body: Uint8Array, start: number, word: number): boolean {
  const found =
    (byteAt(body, start) << 24) |
    (byteAt(body, start + 1) << 16) |
    (byteAt(body, start + 2) << 8) |
    byteAt(body, start + 3);
  return found === word;
}

function afterNumber(body: Uint8Array, start: number): number {
  const whole = body[start] === MINUS ? start + 1 : start;
  let at = afterDigits(body, whole);
  const hasLeadingZero = body[whole] === ZERO && at > whole + 1;
  if (at === NOT_PROVED || hasLeadingZero) return NOT_PROVED;
  if (byteAt(body, at) === DOT) at = afterDigits(body, at + 1);
  if (at !== NOT_PROVED && (byteAt(body, at) | CASE_BIT) === LETTER_E) {
    const sign = byteAt(body, at + 1);
    at = afterDigits(body, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
  }
  return at;
}

/** Behind at least one digit. */
function afterDigits(body: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(byteAt(body, at))) at += 1;
  return at === start ? NOT_PROVED : at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** 0 behind the end, which nothing that is looked for is. */
function byteAt(body: Uint8Array, at: number): number {
  return at < body.length ? (body[at] ?? 0) : 0;
}

function bytesOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) table[byte] = 1;
  return table;
}

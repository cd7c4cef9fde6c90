/**
 * Takes secrets out of text that comes in pieces: known values, and what has the shape of one.
 *
 * It owns the few characters at the end of a piece that may be the beginning of a secret; they
 * come out with the next piece, so that a secret cut in two never passes. Everything else comes
 * out at once: a live log does not lag behind a job that prints without line ends.
 *
 * Modes: `passing` until a shape is long enough to be a secret → `swallowing` its remaining
 * characters → `passing`. A private key is swallowed up to its end line, or to a length no key has.
 */
import {
  PEM_END,
  PEM_LENGTH_MAX,
  PEM_OPENING,
  partialSource,
  type SecretShape,
  secretShapes,
} from './secret-shapes.ts';

/** Stands where a secret was. */
export const SCRUBBED = '***';

/** Shorter values would blacken ordinary words all over a log. */
const SECRET_LENGTH_MIN = 6;
/** A rest of this length that looks like a secret's beginning is not shown at the end. */
const REST_SHOWN_MAX = 8;

/** Scrubs a stream of bytes. */
export interface Scrubber {
  /** What may be shown of everything pushed so far. */
  push(chunk: Uint8Array): Uint8Array;
  /** What was held back at the end of the stream. The scrubber can be used for another stream. */
  end(): Uint8Array;
}

/**
 * A scrubber for output of any encoding that ASCII is part of.
 * @param secrets known values; each line of one counts, those below 6 characters do not.
 */
export function createScrubber(secrets: readonly string[]): Scrubber {
  const asBytes = secrets.map((secret) => Buffer.from(secret, 'utf8').toString('latin1'));
  const machine = createMachine(asBytes);
  return {
    push: (chunk) => Buffer.from(machine.push(Buffer.from(chunk).toString('latin1')), 'latin1'),
    end: () => Buffer.from(machine.end(), 'latin1'),
  };
}

/** As {@link createScrubber}, for whole texts: log lines, messages. */
export function createTextScrubber(secrets: readonly string[]): (text: string) => string {
  const escaped = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  const machine = createMachine([...secrets, ...escaped]);
  return (text) => `${machine.push(text)}${machine.end()}`;
}

/** What is being swallowed: a run of characters, or a key up to its end line. */
type Swallowing =
  | { readonly kind: 'run'; readonly body: RegExp }
  | { readonly kind: 'pem'; readonly left: number };

interface Machine {
  push(text: string): string;
  end(): string;
}

function createMachine(secrets: readonly string[]): Machine {
  const known = knownValues(secrets);
  const finder = buildFinder(known);
  const partial = new RegExp(`(?:${partialSources().join('|')})$`);
  const bodies = secretShapes.map((shape) => new RegExp(`[^${shape.body.slice(1)}`));
  let held = '';
  let swallowing: Swallowing | null = null;

  function push(text: string): string {
    let rest = held + text;
    let shown = '';
    held = '';
    while (rest !== '') {
      if (swallowing !== null) {
        const step = swallow(swallowing, rest);
        swallowing = step.swallowing;
        rest = step.rest;
        held = step.held;
        if (rest === '') break;
        continue;
      }
      const knownStart = startOfKnownPartial(rest, known);
      finder.lastIndex = 0;
      const match = finder.exec(rest);
      if (match === null || match.index >= knownStart) {
        const start = Math.min(knownStart, partial.exec(rest)?.index ?? rest.length);
        shown += rest.slice(0, start);
        held = rest.slice(start);
        break;
      }
      const found = describeMatch(match, bodies);
      shown += rest.slice(0, match.index) + found.shown;
      rest = rest.slice(match.index + match[0].length);
      swallowing = found.swallowing;
    }
    return shown;
  }

  function end(): string {
    const isHarmless = held.length < REST_SHOWN_MAX;
    const last = isHarmless ? held : SCRUBBED;
    const shown = swallowing === null ? last : '';
    held = '';
    swallowing = null;
    return shown;
  }

  return { push, end };
}

/** Known values line by line (programs print keys that way), longest first. */
function knownValues(secrets: readonly string[]): readonly string[] {
  const values = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n|\\n/)]);
  const long = values.filter(
    (value) => value.trim().length >= SECRET_LENGTH_MIN && !value.startsWith('-----'),
  );
  return [...new Set(long)].sort((a, b) => b.length - a.length);
}

/** Groups of the expression: 1 a known value, 2 a PEM's start, then opening and run per shape. */
function buildFinder(known: readonly string[]): RegExp {
  const values = known.map((value) => value.replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&'));
  const shapes = secretShapes.map(
    (shape) => `(${shape.opening.join('')})(${shape.body}{${shape.bodyMin}})`,
  );
  const knownSource = values.length === 0 ? '(?!)' : values.join('|');
  return new RegExp([`(${knownSource})`, `(${PEM_OPENING.join('')})`, ...shapes].join('|'), 'g');
}

function partialSources(): string[] {
  const ofShape = (shape: SecretShape) => partialSource(shape.opening, shape.body);
  return [partialSource(PEM_OPENING, null), ...secretShapes.map(ofShape)];
}

/** Where a known value begins that the text's end cuts off; the text's length when none does. */
function startOfKnownPartial(text: string, known: readonly string[]): number {
  let start = text.length;
  for (const value of known) {
    const longest = Math.min(value.length - 1, text.length);
    for (let length = longest; text.length - length < start; length -= 1) {
      if (text.endsWith(value.slice(0, length))) start = text.length - length;
    }
  }
  return start;
}

function describeMatch(
  match: RegExpExecArray,
  bodies: readonly RegExp[],
): { readonly shown: string; readonly swallowing: Swallowing | null } {
  if (match[1] !== undefined) return { shown: SCRUBBED, swallowing: null };
  if (match[2] !== undefined) {
    return { shown: SCRUBBED, swallowing: { kind: 'pem', left: PEM_LENGTH_MAX } };
  }
  const index = secretShapes.findIndex((_, shape) => match[3 + shape * 2] !== undefined);
  const opening = match[3 + index * 2] ?? '';
  const body = bodies[index];
  return {
    shown: secretShapes[index]?.isOpeningShown ? `${opening}${SCRUBBED}` : SCRUBBED,
    swallowing: body === undefined ? null : { kind: 'run', body },
  };
}

/** Drops what belongs to the secret from the start of `text`. */
function swallow(
  swallowing: Swallowing,
  text: string,
): { readonly swallowing: Swallowing | null; readonly rest: string; readonly held: string } {
  if (swallowing.kind === 'run') {
    const end = text.search(swallowing.body);
    return end === -1
      ? { swallowing, rest: '', held: '' }
      : { swallowing: null, rest: text.slice(end), held: '' };
  }
  const match = PEM_END.exec(text);
  if (match !== null && match.index <= swallowing.left) {
    return { swallowing: null, rest: text.slice(match.index + match[0].length), held: '' };
  }
  if (text.length > swallowing.left + 64) {
    return { swallowing: null, rest: text.slice(swallowing.left), held: '' };
  }
  // The end line may be cut in two: its beginning waits for the rest.
  const kept = Math.min(text.length, 64);
  const left = swallowing.left - (text.length - kept);
  return { swallowing: { kind: 'pem', left }, rest: '', held: text.slice(text.length - kept) };
}

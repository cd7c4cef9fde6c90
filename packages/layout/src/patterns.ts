/**
 * Regular expressions from configuration. They run on a linear-time engine only, so no expression
 * and no text can hold the engine up. What that engine cannot do but Zuul (with its backtracking
 * fallback) can is told apart from plain mistakes: it loads with a warning and never matches.
 *
 * A leading `^(?!X)` (several in a row too) is understood as "and not X at the start".
 */
import { RE2JS } from 're2js';
import type { Pattern } from './layout.ts';
import { patternCharactersMax, patternsRemembered } from './limits.ts';

interface Compiled {
  /** What must not match at the start. */
  readonly refused: readonly RE2JS[];
  readonly wanted: RE2JS;
  /** What every match at the start of a text begins with. */
  readonly prefix: string;
  /** True: a text that begins with the prefix matches at its start. */
  readonly isPrefixEnough: boolean;
}

/** What became of an expression: compiled, beyond the engine, or wrong with the reason. */
export type PatternCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'invalid'; readonly reason: string };

type Entry =
  | { readonly kind: 'ok'; readonly compiled: Compiled }
  | Exclude<PatternCheck, { kind: 'ok' }>;

// Compiling is pure, so remembering is invisible but for its speed. When the young half is full it
// becomes the old one, and what is used again moves back: rarely used expressions are forgotten.
let young = new Map<string, Entry>();
let old = new Map<string, Entry>();

/** Says whether an expression can be used, without running it. */
export function checkPattern(source: string): PatternCheck {
  const entry = entryFor(source);
  return entry.kind === 'ok' ? { kind: 'ok' } : entry;
}

/** False for a pattern that loaded with a warning: it never matches, negated or not. */
export function isUsable(pattern: Pattern): boolean {
  return entryFor(pattern.source).kind === 'ok';
}

/** Zuul's `match`: the expression matches a beginning of `text`. For branches, files and refs. */
export function matchesAtStart(pattern: Pattern, text: string): boolean {
  return matches(pattern, text, ({ wanted, prefix, isPrefixEnough }) => {
    if (!text.startsWith(prefix)) return false;
    return isPrefixEnough || wanted.matcher(text).lookingAt();
  });
}

/** Zuul's `fullmatch`: the expression matches all of `text`. For checks, statuses and projects. */
export function matchesWhole(pattern: Pattern, text: string): boolean {
  return matches(pattern, text, ({ wanted }) => wanted.testExact(text));
}

/** Zuul's `search`: the expression matches somewhere in `text`. For comments and people. */
export function matchesAnywhere(pattern: Pattern, text: string): boolean {
  return matches(pattern, text, ({ wanted }) => wanted.test(text));
}

function matches(pattern: Pattern, text: string, run: (compiled: Compiled) => boolean): boolean {
  const entry = entryFor(pattern.source);
  if (entry.kind !== 'ok') return false;
  const isRefused = entry.compiled.refused.some((expression) =>
    expression.matcher(text).lookingAt(),
  );
  return (!isRefused && run(entry.compiled)) !== pattern.isNegated;
}

function entryFor(source: string): Entry {
  const known = young.get(source);
  if (known !== undefined) return known;
  const entry = old.get(source) ?? compile(source);
  if (young.size >= patternsRemembered / 2) {
    old = young;
    young = new Map();
  }
  young.set(source, entry);
  return entry;
}

function compile(source: string): Entry {
  if (source.length > patternCharactersMax) {
    return { kind: 'invalid', reason: `it is longer than ${patternCharactersMax} characters` };
  }
  const parts = splitRefusals(source);
  try {
    const refused = parts.refused.map((part) => RE2JS.compile(translated(part)));
    const rest = translated(parts.rest);
    const wanted = RE2JS.compile(rest);
    return { kind: 'ok', compiled: { refused, wanted, ...prefixOf(rest) } };
  } catch (error) {
    if (needsBacktracking(parts.rest) || parts.refused.some(needsBacktracking)) {
      return { kind: 'unsupported' };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'invalid', reason: reason.replace(/^error parsing regexp: /, '') };
  }
}

/** The plain characters that an expression begins with: looking at them is much cheaper. */
function prefixOf(source: string): Pick<Compiled, 'prefix' | 'isPrefixEnough'> {
  if (hasAlternatives(source)) return { prefix: '', isPrefixEnough: false };
  const [whole = '', plain = ''] = PLAIN_START.exec(source) ?? [];
  const rest = source.slice(whole.length);
  const prefix = plain.replaceAll('\\', '');
  return { prefix, isPrefixEnough: rest === '' || rest === '.*' };
}

/** Plain characters, none of which is repeated by what follows it. */
const PLAIN_START = /^\^?((?:(?:[\w/ -]|\\[./-])(?![*?+{]))*)/;

/**
 * What Python writes otherwise and Zuul, which falls back to Python's engine, takes: the end of the
 * text, characters by their code, comments, and the flags for what RE2 does anyway.
 */
function translated(source: string): string {
  return source.replace(PYTHON, (whole: string, ...groups: (string | undefined)[]) => {
    const [code, escaped, flags, end] = groups;
    if (code !== undefined) return `\\x{${code}}`;
    if (escaped !== undefined) return escaped === 'Z' ? '\\z' : whole;
    if (whole.startsWith('['))
      return whole.replace(PYTHON_CODE, (all, own) => (own ? `\\x{${own}}` : all));
    if (flags === undefined) return whole.endsWith(')') ? '' : whole;
    const kept = flags.replace(/[auL]/g, '');
    return kept === '' && end === ')' ? '' : `(?${kept}${end}`;
  });
}

/**
 * An escape, a class as a whole, a comment, or flags; a class holds none of the other two. What is
 * not closed reaches to the end, so that no part of the text is looked at again for each opening.
 */
const PYTHON =
  /\\(?:u([0-9a-fA-F]{4})|([\s\S]))|\[\^?\]?(?:[^\]\\]|\\[\s\S]?)*(?:\]|$)|\(\?#[^)]*(?:\)|$)|\(\?([aimsuL]+)([):])/g;
const PYTHON_CODE = /\\(?:u([0-9a-fA-F]{4})|[\s\S])/g;

interface Parts {
  readonly refused: readonly string[];
  readonly rest: string;
}

/** Takes leading `(?!X)` off, where what remains is one alternative that starts at the start. */
function splitRefusals(source: string): Parts {
  const whole = { refused: [], rest: source };
  const head = /^(\(\?[ims]+\))?\^/.exec(source);
  if (head === null) return whole;
  const flags = head[1] ?? '';
  const refused: string[] = [];
  let at = head[0].length;
  while (source.startsWith('(?!', at)) {
    const end = closing(source, at);
    if (end === null) return whole;
    refused.push(`${flags}(?:${source.slice(at + 3, end)})`);
    at = end + 1;
  }
  const tail = source.slice(at);
  if (refused.length === 0 || hasAlternatives(tail)) return whole;
  return { refused, rest: `${flags}^${tail}` };
}

/** Offset of the parenthesis that closes the one at `open`; null when there is none. */
function closing(source: string, open: number): number | null {
  let depth = 0;
  for (const { at, character, isEscaped } of syntaxOf(source, open)) {
    if (isEscaped) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth === 0 && at > open) return at;
  }
  return null;
}

function hasAlternatives(source: string): boolean {
  let depth = 0;
  for (const { character, isEscaped } of syntaxOf(source, 0)) {
    if (isEscaped) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === '|' && depth === 0) return true;
  }
  return false;
}

/** True for what only Python's engine runs: look-around, back-references and their kin. */
function needsBacktracking(source: string): boolean {
  for (const { at, character, isEscaped } of syntaxOf(source, 0)) {
    if (isEscaped && /[1-9]/.test(character)) return true;
    if (character === '(' && /^\((?:\?(?:[=!>(]|<[=!]|P=))/.test(source.slice(at, at + 4))) {
      return true;
    }
    if (character === '(' && /^\(\?[a-zA-Z]*x[a-zA-Z]*[):]/.test(source.slice(at, at + 10)))
      return true;
    if (character === '{' && repeatsOften(source.slice(at, at + 20))) return true;
    if (/[*+?}]/.test(character) && source[at + 1] === '+') return true;
  }
  return false;
}

/** True for a count of repetitions that RE2 refuses. */
function repeatsOften(text: string): boolean {
  const [, least, most] = /^\{([0-9]+)(?:,([0-9]*))?\}/.exec(text) ?? [];
  return Number(least ?? 0) > 1_000 || Number(most ?? 0) > 1_000;
}

/** The characters of an expression that are syntax: outside classes, escapes told apart. */
function* syntaxOf(source: string, from: number) {
  let isInClass = false;
  for (let at = from; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '\\') {
      at += 1;
      if (!isInClass) yield { at, character: source.charAt(at), isEscaped: true };
      continue;
    }
    if (isInClass) {
      if (character === ']' && at > from) isInClass = false;
      continue;
    }
    if (character === '[') {
      isInClass = true;
      if (source[at + 1] === '^') at += 1;
      if (source[at + 1] === ']') at += 1;
      continue;
    }
    yield { at, character, isEscaped: false };
  }
}

/**
 * Problems and where they stand. The sentences themselves are in `wording/`: a message says what
 * was found, with the offending text in backquotes; a remedy says what to write instead.
 */
import type { ConfigurationProblem } from '@gatehouse/model';
import type { SourcePlace } from './layout.ts';
import { quotedCharactersMax } from './limits.ts';
import { nearest } from './nearest.ts';
import type { Span } from './yaml/located.ts';

/** A problem without its place. */
export interface ProblemText {
  readonly level: ConfigurationProblem['level'];
  /** Stable word for the kind of problem. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** A problem in one file; `span` null: the file as a whole. */
export interface LocalProblem extends ProblemText {
  readonly span: Span | null;
}

/** Puts a problem at its place in a file. */
export function locate(text: ProblemText, span: Span | null): LocalProblem {
  return { ...text, span };
}

/** Puts a problem at the place of a definition. */
export function problemAt(text: ProblemText, place: SourcePlace | null): ConfigurationProblem {
  const { level, code, message, remedy } = text;
  return {
    level,
    code,
    message,
    remedy,
    repository: place?.repository ?? '',
    branch: place?.branch ?? null,
    path: place?.path ?? '',
    range: place === null ? null : (place.range ?? lineOf(place.line)),
  };
}

function lineOf(line: number) {
  return { startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
}

/** Where a definition stands, for a sentence: `acme/api .gatehouse.yaml:7`. */
export function placeText(place: SourcePlace | null): string {
  return place === null ? 'another place' : `${place.repository} ${place.path}:${place.line}`;
}

/** Text from a file in backquotes: on one line, shortened, without backquotes of its own. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  const line = text.replaceAll('`', "'").replace(/\s+/g, ' ').replace(UNSEEN, shown);
  const isLong = line.length > quotedCharactersMax;
  return `\`${isLong ? `${line.slice(0, quotedCharactersMax - 1)}…` : line}\``;
}

// What a terminal obeys, and what turns the direction of the text around it.
const UNSEEN = /[\p{Cc}\p{Bidi_Control}]/gu;

function shown(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `a, b or c`, each in backquotes. */
export function anyOf(values: readonly unknown[]): string {
  const words = values.map(quoted);
  const last = words.pop();
  return words.length === 0 ? (last ?? 'nothing') : `${words.join(', ')} or ${last}`;
}

/** `a, b and c`, each in backquotes. */
export function allOf(values: readonly unknown[]): string {
  const words = values.map(quoted);
  const last = words.pop();
  return words.length === 0 ? (last ?? 'nothing') : `${words.join(', ')} and ${last}`;
}

/** A problem that keeps its item from being used. */
export function error(code: string, message: string, remedy: string | null = null): ProblemText {
  return { level: 'error', code, message, remedy };
}

/** A problem that leaves its item in use. */
export function warning(code: string, message: string, remedy: string | null = null): ProblemText {
  return { level: 'warning', code, message, remedy };
}

/** The remedy that names the nearest known word; null when none is near. */
export function didYouMean(word: string, known: Iterable<string>): string | null {
  const candidate = nearest(word, known);
  return candidate === null ? null : `Did you mean ${quoted(candidate)}?`;
}

/** The remedy that names the nearest known word, or else `otherwise`. */
export function meanOr(word: string, known: Iterable<string>, otherwise: string | null) {
  return didYouMean(word, known) ?? otherwise;
}

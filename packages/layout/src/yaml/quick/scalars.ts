/** Scalars as the quick reader takes them; null: not one that it takes. */
import type { Located } from '../located.ts';
import { plainScalar } from '../scalars.ts';
import { afterSpaces, type Cursor, codes, finishLine, isGap, skipToContent } from './cursor.ts';

/** A scalar; `end` is exclusive. */
export function scalarAt(start: number, end: number, value: Located['value']): Located {
  return { kind: 'scalar', span: { start, end }, tag: null, value };
}

/** A text in quotes on one line. */
export interface Quoted {
  readonly text: string;
  readonly end: number;
}

/** Reads the quoted text that begins at `start`. */
export function readQuoted(text: string, start: number): Quoted | null {
  const isDouble = text.charCodeAt(start) === codes.doubleQuote;
  return isDouble ? readDouble(text, start) : readSingle(text, start);
}

function readSingle(text: string, start: number): Quoted | null {
  let hasQuotes = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === codes.lineEnd) return null;
    if (code !== codes.singleQuote) continue;
    if (text.charCodeAt(at + 1) === codes.singleQuote) {
      hasQuotes = true;
      at += 1;
      continue;
    }
    const inside = text.slice(start + 1, at);
    return { text: hasQuotes ? inside.replaceAll("''", "'") : inside, end: at + 1 };
  }
  return null;
}

const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', t: '\t' };

function readDouble(text: string, start: number): Quoted | null {
  let value = '';
  let from = start + 1;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === codes.lineEnd) return null;
    if (code === codes.doubleQuote) return { text: value + text.slice(from, at), end: at + 1 };
    if (code !== codes.backslash) continue;
    const escaped = escapes[text.charAt(at + 1)];
    if (escaped === undefined) return null;
    value += text.slice(from, at) + escaped;
    from = at + 2;
    at += 1;
  }
  return null;
}

/** Characters with which no bare text begins, or not without more looking than is done here. */
const STARTS_NO_BARE = new Set([...'?:,[]{}#&*!|>\'"%@`'].map((one) => one.charCodeAt(0)));

/** True when the character at `at` can begin a bare text. */
export function startsBare(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === codes.dash) return !isGap(text.charCodeAt(at + 1));
  return !isGap(code) && !STARTS_NO_BARE.has(code);
}

/** How a bare text goes on behind its last character on the line. */
export interface Bare {
  /** Behind its last character that is no space. */
  readonly end: number;
  /** The colon of a key, or the end of what stands on the line. */
  readonly stop: number;
}

/** Finds the end on this line of the bare text that begins at `start`, outside of `[]` and `{}`. */
export function scanBare(text: string, start: number): Bare {
  let end = start;
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === codes.lineEnd) break;
    if (code === codes.space) {
      if (text.charCodeAt(at + 1) === codes.hash) break;
      continue;
    }
    if (code === codes.colon && isGap(text.charCodeAt(at + 1))) break;
    end = at + 1;
  }
  return { end, stop: at };
}

/** Reads a bare text that may go on over lines that are deeper than `indent`. */
export function readBare(cursor: Cursor, indent: number): Located | null {
  const { text, at: start } = cursor;
  if (!startsBare(text, start)) return null;
  let { end, stop } = scanBare(text, start);
  if (text.charCodeAt(stop) === codes.colon) return null;
  let value = text.slice(start, end);
  while (text.charCodeAt(stop) === codes.lineEnd) {
    const next = afterSpaces(text, stop + 1);
    const code = text.charCodeAt(next);
    if (isGap(code) || code === codes.hash || next - stop - 1 <= indent) break;
    if (!startsBare(text, next)) return null;
    const more = scanBare(text, next);
    if (text.charCodeAt(more.stop) === codes.colon) return null;
    value += ` ${text.slice(next, more.end)}`;
    ({ end, stop } = more);
  }
  if (!finishLine(cursor, end) || cursor.column > indent) return null;
  return scalarAt(start, end, plainScalar(value));
}

/** Reads the text in quotes at the cursor, with nothing but a comment behind it. */
export function readQuotedValue(cursor: Cursor): Located | null {
  const { text, at: start } = cursor;
  const quoted = readQuoted(text, start);
  if (quoted === null || !finishLine(cursor, quoted.end)) return null;
  return scalarAt(start, quoted.end, quoted.text);
}

/** Reads `|`, `|-`, `>` or `>-` and the lines below it, which are deeper than `indent`. */
export function readBlockText(cursor: Cursor, indent: number): Located | null {
  const { text, at: start } = cursor;
  const isFolded = text.charCodeAt(start) === codes.greater;
  const isStripped = text.charCodeAt(start + 1) === codes.dash;
  const head = start + (isStripped ? 2 : 1);
  if (text.charCodeAt(head) !== codes.lineEnd) return null;
  const lines = linesBelow(text, head + 1, indent);
  if (lines === null) return null;
  const value = isFolded ? folded(lines.lines) : lines.lines.join('\n');
  if (value === null) return null;
  skipToContent(cursor, lines.end);
  if (cursor.column > indent) return null;
  const end = isStripped ? value : `${value}\n`;
  return scalarAt(start, lines.end, end);
}

interface Lines {
  /** Without their common indentation; the empty ones at the end are left away. */
  readonly lines: readonly string[];
  /** Behind the last line that is not empty. */
  readonly end: number;
}

function linesBelow(text: string, from: number, indent: number): Lines | null {
  const own = afterSpaces(text, from) - from;
  if (own <= indent || text.charCodeAt(from + own) === codes.lineEnd) return null;
  const lines: string[] = [];
  let end = from;
  let used = 0;
  for (let line = from; line < text.length; ) {
    const lineEnd = text.indexOf('\n', line);
    if (lineEnd < 0) return null;
    const content = afterSpaces(text, line);
    if (content === lineEnd) {
      if (content - line > own) return null;
      lines.push('');
    } else if (content - line < own) {
      if (text.charCodeAt(content) === codes.hash && content - line > indent) return null;
      break;
    } else {
      lines.push(text.slice(line + own, lineEnd));
      end = lineEnd + 1;
      used = lines.length;
    }
    line = lineEnd + 1;
  }
  return used === 0 ? null : { lines: lines.slice(0, used), end };
}

/** Lines as one: an end of a line is a space, an empty line is a line end. */
function folded(lines: readonly string[]): string | null {
  let value = '';
  let isAfterEmpty = true;
  for (const line of lines) {
    if (line.startsWith(' ') || line.endsWith(' ')) return null;
    if (line === '') value += '\n';
    else value += isAfterEmpty ? line : ` ${line}`;
    isAfterEmpty = line === '';
  }
  return value;
}

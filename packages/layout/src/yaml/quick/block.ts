/** Lists and maps by indentation; null: one that the quick reader does not take. */
import { depthMax } from '../../limits.ts';
import type { Located, LocatedEntry, Span } from '../located.ts';
import { isUsableKey, listAt, mapAt } from './collections.ts';
import { afterSpaces, type Cursor, codes, finishLine, isGap } from './cursor.ts';
import { readFlowValue } from './flow.ts';
import {
  readBare,
  readBlockText,
  readQuoted,
  readQuotedValue,
  scalarAt,
  scanBare,
  startsBare,
} from './scalars.ts';

/** True when the cursor is at the dash of a list's item. */
export function isAtItem({ text, at }: Cursor): boolean {
  return text.charCodeAt(at) === codes.dash && isGap(text.charCodeAt(at + 1));
}

/** Reads the list whose first dash is at the cursor. */
export function readList(cursor: Cursor, depth: number): Located | null {
  const { text, at: start, column } = cursor;
  const items: Located[] = [];
  while (cursor.column === column && isAtItem(cursor)) {
    const at = afterSpaces(text, cursor.at + 1);
    const code = text.charCodeAt(at);
    if (code === codes.lineEnd || code === codes.hash) {
      if (!finishLine(cursor, cursor.at + 1) || cursor.column <= column) return null;
    } else {
      cursor.at = at;
      cursor.column = at - cursor.line;
    }
    const item = readNode(cursor, column, depth + 1);
    if (item === null) return null;
    items.push(item);
  }
  return cursor.column > column ? null : listAt(start, items.at(-1)?.span.end ?? start, items);
}

/** Reads whatever begins at the cursor, below or behind something at the column `indent`. */
function readNode(cursor: Cursor, indent: number, depth: number): Located | null {
  cursor.values += 1;
  if (depth > depthMax) return null;
  if (isAtItem(cursor)) return readList(cursor, depth);
  const key = keyAt(cursor);
  return key === null ? readValue(cursor, indent, depth) : readMap(cursor, key, depth);
}

interface Key {
  readonly text: string;
  readonly span: Span;
}

/** The key at the cursor, with a colon right behind it; null when there is none. */
function keyAt({ text, at: start }: Cursor): Key | null {
  const code = text.charCodeAt(start);
  if (code === codes.singleQuote || code === codes.doubleQuote) {
    const quoted = readQuoted(text, start);
    if (quoted === null || !isColon(text, quoted.end)) return null;
    return { text: quoted.text, span: { start, end: quoted.end } };
  }
  if (!startsBare(text, start)) return null;
  const { end, stop } = scanBare(text, start);
  if (end !== stop || !isColon(text, stop)) return null;
  return { text: text.slice(start, end), span: { start, end } };
}

function isColon(text: string, at: number): boolean {
  return text.charCodeAt(at) === codes.colon && isGap(text.charCodeAt(at + 1));
}

function readMap(cursor: Cursor, first: Key, depth: number): Located | null {
  const { at: start, column } = cursor;
  const entries = new Map<string, LocatedEntry>();
  for (let key: Key | null = first; ; key = keyAt(cursor)) {
    if (key === null || !isUsableKey(entries, key.text)) return null;
    const node = readEntry(cursor, { key, column }, depth + 1);
    if (node === null) return null;
    entries.set(key.text, { key: key.span, node });
    if (cursor.column < column) return mapAt(start, node.span.end, entries);
    if (cursor.column > column || isAtItem(cursor)) return null;
  }
}

interface Entry {
  readonly key: Key;
  readonly column: number;
}

function readEntry(cursor: Cursor, { key, column }: Entry, depth: number): Located | null {
  const { text } = cursor;
  const behind = key.span.end + 1;
  const at = afterSpaces(text, behind);
  const code = text.charCodeAt(at);
  if (code !== codes.hash && !isGap(code)) {
    cursor.at = at;
    cursor.values += 1;
    return depth > depthMax ? null : readValue(cursor, column, depth);
  }
  if (!finishLine(cursor, behind)) return null;
  if (cursor.column > column) return readNode(cursor, column, depth);
  if (cursor.column === column && isAtItem(cursor)) {
    cursor.values += 1;
    return depth > depthMax ? null : readList(cursor, depth);
  }
  cursor.values += 1;
  return { ...scalarAt(0, 0, null), span: key.span };
}

/** Reads what is neither a list nor a map by indentation. */
function readValue(cursor: Cursor, indent: number, depth: number): Located | null {
  switch (cursor.text.charCodeAt(cursor.at)) {
    case codes.singleQuote:
    case codes.doubleQuote:
      return readQuotedValue(cursor);
    case codes.openList:
    case codes.openMap:
      return readFlowValue(cursor, indent, depth);
    case codes.pipe:
    case codes.greater:
      return readBlockText(cursor, indent);
    default:
      return readBare(cursor, indent);
  }
}

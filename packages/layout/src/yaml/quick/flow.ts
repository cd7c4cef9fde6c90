/** Lists and maps in brackets; null: one that the quick reader does not take. */
import { depthMax } from '../../limits.ts';
import type { Located, LocatedEntry, Span } from '../located.ts';
import { plainScalar } from '../scalars.ts';
import { isUsableKey, listAt, mapAt } from './collections.ts';
import { afterSpaces, type Cursor, codes, finishLine, isGap } from './cursor.ts';
import { readQuoted, scalarAt, startsBare } from './scalars.ts';

/** Reads the list or map at the cursor, with nothing but a comment behind it. */
export function readFlowValue(cursor: Cursor, indent: number, depth: number): Located | null {
  const node = readCollection({ cursor, indent }, depth);
  return node !== null && finishLine(cursor, cursor.at) ? node : null;
}

interface Flow {
  readonly cursor: Cursor;
  /** What the lines of the collection have to be deeper than. */
  readonly indent: number;
}

function readCollection(flow: Flow, depth: number): Located | null {
  const isMap = flow.cursor.text.charCodeAt(flow.cursor.at) === codes.openMap;
  return isMap ? readMap(flow, depth) : readList(flow, depth);
}

function readList(flow: Flow, depth: number): Located | null {
  const { cursor } = flow;
  const { text, at: start } = cursor;
  const items: Located[] = [];
  cursor.at += 1;
  if (!skipGap(flow)) return null;
  if (text.charCodeAt(cursor.at) !== codes.closeList) {
    for (;;) {
      const item = readNode(flow, depth + 1);
      if (item === null || !skipGap(flow)) return null;
      items.push(item);
      if (text.charCodeAt(cursor.at) === codes.closeList) break;
      if (!skipComma(flow)) return null;
    }
  }
  cursor.at += 1;
  return listAt(start, cursor.at, items);
}

function readMap(flow: Flow, depth: number): Located | null {
  const { cursor } = flow;
  const { text, at: start } = cursor;
  const entries = new Map<string, LocatedEntry>();
  cursor.at += 1;
  if (!skipGap(flow)) return null;
  if (text.charCodeAt(cursor.at) !== codes.closeMap) {
    for (;;) {
      const key = readKey(cursor);
      if (key === null || !isUsableKey(entries, key.text) || !skipGap(flow)) return null;
      const node = readNode(flow, depth + 1);
      if (node === null || !skipGap(flow)) return null;
      entries.set(key.text, { key: key.span, node });
      if (text.charCodeAt(cursor.at) === codes.closeMap) break;
      if (!skipComma(flow)) return null;
    }
  }
  cursor.at += 1;
  return mapAt(start, cursor.at, entries);
}

function readNode(flow: Flow, depth: number): Located | null {
  const { cursor } = flow;
  const { text, at: start } = cursor;
  cursor.values += 1;
  if (depth > depthMax) return null;
  const code = text.charCodeAt(start);
  if (code === codes.openList || code === codes.openMap) return readCollection(flow, depth);
  if (isQuote(code)) {
    const quoted = readQuoted(text, start);
    if (quoted === null) return null;
    cursor.at = quoted.end;
    return scalarAt(start, quoted.end, quoted.text);
  }
  const end = endOfBare(text, start);
  if (end === null) return null;
  cursor.at = end;
  return scalarAt(start, end, plainScalar(text.slice(start, end)));
}

/** Reads a key and the colon and space behind it. */
function readKey(cursor: Cursor): { readonly text: string; readonly span: Span } | null {
  const { text, at: start } = cursor;
  const quoted = isQuote(text.charCodeAt(start)) ? readQuoted(text, start) : null;
  const end = quoted?.end ?? endOfBare(text, start);
  if (end === null || text.charCodeAt(end) !== codes.colon) return null;
  if (text.charCodeAt(end + 1) !== codes.space) return null;
  cursor.at = end + 1;
  return { text: quoted?.text ?? text.slice(start, end), span: { start, end } };
}

/** Behind the last character of the bare text at `start` that is no space; null: there is none. */
function endOfBare(text: string, start: number): number | null {
  if (!startsBare(text, start)) return null;
  let end = start;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === codes.lineEnd || code === codes.comma || isBracket(code)) return end;
    if (code === codes.space) {
      if (text.charCodeAt(at + 1) === codes.hash) return null;
      continue;
    }
    if (code === codes.colon && endsBare(text.charCodeAt(at + 1))) return end === at ? end : null;
    end = at + 1;
  }
  return null;
}

function endsBare(code: number): boolean {
  return isGap(code) || code === codes.comma || isBracket(code);
}

function isBracket(code: number): boolean {
  return (
    code === codes.openList ||
    code === codes.closeList ||
    code === codes.openMap ||
    code === codes.closeMap
  );
}

function isQuote(code: number): boolean {
  return code === codes.singleQuote || code === codes.doubleQuote;
}

function skipComma(flow: Flow): boolean {
  const { cursor } = flow;
  if (cursor.text.charCodeAt(cursor.at) !== codes.comma) return false;
  cursor.at += 1;
  return skipGap(flow);
}

/**
 * Goes over spaces and line ends; false where a line is not deep enough. One that begins with a
 * closing bracket may stand right below the key.
 */
function skipGap({ cursor, indent }: Flow): boolean {
  const { text } = cursor;
  cursor.at = afterSpaces(text, cursor.at);
  while (text.charCodeAt(cursor.at) === codes.lineEnd) {
    const line = cursor.at + 1;
    cursor.at = afterSpaces(text, line);
    const code = text.charCodeAt(cursor.at);
    const isClosing = code === codes.closeList || code === codes.closeMap;
    const column = cursor.at - line;
    if (code !== codes.lineEnd && column < (isClosing ? indent : indent + 1)) return false;
  }
  return true;
}

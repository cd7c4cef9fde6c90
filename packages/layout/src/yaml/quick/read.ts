/**
 * The quick reader: reads the plain forms that nearly every line of real configuration has, in a
 * tenth of the library's time, and declines everything else. What it accepts it reads exactly as
 * the library does, places included; tests compare the two on real files and on what random edits
 * make of them. A text that it declines, for whatever reason, goes to the library, which alone
 * judges what is wrong with it.
 *
 * Declined: anchors, aliases, tags, merge keys, several documents, directives, tabs, texts in
 * quotes over several lines, indentation indicators, comments inside brackets, empty items.
 */
import { fileItemsMax, fileValuesMax } from '../../limits.ts';
import type { Located } from '../located.ts';
import { isAtItem, readList } from './block.ts';
import { atEnd, type Cursor, skipToContent } from './cursor.ts';

/** The items of a text's list; null: read it with the library. */
export function readQuickly(text: string): readonly Located[] | null {
  const head = HEAD.exec(text)?.[0].length ?? 0;
  UNUSUAL.lastIndex = head;
  if (UNUSUAL.test(text)) return null;
  const cursor: Cursor = { text, at: 0, line: 0, column: 0, values: 0 };
  skipToContent(cursor, head);
  if (cursor.column === atEnd || !isAtItem(cursor)) return null;
  const list = readList(cursor, 0);
  if (list?.kind !== 'list' || cursor.column !== atEnd) return null;
  const isBounded = list.items.length <= fileItemsMax && cursor.values <= fileValuesMax;
  return isBounded ? list.items : null;
}

/** Comments and the mark of a document's beginning. */
const HEAD = /^(?: *(?:#[^\n]*)?\n)*--- *\n/;
/** Characters that YAML or its readers treat in ways of their own, and marks between documents. */
const UNUSUAL = /[\t\r\u0085\u2028\u2029\ue000\ufeff]|^(?:---|\.\.\.)/gm;

/** Where the quick reader is in a text, and the moves that all its parts share. */

/** The reader's place. Between two nodes it stands at the first character of a line's content. */
export interface Cursor {
  readonly text: string;
  /** Offset of the next character to read. */
  at: number;
  /** Offset at which the current line begins. */
  line: number;
  /** Column of `at`, from 0; {@link atEnd} when nothing but comments is left. */
  column: number;
  /** Values read so far. */
  values: number;
}

/** The column behind the last line. */
export const atEnd = -1;

/** Codes of the characters that mean something. */
export const codes = {
  lineEnd: 0x0a,
  space: 0x20,
  doubleQuote: 0x22,
  hash: 0x23,
  singleQuote: 0x27,
  comma: 0x2c,
  dash: 0x2d,
  colon: 0x3a,
  greater: 0x3e,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openMap: 0x7b,
  pipe: 0x7c,
  closeMap: 0x7d,
} as const;

/** True for a space, a line end, and the NaN that stands for the end of the text. */
export function isGap(code: number): boolean {
  return code === codes.space || code === codes.lineEnd || Number.isNaN(code);
}

/** The first offset from `at` on that holds no space. */
export function afterSpaces(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === codes.space) end += 1;
  return end;
}

/** The offset behind the line that `at` is on. */
export function afterLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** Goes from the beginning of a line to the next content, over empty lines and comments. */
export function skipToContent(cursor: Cursor, lineStart: number): void {
  const { text } = cursor;
  let line = lineStart;
  while (line < text.length) {
    const at = afterSpaces(text, line);
    const code = text.charCodeAt(at);
    if (code === codes.lineEnd) line = at + 1;
    else if (code === codes.hash) line = afterLine(text, at);
    else if (Number.isNaN(code)) break;
    else {
      cursor.line = line;
      cursor.at = at;
      cursor.column = at - line;
      return;
    }
  }
  cursor.at = text.length;
  cursor.column = atEnd;
}

/**
 * Ends the line behind a value that ends at `end`: blanks and a comment may follow it, nothing
 * else. Then goes to the next content. False: something else follows.
 */
export function finishLine(cursor: Cursor, end: number): boolean {
  const { text } = cursor;
  const at = afterSpaces(text, end);
  const code = text.charCodeAt(at);
  const isComment = code === codes.hash && at > end;
  if (!isComment && code !== codes.lineEnd && !Number.isNaN(code)) return false;
  skipToContent(cursor, afterLine(text, at));
  return true;
}

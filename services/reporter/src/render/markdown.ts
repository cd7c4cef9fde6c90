/** Markdown that says exactly what its text says: names and messages come from strangers. */

/** What starts mark-up anywhere; an underscore only does at the edge of a word. */
const SPECIAL = /[\\`*[\]|<>~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
/** What a terminal or a reader obeys instead of showing it, such as the order of characters. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}]+/gu;
/** An entity alone is turned back before GitHub looks for names: nothing may follow the sign. */
const MENTION = /@(?=[A-Za-z0-9])/g;
/** What starts a heading, a list or a quote at the beginning of a line. */
const LINE_START = /^(?:[#>+-]|\d+[.)])/;

/** Text as it is, in a paragraph or a table cell: no mark-up, no mention, no line break. */
export function plain(text: string): string {
  const oneLine = text.toWellFormed().replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  const escaped = oneLine.replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`);
  const inside = escaped.replace(MENTION, '@\u200B');
  return inside.replace(LINE_START, (start) => `\u200B${start}`);
}

/** A link; only http and https go anywhere. What is encoded already is not encoded twice. */
export function link(label: string, url: string): string {
  const href = URL.canParse(url) ? new URL(url).href : '';
  if (!/^https?:/.test(href)) return plain(label);
  return `[${plain(label)}](<${href.replace(/[<>|\\`]/g, encodeURIComponent)}>)`;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * At most `bytesMax` bytes of UTF-8, cut at the end of a line, with a note that something is
 * missing.
 */
export function clip(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const note = '\n\n_The rest is left out here; the details page has all of it._';
  const cut = startOf(text, bytesMax - Buffer.byteLength(note));
  const lineEnd = cut.lastIndexOf('\n');
  return `${lineEnd > 0 ? cut.slice(0, lineEnd) : cut}${note}`;
}

/** As much of the beginning as fits into `bytesMax` bytes of UTF-8, in whole characters. */
export function startOf(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text).subarray(0, bytesMax);
  // As a stream: a character that was cut in two is waited for, not replaced.
  return new TextDecoder().decode(bytes, { stream: true });
}

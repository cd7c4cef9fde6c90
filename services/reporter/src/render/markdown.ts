/** Markdown that says exactly what its text says: names and messages come from strangers. */

/** What starts mark-up anywhere; an underscore only does at the edge of a word. */
const SPECIAL = /[\\`*[\]|<>~&@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;
/** What starts a heading, a list or a quote at the beginning of a line. */
const LINE_START = /^(?:[#>+-]|\d+[.)])/;

/** Text as it is, in a paragraph or a table cell: no mark-up, no mention, no line break. */
export function plain(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  const inside = oneLine.replace(SPECIAL, (character) => `&#${character.charCodeAt(0)};`);
  return inside.replace(LINE_START, (start) => `\u200B${start}`);
}

/** A link; only http and https go anywhere. */
export function link(label: string, url: string): string {
  return /^https?:\/\//i.test(url)
    ? `[${plain(label)}](<${encodeURI(decoded(url))}>)`
    : plain(label);
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
  const room = bytesMax - Buffer.byteLength(note);
  let cut = text;
  while (Buffer.byteLength(cut) > room) {
    const lineEnd = cut.lastIndexOf('\n');
    cut = lineEnd > 0 ? cut.slice(0, lineEnd) : cut.slice(0, Math.floor(cut.length * 0.9));
  }
  return `${cut}${note}`;
}

/** What is encoded already is not encoded twice. */
function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

/**
 * Markup that cannot be broken by what it shows: a template escapes every value that is not markup
 * already, and only `html` and `trusted` make markup. Attribute values are always quoted.
 */

/** Markup that was made by `html` or `trusted`. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** What may stand in a template; null, undefined and false leave nothing behind. */
export type Piece = Html | string | number | null | undefined | false | readonly Piece[];

/** Markup from a template; strings in it are text, never mark-up. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const written = pieces.map((piece, index) => `${markupOf(piece)}${parts[index + 1] ?? ''}`);
  return new Html(`${parts[0] ?? ''}${written.join('')}`);
}

/** Markup from a source that escapes for itself, such as the Markdown renderer. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** Text as it stands in an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** An address that a browser may follow: http and https only; null for anything else. */
export function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}

function markupOf(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (piece instanceof Html) return piece.markup;
  if (Array.isArray(piece)) return piece.map((each: Piece) => markupOf(each)).join('');
  return escapeHtml(String(piece));
}

/**
 * PyYAML lets the later lines of a quoted text stand at any indentation, and real Zuul files rely
 * on it; the YAML library follows the specification and ends such a text early. Where that
 * happened, the line ends inside the quotes are covered with a mark of the same length, so that
 * every offset stays true, and folded as YAML folds them once the value is known.
 */

/** Stands for a line end inside quotes: a character for private use that the text does not have. */
const lineEndMark = '\uE000';

/** Texts are repaired at most so often in one file; each time costs one more reading of it. */
export const repairsMax = 20;

/** Characters that are read again for it at most; real files with such texts are far smaller. */
export const repairCharactersMax = 500_000;

/**
 * The text with the line ends covered in the quoted text that begins at `start`; null when it is
 * on one line or has no end.
 */
export function repairQuoted(text: string, start: number): string | null {
  const end = closingQuote(text, start);
  if (end === null) return null;
  const inside = text.slice(start, end);
  if (!inside.includes('\n') || /\\\r?\n/.test(inside)) return null;
  return text.slice(0, start) + inside.replaceAll('\n', lineEndMark) + text.slice(end);
}

/** True when a text has the mark itself, so that it cannot be repaired. */
export function isMarked(text: string): boolean {
  return text.includes(lineEndMark);
}

/** A value with its covered line ends folded: one is a space, further ones are line ends. */
export function foldMarks(value: string): string {
  if (!value.includes(lineEndMark)) return value;
  return value.replace(MARKED, (marks) => {
    const lineEnds = marks.split(lineEndMark).length - 1;
    return lineEnds === 1 ? ' ' : '\n'.repeat(lineEnds - 1);
  });
}

const MARKED = new RegExp(`[ \\t\\r]*(?:${lineEndMark}[ \\t\\r]*)+`, 'g');

function closingQuote(text: string, start: number): number | null {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at;
      at += 1;
    }
  }
  return null;
}

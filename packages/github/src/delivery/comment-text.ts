/**
 * What the writer of a comment says in their own voice: without code, which shows commands rather
 * than giving them, and without quotes, which repeat what somebody else said.
 * Source: https://github.github.com/gfm/ (fenced code, indented code, code spans, block quotes)
 */

const fence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const quote = /^ {0,3}>/;
const indented = /^(?: {4}| {0,3}\t)/;

/** Lines that do not count become empty, so that what stands around them stays apart. */
export function spokenText(comment: string): string {
  const spoken: string[] = [];
  let openFence: string | null = null;
  let isAfterText = false;
  for (const line of comment.replaceAll(/\r\n?/g, '\n').split('\n')) {
    if (openFence !== null) {
      if (closes(line, openFence)) openFence = null;
      spoken.push('');
      continue;
    }
    openFence = fence.exec(line)?.[1] ?? null;
    // Indented code cannot interrupt a paragraph.
    const isCode: boolean = openFence !== null || (!isAfterText && indented.test(line));
    const isSpoken: boolean = !isCode && !quote.test(line);
    isAfterText = isSpoken && line.trim() !== '';
    spoken.push(isSpoken ? line : '');
  }
  return withoutSpans(spoken.join('\n')).trim();
}

/** A fence closes with at least as many of the same characters and nothing else. */
function closes(line: string, open: string): boolean {
  const text = line.trim();
  const isFence = [...text].every((character) => character === open[0]);
  return isFence && text.length >= open.length && !indented.test(line);
}

/** Code spans end at a run of exactly as many backticks; a run without its like is plain text. */
function withoutSpans(text: string): string {
  const pieces = text.split(/(`+)/);
  const isRun = (piece: string | undefined): boolean => piece?.startsWith('`') === true;
  let spoken = '';
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at] ?? '';
    const end = isRun(piece) ? endOfSpan(pieces, at) : -1;
    if (end > at) at = end;
    else spoken += piece;
  }
  return spoken;
}

/** Index of the run that closes the one at `start`; -1: none before the paragraph ends. */
function endOfSpan(pieces: readonly string[], start: number): number {
  for (let at = start + 1; at < pieces.length; at += 1) {
    if (pieces[at] === pieces[start]) return at;
    if (/\n[ \t]*\n/.test(pieces[at] ?? '')) return -1;
  }
  return -1;
}

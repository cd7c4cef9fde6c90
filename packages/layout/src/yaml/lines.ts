import type { SourceRange } from '@gatehouse/model';
import type { Span } from './located.ts';

/** Turns offsets of one text into lines and columns, both counted from 1. */
export interface Lines {
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly starts: readonly number[];
}

/** Finds the line starts of `text`. */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { text, starts };
}

/**
 * The range of a span, without the blanks and line ends behind it. It always lies inside the
 * text: an empty span at the very end points behind the last character that is there.
 */
export function rangeOf(lines: Lines, span: Span): SourceRange {
  const { text } = lines;
  let end = Math.min(Math.max(span.end, span.start), text.length);
  let start = Math.min(Math.max(span.start, 0), text.length);
  while (end > start + 1 && isBlank(text.charCodeAt(end - 1))) end -= 1;
  while (start === end && start > 0 && text[start - 1] === '\n') {
    start -= 1;
    end = start;
  }
  const from = positionOf(lines, start);
  const to = positionOf(lines, end);
  return {
    startLine: from.line,
    startColumn: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

function positionOf(lines: Lines, offset: number): { line: number; column: number } {
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lines.starts[low] ?? 0) + 1 };
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Unified hunks as rows of a table. Pure. */

/** One line of a change. */
export interface DiffRow {
  readonly kind: 'hunk' | 'context' | 'added' | 'removed';
  /** Line numbers from 1; null where the line is not on that side. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** Rows of a patch as git writes it, without file headers. */
export function diffRows(patch: string): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let before = 0;
  let after = 0;
  for (const line of patch.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      rows.push({ kind: 'hunk', before: null, after: null, text: line });
      continue;
    }
    const text = line.slice(1);
    if (line.startsWith('+')) rows.push({ kind: 'added', before: null, after: after++, text });
    else if (line.startsWith('-'))
      rows.push({ kind: 'removed', before: before++, after: null, text });
    else if (line.startsWith('\\')) {
      rows.push({ kind: 'hunk', before: null, after: null, text });
    } else {
      rows.push({ kind: 'context', before: before++, after: after++, text });
    }
  }
  return rows;
}

/** The rows around lines of the new side, with some on either side; empty when none is shown. */
export function rowsAround(
  rows: readonly DiffRow[],
  lines: { readonly from: number; readonly to: number },
): readonly DiffRow[] {
  const isMeant = (row: DiffRow) =>
    row.after !== null && row.after >= lines.from && row.after <= lines.to;
  const first = rows.findIndex(isMeant);
  if (first === -1) return [];
  const last = rows.findLastIndex(isMeant);
  return rows
    .slice(Math.max(0, first - CONTEXT_LINES), last + CONTEXT_LINES + 1)
    .filter((row) => row.kind !== 'hunk');
}

/** Lines shown before and behind what is meant. */
const CONTEXT_LINES = 3;

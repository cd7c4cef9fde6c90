/** What a benchmark gives back: for people as lines, for machines as data. */
import type { Spread } from './stats.ts';

/** A figure that has a goal. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  /** What it has to reach, or stay below. */
  readonly wanted: { readonly atLeast: number } | { readonly atMost: number };
}

/** The result of one benchmark. */
export interface BenchResult {
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly goals: readonly Goal[];
  /** Every round, so that others can look at the figures in their own way. */
  readonly data: unknown;
}

/** Goals hold within this share: two runs on one machine differ by as much. */
export const TOLERANCE = 0.1;

/** Whether a goal is reached, within the tolerance. */
export function isReached({ measured, wanted }: Goal): boolean {
  return 'atLeast' in wanted
    ? measured >= wanted.atLeast * (1 - TOLERANCE)
    : measured <= wanted.atMost * (1 + TOLERANCE);
}

/** `1.23 [1.10–1.40]`. */
export function spreadText({ median, min, max }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} [${min.toFixed(digits)}–${max.toFixed(digits)}]`;
}

/** The result as lines. */
export function resultText(result: BenchResult): string {
  const goals = result.goals.map((goal) => {
    const { name, measured, wanted } = goal;
    const limit = 'atLeast' in wanted ? `at least ${wanted.atLeast}` : `at most ${wanted.atMost}`;
    const verdict = isReached(goal) ? 'reached' : 'MISSED';
    return `  ${verdict}: ${name} is ${measured.toFixed(2)} (goal: ${limit})`;
  });
  return ['', result.title, ...tableLines(result.rows), ...goals].join('\n');
}

function tableLines(rows: BenchResult['rows']): string[] {
  const names = Object.keys(rows[0] ?? {});
  const widths = names.map((name) =>
    Math.max(name.length, ...rows.map((row) => (row[name] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [line(names), ...rows.map((row) => line(names.map((name) => row[name] ?? '')))];
}

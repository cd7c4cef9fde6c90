/** Problems as people read them: what, where, the lines themselves, and what to write instead. */
import { styleText } from 'node:util';
import type { ConfigurationProblem, SourceRange } from '@gatehouse/model';
import type { Findings } from './findings.ts';
import { inOneLine } from './printable.ts';
import { ownersLines, summary } from './words.ts';

/** Lines of one range that are shown at most; the rest is left out. */
const linesShownMax = 3;
/** Characters of one line that are shown at most. */
const charactersShownMax = 160;

/** The whole text. @param isColoured true for a terminal */
export function forPeople(findings: Findings, isColoured: boolean): string {
  const texts = new Map(findings.files.map(({ path, text }) => [path, text.split('\n')]));
  const paint = painter(isColoured);
  const problems = findings.problems.map((problem) =>
    problemText(problem, texts.get(problem.path) ?? [], paint),
  );
  return [...problems, ...ownersText(findings, paint), summary(findings)].join('\n\n');
}

function ownersText({ owners }: Findings, paint: Paint): readonly string[] {
  if (owners === null) return [];
  const [head = '', ...lines] = ownersLines(owners);
  const shown = lines.length === 0 ? head : paint('red', head);
  return [[shown, ...lines.map((line) => `  ${inOneLine(line)}`)].join('\n')];
}

type Paint = (format: 'bold' | 'red' | 'yellow' | 'blue' | 'cyan', text: string) => string;

function painter(isColoured: boolean): Paint {
  return (format, text) => (isColoured ? styleText(format, text, { validateStream: false }) : text);
}

function problemText(
  problem: ConfigurationProblem,
  lines: readonly string[],
  paint: Paint,
): string {
  const { level, code, message, remedy, path, range } = problem;
  const colour = level === 'error' ? 'red' : 'yellow';
  const place = range === null ? path : `${path}:${range.startLine}:${range.startColumn}`;
  const width = String(range === null ? 1 : lastShown(range)).length;
  const margin = ' '.repeat(width);
  return [
    `${paint(colour, `${level}[${code}]`)}${paint('bold', `: ${message}`)}`,
    `${margin}${paint('blue', '-->')} ${inOneLine(place)}`,
    ...(range === null ? [] : frame({ range, lines, width, colour }, paint)),
    ...(remedy === null ? [] : [`${margin} ${paint('blue', '=')} ${paint('cyan', remedy)}`]),
  ].join('\n');
}

interface Frame {
  readonly range: SourceRange;
  readonly lines: readonly string[];
  readonly width: number;
  readonly colour: 'red' | 'yellow';
}

function lastShown({ startLine, endLine }: SourceRange): number {
  return Math.min(endLine, startLine + linesShownMax - 1);
}

function frame({ range, lines, width, colour }: Frame, paint: Paint): readonly string[] {
  const bar = paint('blue', '|');
  const shown = [`${' '.repeat(width)} ${bar}`];
  for (let line = range.startLine; line <= lastShown(range); line += 1) {
    // Tabs and control characters take one column each: marks stand below what they mark.
    const text = inOneLine((lines[line - 1] ?? '').replace(/\r$/, ''));
    const from = line === range.startLine ? range.startColumn : indentOf(text) + 1;
    const to = line === range.endLine ? range.endColumn : text.length + 1;
    const marks = '^'.repeat(Math.max(1, Math.min(to, charactersShownMax + 1) - from));
    shown.push(`${paint('blue', String(line).padStart(width))} ${bar} ${cut(text)}`);
    if (from > charactersShownMax) continue;
    shown.push(`${' '.repeat(width)} ${bar} ${' '.repeat(from - 1)}${paint(colour, marks)}`);
  }
  return shown;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function cut(text: string): string {
  return text.length > charactersShownMax ? `${text.slice(0, charactersShownMax)}…` : text;
}

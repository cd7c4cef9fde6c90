import { arrowRule, declaredRule, manifestArrowRule } from './rules/arrows.ts';
import { coreRule } from './rules/core.ts';
import { cycleRule } from './rules/cycles.ts';
import { barrelRule, deepImportRule, exportRule, relativeImportRule } from './rules/doors.ts';
import { environmentRule } from './rules/environment.ts';
import { enumRule, promiseRule } from './rules/language.ts';
import { manifestRule, roomRule } from './rules/rooms.ts';
import { focusRule, mockRule, sleepRule, supportRule } from './rules/tests.ts';
import { lengthRule, machinePathRule } from './rules/text.ts';
import type { Tree } from './tree.ts';
import { type Finding, type Rule, readWorkspace } from './workspace.ts';

/** Every rule of the house that a machine can check. */
export const rules: readonly Rule[] = [
  arrowRule,
  manifestArrowRule,
  declaredRule,
  deepImportRule,
  relativeImportRule,
  cycleRule,
  barrelRule,
  exportRule,
  coreRule,
  environmentRule,
  enumRule,
  promiseRule,
  supportRule,
  mockRule,
  focusRule,
  sleepRule,
  lengthRule,
  machinePathRule,
  manifestRule,
  roomRule,
];

/** What every rule finds in a tree, sorted by file and line. */
export function findAll(tree: Tree): Finding[] {
  const workspace = readWorkspace(tree);
  return rules
    .flatMap((rule) => rule.check(workspace))
    .sort((a, b) => compare(a.file, b.file) || a.line - b.line || compare(a.message, b.message));
}

/** One line per finding, as compilers print them. */
export function render({ file, line, rule, message }: Finding): string {
  return `${file}${line === 0 ? '' : `:${line}`}  [${rule}] ${message}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

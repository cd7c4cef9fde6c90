/** What is wrong with the files of a target. */
import { loadLayout } from '@gatehouse/layout';
import type { ConfigurationProblem } from '@gatehouse/model';
import type { FoundFile } from './local-files.ts';
import { errorsOfRuns, type OwnersErrors } from './runs.ts';
import type { Target } from './target-shape.ts';

/** The problems of a target's own files, by file and line. */
export interface Findings {
  readonly files: readonly FoundFile[];
  readonly problems: readonly ConfigurationProblem[];
  readonly errors: number;
  readonly warnings: number;
  /** What the owner's configuration has to do with it; null: nothing is wrong there. */
  readonly owners: OwnersErrors | null;
}

/** True when a run of the repository would end with an error. */
export function isFaulty({ errors, owners }: Findings): boolean {
  return errors > 0 || (owners?.met.length ?? 0) > 0;
}

/** Looks for problems. @param isStrict warnings become errors */
export function findProblems(target: Target, isStrict: boolean): Findings {
  const { repository, files, sources, isNamed } = target;
  const { layout, problems: all } = loadLayout(sources, { hasHints: true });
  const ownBranch = sources.find((source) => source.files === files)?.branch ?? null;
  // Of several branches that count, the one that was asked for.
  const isOwn = (problem: ConfigurationProblem) =>
    problem.repository === repository && problem.branch === ownBranch;
  const runs = errorsOfRuns(target, layout, all);
  const own = [...all.filter(isOwn), ...runs.own];
  // Of files whose repository is not known, nobody can say that they name another one.
  const told = isNamed ? own : own.filter(({ code }) => code !== 'foreign-project');
  const problems = told
    .map((problem) => (isStrict ? { ...problem, level: 'error' as const } : problem))
    .sort(byPlace);
  const errors = problems.filter(({ level }) => level === 'error').length;
  return { files, problems, errors, warnings: problems.length - errors, owners: runs.owners };
}

function byPlace(a: ConfigurationProblem, b: ConfigurationProblem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  const line = (a.range?.startLine ?? 0) - (b.range?.startLine ?? 0);
  return line || (a.range?.startColumn ?? 0) - (b.range?.startColumn ?? 0);
}

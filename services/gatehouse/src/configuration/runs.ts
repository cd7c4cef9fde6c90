/**
 * Errors that only a run meets: what a repository's pipelines end with when their jobs are frozen,
 * in its own files and in what it gets from its owner.
 */
import { freezeJobs, type Layout, pipelinesFor, takesPart } from '@gatehouse/layout';
import type { ConfigurationProblem } from '@gatehouse/model';
import type { Target } from './target-shape.ts';

/** The owner's configuration as far as it concerns the repository. */
export interface OwnersErrors {
  /** The owner's configuration repository. */
  readonly repository: string;
  /** All errors in it. */
  readonly count: number;
  /** Those that this repository's runs end with, where they stand or where they are met. */
  readonly met: readonly ConfigurationProblem[];
  /** What shows all of them. */
  readonly command: string;
}

/** What runs meet besides the problems that loading tells. */
export interface RunErrors {
  /** In the repository's own files. */
  readonly own: readonly ConfigurationProblem[];
  /** Null: the owner's configuration has no errors, or there is none. */
  readonly owners: OwnersErrors | null;
}

/** Freezes every pipeline that the repository takes part in. @param known what loading told */
export function errorsOfRuns(
  target: Target,
  layout: Layout,
  known: readonly ConfigurationProblem[],
): RunErrors {
  const { repository, ownerCommand } = target;
  const told = known.filter((problem) => problem.repository === repository);
  const frozen = frozenErrors(target, layout).filter(
    (one) => !told.some((two) => isSame(one, two)),
  );
  // An error that is told where the definition stands is not told again where it is used.
  const isRepeated = (problem: ConfigurationProblem) =>
    problem.code === 'broken-definition' && !isOthers(problem, layout, repository);
  const isMet = (problem: ConfigurationProblem) =>
    problem.repository !== repository || problem.code === 'broken-definition';
  const news = frozen.filter((problem) => !isRepeated(problem));
  const owner = layout.ownerRepository;
  const errors = known.filter(
    (problem) => problem.level === 'error' && problem.repository === owner,
  );
  const met = [...news.filter(isMet), ...unusable(layout, repository, errors)];
  return {
    own: news.filter((problem) => !isMet(problem)),
    owners:
      owner === null || owner === repository || ownerCommand === null || errors.length === 0
        ? null
        : { repository: owner, count: errors.length, met, command: ownerCommand },
  };
}

function frozenErrors({ repository, branch }: Target, layout: Layout) {
  const errors: ConfigurationProblem[] = [];
  for (const { name: pipeline } of pipelinesFor(layout, repository)) {
    if (!takesPart(layout, repository, pipeline)) continue;
    const request = { repository, branch, pipeline, changedFiles: null, base: null };
    for (const problem of freezeJobs(layout, request).problems) {
      const isNew = !errors.some((one) => isSame(one, problem));
      if (problem.level === 'error' && isNew) errors.push(problem);
    }
  }
  return errors;
}

/** A problem at the use of a name says in its message where the definition stands. */
function isOthers({ message }: ConfigurationProblem, layout: Layout, repository: string): boolean {
  return layout.broken.some(
    ({ place }) =>
      place.repository !== repository &&
      message.includes(`${place.repository} ${place.path}:${place.line}`),
  );
}

/** Errors of the owner's that leave the repository without a pipeline, or a whole file. */
function unusable(
  layout: Layout,
  repository: string,
  errors: readonly ConfigurationProblem[],
): readonly ConfigurationProblem[] {
  return layout.broken.flatMap(({ type, place }) => {
    const isOwners = place.repository === layout.ownerRepository && place.repository !== repository;
    if (!isOwners || (type !== 'file' && type !== 'pipeline')) return [];
    const here = errors.filter(
      ({ path, range }) => path === place.path && (range?.startLine ?? 1) >= place.line,
    );
    return here.slice(0, 1);
  });
}

/** The same words at the same line are the same problem, whatever columns are marked. */
function isSame(a: ConfigurationProblem, b: ConfigurationProblem): boolean {
  return (
    a.code === b.code &&
    a.message === b.message &&
    a.repository === b.repository &&
    a.path === b.path &&
    a.range?.startLine === b.range?.startLine
  );
}

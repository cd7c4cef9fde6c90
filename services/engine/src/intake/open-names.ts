/**
 * Whether a layout leaves a name undefined that another repository of the owner could define. Of
 * the repository's own files every such name counts. The owner's configuration also speaks of other
 * repositories, whose own names are not known here; of it counts what this repository uses.
 */
import { freezeJobs, type Layout, matchesWhole, pipelinesFor, takesPart } from '@gatehouse/layout';
import type { ConfigurationProblem } from '@gatehouse/model';

const UNDEFINED = ['undefined-job', 'undefined-template'];

/** A layout with its problems, and whose it is. */
export interface OpenNamesQuestion {
  readonly layout: Layout;
  readonly problems: readonly ConfigurationProblem[];
  readonly repository: string;
  readonly branch: string | null;
}

/** True when another repository could define something that is missing. */
export function hasOpenNames(question: OpenNamesQuestion): boolean {
  const { problems, repository } = question;
  const missing = problems.filter(({ code }) => UNDEFINED.includes(code));
  if (missing.length === 0) return false;
  const isOwn = (problem: ConfigurationProblem) => isSame(problem.repository, repository);
  return missing.some(isOwn) || hasOpenTemplates(question, missing) || hasOpenJobs(question);
}

/** Stanzas of the owner's for this repository that name a template which is not there. */
function hasOpenTemplates(
  { layout, repository }: OpenNamesQuestion,
  missing: readonly ConfigurationProblem[],
): boolean {
  const stanzas = layout.projects.filter(({ target }) =>
    'repository' in target
      ? isSame(target.repository, repository)
      : matchesWhole(target.pattern, repository),
  );
  return stanzas.some(({ templates }) =>
    templates.some(({ place }) =>
      missing.some(({ path, range }) => path === place.path && range?.startLine === place.line),
    ),
  );
}

/** Jobs that would run for this repository and are not there, or whose parents are not. */
function hasOpenJobs({ layout, repository, branch }: OpenNamesQuestion): boolean {
  return pipelinesFor(layout, repository).some(({ name: pipeline }) => {
    if (!takesPart(layout, repository, pipeline)) return false;
    const everything = { repository, branch, pipeline, changedFiles: null, base: null };
    const { problems } = freezeJobs(layout, everything);
    return problems.some(({ code }) => UNDEFINED.includes(code));
  });
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

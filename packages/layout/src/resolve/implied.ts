/**
 * Where definitions hold that name no branches. A job, template or stanza of a repository that is
 * read on several branches holds for the branch it stands on; of the owner's configuration and of a
 * repository with one branch it holds everywhere. A file's `pragma` decides otherwise for its jobs
 * and templates, as Zuul lets it, and for its stanzas of other repositories; a stanza of the
 * repository itself never holds for other branches than its own.
 */
import type { Definitions } from '../define/file.ts';
import type { ImpliedBranches, Pragma, ProjectDefinition } from '../definitions.ts';
import type { LayoutSource } from '../layout.ts';

/** Pragmas of a source by the path of their file. */
export type Pragmas = ReadonlyMap<string, Pragma>;

/** A source with what was read of it. */
export interface OwnDefinitions {
  readonly source: LayoutSource;
  readonly definitions: Pick<Definitions, 'jobs' | 'projects' | 'templates'>;
  readonly pragmas: Pragmas;
}

/** The jobs, stanzas and templates of a source, each with the branches that it is implied to hold for. */
export function withImpliedBranches(
  sources: readonly LayoutSource[],
  { source, definitions, pragmas }: OwnDefinitions,
): OwnDefinitions['definitions'] {
  const standard = standardFor(sources, source);
  const implied = (path: string) => impliedIn({ source, standard }, pragmas.get(path) ?? null);
  return {
    jobs: definitions.jobs.map((job) =>
      implying(job, job.branches === null ? implied(job.place.path) : null),
    ),
    templates: definitions.templates.map((template) =>
      implying(template, implied(template.place.path)),
    ),
    projects: definitions.projects.map((project) =>
      implying(project, isOwn(project, source) ? standard : implied(project.place.path)),
    ),
  };
}

function isOwn({ target }: ProjectDefinition, { repository }: LayoutSource): boolean {
  return 'repository' in target && target.repository.toLowerCase() === repository.toLowerCase();
}

/** The branch that definitions of a source hold for where nothing else is said; null: every one. */
function standardFor(sources: readonly LayoutSource[], source: LayoutSource): string | null {
  if (source.role === 'owner' || source.branch === null) return null;
  const repository = source.repository.toLowerCase();
  const branches = new Set(
    sources
      .filter((other) => other.repository.toLowerCase() === repository)
      .map((other) => other.branch),
  );
  return branches.size > 1 ? source.branch : null;
}

interface Standard {
  readonly source: LayoutSource;
  readonly standard: string | null;
}

function impliedIn({ source, standard }: Standard, pragma: Pragma | null): ImpliedBranches {
  if (pragma === null) return standard;
  if (pragma.hasImpliedBranches === false) return null;
  const isImplied = pragma.hasImpliedBranches === true || standard !== null;
  return isImplied ? (pragma.impliedBranches ?? source.branch) : null;
}

/** The same object where nothing changes: a reload makes no new ones for files that stay. */
function implying<T extends { readonly impliedBranches: ImpliedBranches }>(
  definition: T,
  impliedBranches: ImpliedBranches,
): T {
  return definition.impliedBranches === impliedBranches
    ? definition
    : { ...definition, impliedBranches };
}

/** What project stanzas and their templates give a repository in a pipeline. */
import type { JsonObject } from '@gatehouse/model';
import type {
  ImpliedBranches,
  JobVariant,
  Layout,
  ProjectDefinition,
  ProjectPipeline,
  TemplateDefinition,
} from '../definitions.ts';
import type { Pattern, SourcePlace } from '../layout.ts';
import { isUsable, matchesAtStart, matchesWhole } from '../patterns.ts';
import { mergeDeeply } from './merge-deeply.ts';
import { resolveTemplate } from './names.ts';

/** The jobs that a project lists for a pipeline. */
export interface JobList {
  /** Uses of each job in the order in which their names first appear. */
  readonly jobs: ReadonlyMap<string, readonly JobVariant[]>;
  /** Variables of the project and its templates; those of a job win. */
  readonly vars: JsonObject;
  /** Where those variables stand. */
  readonly varsPlaces: readonly SourcePlace[];
  readonly isDebug: boolean;
  readonly isFailFast: boolean;
}

/** Which repository on which branch. */
export interface Subject {
  readonly repository: string;
  /** Null: a tag, or whatever else is no branch. */
  readonly branch: string | null;
  /** Full ref, which stands for the branch where there is none. */
  readonly ref: string | null;
}

/**
 * True when a stanza, or a template that one names, gives the repository this pipeline; also when
 * that cannot be said, so that it is told to somebody instead of nothing happening.
 */
export function takesPart(layout: Layout, repository: string, pipeline: string): boolean {
  return layout.projects.some(
    (project) =>
      mayBeFor(project, repository) &&
      (project.pipelines.some((own) => own.pipeline === pipeline) ||
        templatesOf(layout, project, repository).some((template) =>
          template.pipelines.some((own) => own.pipeline === pipeline),
        )),
  );
}

/** The jobs of all stanzas that apply, templates before their stanza; null: it takes no part. */
export function jobListOf(layout: Layout, subject: Subject, pipeline: string): JobList | null {
  const parts: Part[] = [];
  for (const project of layout.projects) {
    if (!isFor(project, subject.repository) || !isOnBranch(project, subject)) continue;
    const templates = templatesOf(layout, project, subject.repository).filter((template) =>
      holdsFor(template.impliedBranches, subject.branch),
    );
    for (const { pipelines, vars, place } of [...templates, project]) {
      for (const own of pipelines) {
        if (own.pipeline === pipeline) parts.push({ pipeline: own, vars, place });
      }
    }
  }
  if (parts.length === 0) return null;
  const jobs = new Map<string, JobVariant[]>();
  for (const part of parts) {
    for (const job of part.pipeline.jobs) {
      const uses = jobs.get(job.name);
      if (uses === undefined) jobs.set(job.name, [job]);
      else uses.push(job);
    }
  }
  return {
    jobs,
    vars: parts.reduce<JsonObject>((all, part) => mergeDeeply(all, part.vars), {}),
    varsPlaces: parts.filter(({ vars }) => Object.keys(vars).length > 0).map(({ place }) => place),
    isDebug: parts.some((part) => part.pipeline.isDebug),
    isFailFast: parts.some((part) => part.pipeline.isFailFast),
  };
}

interface Part {
  readonly pipeline: ProjectPipeline;
  readonly vars: JsonObject;
  readonly place: SourcePlace;
}

/** True when what is implied to hold for `implied` only holds on `branch`; null: no branch. */
export function holdsFor(implied: ImpliedBranches, branch: string | null): boolean {
  if (implied === null || branch === null) return true;
  if (typeof implied === 'string') return implied === branch;
  return implied.some((pattern) => matchesAtStart(pattern, branch));
}

/** True when one of the patterns matches the beginning of the branch's name, or of the full ref. */
export function matchesBranch(patterns: readonly Pattern[], { branch, ref }: Subject): boolean {
  const text = branch ?? ref;
  return text !== null && patterns.some((pattern) => matchesAtStart(pattern, text));
}

/**
 * The pattern without which it cannot be said whether `patterns` match the branch, and which cannot
 * be run here; null: it can be said.
 */
export function undecidedBy(patterns: readonly Pattern[], subject: Subject): Pattern | null {
  if (matchesBranch(patterns, subject)) return null;
  return patterns.find((pattern) => !isUsable(pattern)) ?? null;
}

/** True when the stanza is for the repository, by name or by pattern. */
export function isFor({ target }: Pick<ProjectDefinition, 'target'>, repository: string): boolean {
  if ('repository' in target) {
    return target.repository.toLowerCase() === repository.toLowerCase();
  }
  const { pattern } = target;
  return matchesWhole(pattern, repository) || matchesWhole(pattern, `github.com/${repository}`);
}

function mayBeFor({ target }: ProjectDefinition, repository: string): boolean {
  return isFor({ target }, repository) || ('pattern' in target && !isUsable(target.pattern));
}

/** True when the stanza counts on the branch. */
export function isOnBranch(project: ProjectDefinition, subject: Subject): boolean {
  if (project.branches !== null) return matchesBranch(project.branches, subject);
  return holdsFor(project.impliedBranches, subject.branch);
}

/** What the templates of a stanza are; one that is named twice counts once. */
export function templatesOf(
  layout: Layout,
  project: ProjectDefinition,
  repository: string,
): readonly TemplateDefinition[] {
  const uses = new Map(project.templates.map((use) => [use.name, use]));
  return [...uses.values()].flatMap(({ name, place }) => {
    const use = { name, writtenIn: place.repository, usedFor: repository };
    const found = resolveTemplate(layout, use);
    return found.kind === 'found' ? found.definitions : [];
  });
}

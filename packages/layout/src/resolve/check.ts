/** Names that a layout uses but nothing defines, and loops of inheritance. */
import type { ConfigurationProblem, SourceRange } from '@gatehouse/model';
import type {
  JobDefinition,
  JobVariant,
  Layout,
  ProjectDefinition,
  TemplateDefinition,
} from '../definitions.ts';
import type { SourcePlace } from '../layout.ts';
import { inheritanceDepthMax, referenceProblemsMax } from '../limits.ts';
import { type ProblemText, placeText, problemAt } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { builtInJobs } from './built-in.ts';
import {
  brokenPipelines,
  indexOf,
  jobNames,
  pipelinesFor,
  type Resolution,
  resolveJob,
  resolveTemplate,
  templateNames,
} from './names.ts';

/** Takes a problem; after many of them, names are no longer compared to suggest a better one. */
interface Tell {
  (text: ProblemText, place: SourcePlace | null): void;
  readonly near: (names: () => readonly string[]) => readonly string[];
}

/** Problems with a suggestion at most: each costs a comparison with every known name. */
const suggestionsMax = 200;

/** A layout, and what will be in it once the proposed change is merged. */
interface Outlook {
  readonly layout: Layout;
  /** Names of pipelines that the proposal defines. */
  readonly proposedPipelines: readonly string[];
}

/**
 * Tells every undefined name. Nothing is taken out of the layout on that account: what does not
 * use the name keeps working, and what uses it fails when it is frozen.
 */
export function checkReferences(
  layout: Layout,
  proposedPipelines: readonly string[] = [],
): readonly ConfigurationProblem[] {
  const outlook: Outlook = { layout, proposedPipelines };
  const problems: ConfigurationProblem[] = [];
  const told = new Set<string>();
  const tell: Tell = Object.assign(
    (text: ProblemText, place: SourcePlace | null) => {
      // What is used through several aliases is told once.
      const key = JSON.stringify([text.code, text.message, place]);
      if (told.has(key)) return;
      told.add(key);
      problems.push(problemAt(text, place));
    },
    {
      near: (names: () => readonly string[]) => (problems.length < suggestionsMax ? names() : []),
    },
  );
  checkPipelines(layout, tell);
  for (const job of layout.jobs) checkJob(layout, job, tell);
  for (const template of layout.templates) checkTemplate(outlook, template, tell);
  for (const project of layout.projects) checkProject(outlook, project, tell);
  const shown = problems.slice(0, referenceProblemsMax);
  const hidden = problems.length - shown.length;
  if (hidden > 0) shown.push(problemAt(wording.tooManyProblems(hidden), null));
  return shown;
}

/** What is wrong with a name that was looked for; null when it was found. */
export function unresolved(
  type: 'job' | 'template',
  name: string,
  search: { readonly found: Resolution<unknown>; readonly known: () => readonly string[] },
): ProblemText | null {
  const { found, known } = search;
  if (found.kind === 'undefined') return wording.undefinedName(type, name, known());
  if (found.kind === 'found') return null;
  if (found.kind === 'broken') return wording.brokenName(type, name, placeText(found.place));
  return wording.ambiguousName(type, name, found.repositories);
}

/** A name whose definition has an error is not told again: that error stands where it is. */
function tellUnresolved(text: ProblemText | null, place: SourcePlace, tell: Tell): void {
  if (text !== null && text.code !== 'broken-definition') tell(text, place);
}

/** Names of a repository's pipelines, those with errors included. */
function pipelineNames(layout: Layout, repository: string): readonly string[] {
  const sound = pipelinesFor(layout, repository);
  return [...sound, ...brokenPipelines(layout, repository)].map(({ name }) => name);
}

function checkPipelines(layout: Layout, tell: Tell): void {
  for (const { scope, definition } of layout.pipelines) {
    if (scope.kind === 'built-in') continue;
    const repository =
      scope.kind === 'repository' ? scope.repository : (layout.ownerRepository ?? '');
    const known = pipelineNames(layout, repository);
    for (const [at, name] of definition.supercedes.entries()) {
      if (known.includes(name)) continue;
      const place = definition.supercedesPlaces?.[at] ?? definition.place;
      tell(wording.undefinedName('pipeline', name, known), place);
    }
  }
}

function checkJob(layout: Layout, job: JobDefinition, tell: Tell): void {
  const { repository } = job.place;
  if (job.parent !== null) {
    const use = { name: job.parent, writtenIn: repository, usedFor: repository };
    const search = {
      found: resolveJob(layout, use),
      known: () => tell.near(() => jobNames(layout)),
    };
    tellUnresolved(unresolved('job', job.parent, search), job.parentPlace ?? job.place, tell);
  }
  const loop = inheritanceLoop(layout, job);
  if (loop !== null) tell(wording.inheritanceLoop(loop), job.parentPlace ?? job.place);
  checkVariant(layout, job, tell);
}

/** The names on the way from a job up to itself; null when there is no such way. */
function inheritanceLoop(layout: Layout, job: JobDefinition): readonly string[] | null {
  const names = [job.name];
  let current: JobDefinition = job;
  while (current.parent !== null) {
    const name = current.parent;
    const { repository } = current.place;
    const found = resolveJob(layout, { name, writtenIn: repository, usedFor: repository });
    if (found.kind !== 'found') return null;
    if (found.definitions.includes(job)) return [...names, name];
    const [next] = found.definitions;
    const isTooDeep = names.length > inheritanceDepthMax;
    if (next === undefined || isTooDeep || names.includes(name)) return null;
    names.push(name);
    current = next;
  }
  return null;
}

/** Dependencies, secrets and semaphores of a variant, wherever it stands. */
function checkVariant(layout: Layout, variant: JobVariant, tell: Tell): void {
  const { secrets, semaphores, dependencies } = variant.attributes;
  for (const { name, place } of dependencies?.value ?? []) {
    const index = indexOf(layout);
    const isKnown = index.jobs.has(name) || index.brokenJobs.has(name) || isBuiltIn(name);
    if (!isKnown) {
      tell(
        wording.undefinedDependency(
          name,
          tell.near(() => jobNames(layout)),
        ),
        place,
      );
    }
  }
  if (secrets !== null) {
    const repository = variant.place.repository.toLowerCase();
    const broken = layout.broken.filter(({ type }) => type === 'secret');
    const known = [...layout.secrets, ...broken]
      .filter(({ place }) => place.repository.toLowerCase() === repository)
      .map(({ name }) => name);
    for (const { secret, range } of secrets) {
      if (known.includes(secret)) continue;
      tell(
        wording.undefinedName(
          'secret',
          secret,
          tell.near(() => known),
        ),
        inPlace(variant, range),
      );
    }
  }
  if (semaphores !== null) {
    const known = layout.semaphores.map(({ name }) => name);
    for (const { name, range } of semaphores) {
      if (known.includes(name)) continue;
      tell(
        wording.undefinedSemaphore(
          name,
          tell.near(() => known),
        ),
        inPlace(variant, range),
      );
    }
  }
}

function isBuiltIn(name: string): boolean {
  return builtInJobs.some((job) => job.name === name);
}

function inPlace({ place }: JobVariant, range: SourceRange): SourcePlace {
  return { ...place, line: range.startLine, range };
}

function checkTemplate(outlook: Outlook, template: TemplateDefinition, tell: Tell): void {
  const { layout, proposedPipelines } = outlook;
  const known = pipelineNames(layout, template.place.repository);
  for (const pipeline of template.pipelines) {
    const name = pipeline.pipeline;
    if (!known.includes(name) && !proposedPipelines.includes(name)) {
      tell(wording.undefinedPipelineInTemplate(name, known), pipeline.place);
    }
    for (const job of pipeline.jobs) checkUse(layout, { job, usedFor: null }, tell);
  }
  checkQueue(layout, template, tell);
}

function checkProject(outlook: Outlook, project: ProjectDefinition, tell: Tell): void {
  const { layout, proposedPipelines } = outlook;
  const usedFor = 'repository' in project.target ? project.target.repository : null;
  const known = pipelineNames(layout, usedFor ?? project.place.repository);
  for (const pipeline of project.pipelines) {
    const name = pipeline.pipeline;
    if (!known.includes(name)) {
      const isProposed = proposedPipelines.includes(name);
      const text = isProposed
        ? wording.pipelineNotYet(name)
        : wording.undefinedName('pipeline', name, known);
      tell(text, pipeline.place);
    }
    for (const job of pipeline.jobs) checkUse(layout, { job, usedFor }, tell);
  }
  for (const { name, place } of project.templates) {
    const use = { name, writtenIn: place.repository, usedFor: usedFor ?? place.repository };
    const search = {
      found: resolveTemplate(layout, use),
      known: () => tell.near(() => templateNames(layout)),
    };
    tellUnresolved(unresolved('template', name, search), place, tell);
  }
  checkQueue(layout, project, tell);
}

function checkQueue(
  layout: Layout,
  { queue, queuePlace, place }: ProjectDefinition | TemplateDefinition,
  tell: Tell,
): void {
  if (queue === null || layout.queues.some(({ name }) => name === queue)) return;
  const known = tell.near(() => layout.queues.map(({ name }) => name));
  tell(wording.undefinedQueue(queue, known), queuePlace ?? place);
}

interface JobUse {
  readonly job: JobVariant;
  /** Null: for whichever repository uses it, so that several definitions are no fault here. */
  readonly usedFor: string | null;
}

function checkUse(layout: Layout, { job, usedFor }: JobUse, tell: Tell): void {
  const { repository } = job.place;
  const use = { name: job.name, writtenIn: repository, usedFor: usedFor ?? repository };
  const found = resolveJob(layout, use);
  const isOpen = usedFor === null && found.kind === 'ambiguous';
  if (!isOpen && found.kind !== 'found') {
    const text = unresolved('job', job.name, {
      found,
      known: () => tell.near(() => jobNames(layout)),
    });
    tellUnresolved(text, job.place, tell);
  }
  checkVariant(layout, job, tell);
}

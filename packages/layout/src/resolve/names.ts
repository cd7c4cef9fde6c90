/**
 * What a name means where it stands. A name is looked for in the repository where it is written,
 * then in the owner's configuration repository, then in the repository it is used for (so that an
 * owner's template can name a job that every repository defines for itself, while no repository
 * can replace what the owner's configuration defines and names), then in one other repository of
 * the tenant, then among the built-in ones.
 */
import type {
  BrokenDefinition,
  JobDefinition,
  Layout,
  ScopedPipeline,
  TemplateDefinition,
} from '../definitions.ts';
import type { PipelineDefinition, SourcePlace } from '../layout.ts';
import { builtInJobs } from './built-in.ts';

interface Owned {
  readonly name: string;
  readonly place: { readonly repository: string };
}

/** Definitions of one name by repository (in lower case), each in definition order. */
type ByName<T> = ReadonlyMap<string, ReadonlyMap<string, readonly T[]>>;

/** A layout made quick to search. */
export interface LayoutIndex {
  readonly jobs: ByName<JobDefinition>;
  readonly templates: ByName<TemplateDefinition>;
  readonly brokenJobs: ByName<BrokenDefinition>;
  readonly brokenTemplates: ByName<BrokenDefinition>;
}

/** What a name was found to be. */
export type Resolution<T> =
  | { readonly kind: 'found'; readonly definitions: readonly T[] }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'broken'; readonly place: SourcePlace }
  | { readonly kind: 'ambiguous'; readonly repositories: readonly string[] };

// An index is a pure function of its layout; the map only spares making it again.
const indexes = new WeakMap<Layout, LayoutIndex>();

/** The index of a layout. */
export function indexOf(layout: Layout): LayoutIndex {
  const known = indexes.get(layout);
  if (known !== undefined) return known;
  const broken = (type: string) => byName(layout.broken.filter((one) => one.type === type));
  const index = {
    jobs: byName(layout.jobs),
    templates: byName(layout.templates),
    brokenJobs: broken('job'),
    brokenTemplates: broken('project-template'),
  };
  indexes.set(layout, index);
  return index;
}

function byName<T extends Owned>(definitions: readonly T[]): ByName<T> {
  const names = new Map<string, Map<string, T[]>>();
  for (const definition of definitions) {
    const repositories = names.get(definition.name) ?? new Map<string, T[]>();
    names.set(definition.name, repositories);
    const key = definition.place.repository.toLowerCase();
    const variants = repositories.get(key) ?? [];
    repositories.set(key, variants);
    variants.push(definition);
  }
  return names;
}

/** Where a name stands and for which repository it is used. */
export interface NameUse {
  readonly name: string;
  readonly writtenIn: string;
  readonly usedFor: string;
}

/** The variants of a job. */
export function resolveJob(layout: Layout, use: NameUse): Resolution<JobDefinition> {
  const index = indexOf(layout);
  const found = search(layout, { sound: index.jobs, broken: index.brokenJobs }, use);
  if (found.kind !== 'undefined') return found;
  const builtIn = builtInJobs.filter((job) => job.name === use.name);
  if (builtIn.length > 0) return { kind: 'found', definitions: builtIn };
  return found;
}

/** The definitions of a template, which are merged in order. */
export function resolveTemplate(layout: Layout, use: NameUse): Resolution<TemplateDefinition> {
  const index = indexOf(layout);
  return search(layout, { sound: index.templates, broken: index.brokenTemplates }, use);
}

interface Known<T> {
  readonly sound: ByName<T>;
  readonly broken: ByName<BrokenDefinition>;
}

function search<T extends Owned>(
  layout: Layout,
  { sound, broken }: Known<T>,
  use: NameUse,
): Resolution<T> {
  const repositories = sound.get(use.name);
  const faulty = broken.get(use.name);
  if (repositories === undefined && faulty === undefined) return { kind: 'undefined' };
  const { writtenIn, usedFor } = use;
  const near =
    lookIn(writtenIn, repositories, faulty) ??
    lookIn(layout.ownerRepository ?? '', repositories, faulty) ??
    lookIn(usedFor, repositories, faulty);
  if (near !== null) return near;
  // A repository's own `base` is for itself: others would not expect to inherit from it.
  if (builtInJobs.some((job) => job.name === use.name)) return { kind: 'undefined' };
  return searchElsewhere(repositories, faulty);
}

function lookIn<T extends Owned>(
  repository: string,
  repositories: ReadonlyMap<string, readonly T[]> | undefined,
  faulty: ReadonlyMap<string, readonly BrokenDefinition[]> | undefined,
): Resolution<T> | null {
  const key = repository.toLowerCase();
  const fault = faulty?.get(key)?.[0];
  if (fault !== undefined) return { kind: 'broken', place: fault.place };
  const definitions = repositories?.get(key);
  return definitions === undefined ? null : { kind: 'found', definitions };
}

function searchElsewhere<T extends Owned>(
  repositories: ReadonlyMap<string, readonly T[]> | undefined,
  faulty: ReadonlyMap<string, readonly BrokenDefinition[]> | undefined,
): Resolution<T> {
  const keys = new Set([...(repositories?.keys() ?? []), ...(faulty?.keys() ?? [])]);
  const definitions = [...(repositories?.values() ?? [])];
  const faults = [...(faulty?.values() ?? [])];
  if (keys.size > 1) {
    const first = [...definitions, ...faults].map((list) => list[0]?.place.repository ?? '');
    return { kind: 'ambiguous', repositories: [...new Set(first)].sort() };
  }
  const fault = faults[0]?.[0];
  if (fault !== undefined) return { kind: 'broken', place: fault.place };
  const [only] = definitions;
  return only === undefined ? { kind: 'undefined' } : { kind: 'found', definitions: only };
}

/** Names of all jobs, for suggestions. */
export function jobNames(layout: Layout): readonly string[] {
  return [...indexOf(layout).jobs.keys(), ...builtInJobs.map((job) => job.name)];
}

/** Names of all templates, for suggestions. */
export function templateNames(layout: Layout): readonly string[] {
  return [...indexOf(layout).templates.keys()];
}

/**
 * The pipelines that a repository has: built-in ones, the owner's, its own. One of the same name
 * takes the place of an earlier one and stands where that stood.
 */
export function pipelinesFor(layout: Layout, repository: string): readonly PipelineDefinition[] {
  const pipelines = new Map<string, PipelineDefinition>();
  const owner = layout.ownerRepository ?? '';
  const isOwnerUnreadable = layout.broken.some(
    ({ type, place }) => type === 'file' && isSameName(place.repository, owner),
  );
  for (const { scope, definition } of inOrder(layout.pipelines)) {
    // A file of the owner's that cannot be read might hold the owner's own gate: the built-in one
    // must not merge by other rules meanwhile.
    if (scope.kind === 'built-in' && definition.isPostReview && isOwnerUnreadable) continue;
    const isForIt = scope.kind !== 'repository' || isSameName(scope.repository, repository);
    if (isForIt) pipelines.set(definition.name, definition);
  }
  for (const { name, place } of brokenPipelines(layout, repository)) {
    // What a broken definition would say is unknown; the one it replaces must not act for it.
    const isOwners = isSameName(place.repository, owner);
    const isTaken = layout.pipelines.some(
      ({ scope, definition }) => scope.kind === 'owner' && definition.name === name,
    );
    if (isOwners || !isTaken) pipelines.delete(name);
  }
  return [...pipelines.values()];
}

/** Pipelines with errors that would be the repository's. */
export function brokenPipelines(layout: Layout, repository: string): readonly BrokenDefinition[] {
  return layout.broken.filter(
    ({ type, place }) =>
      type === 'pipeline' &&
      (isSameName(place.repository, layout.ownerRepository ?? '') ||
        isSameName(place.repository, repository)),
  );
}

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function inOrder(pipelines: readonly ScopedPipeline[]): readonly ScopedPipeline[] {
  const ranks = { 'built-in': 0, owner: 1, repository: 2 };
  return [...pipelines].sort((a, b) => ranks[a.scope.kind] - ranks[b.scope.kind]);
}

/**
 * What a name means where it stands. A name is looked for in the repository where it is written,
 * then in the owner's configuration repository, then in the repository it is used for (so that an
 * owner's template can name a job that every repository defines for itself, while no repository
 * can replace what the owner's configuration defines and names), then in one other repository of
 * the tenant, then among the built-in ones.
 */
import type { JobDefinition, Layout, ScopedPipeline, TemplateDefinition } from '../definitions.ts';
import type { PipelineDefinition } from '../layout.ts';
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
}

/** What a name was found to be. */
export type Resolution<T> =
  | { readonly kind: 'found'; readonly definitions: readonly T[] }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'ambiguous'; readonly repositories: readonly string[] };

// An index is a pure function of its layout; the map only spares making it again.
const indexes = new WeakMap<Layout, LayoutIndex>();

/** The index of a layout. */
export function indexOf(layout: Layout): LayoutIndex {
  const known = indexes.get(layout);
  if (known !== undefined) return known;
  const index = { jobs: byName(layout.jobs), templates: byName(layout.templates) };
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
  const found = search(layout, indexOf(layout).jobs, use);
  if (found.kind === 'found') return found;
  const builtIn = builtInJobs.filter((job) => job.name === use.name);
  if (builtIn.length > 0) return { kind: 'found', definitions: builtIn };
  return found;
}

/** The definitions of a template, which are merged in order. */
export function resolveTemplate(layout: Layout, use: NameUse): Resolution<TemplateDefinition> {
  return search(layout, indexOf(layout).templates, use);
}

function search<T extends Owned>(layout: Layout, names: ByName<T>, use: NameUse): Resolution<T> {
  const repositories = names.get(use.name);
  if (repositories === undefined) return { kind: 'undefined' };
  for (const near of [use.writtenIn, layout.ownerRepository, use.usedFor]) {
    const definitions = near === null ? undefined : repositories.get(near.toLowerCase());
    if (definitions !== undefined) return { kind: 'found', definitions };
  }
  // A repository's own `base` is for itself: others would not expect to inherit from it.
  if (builtInJobs.some((job) => job.name === use.name)) return { kind: 'undefined' };
  const others = [...repositories.values()];
  const [only] = others;
  if (others.length === 1 && only !== undefined) return { kind: 'found', definitions: only };
  const named = others.map((definitions) => definitions[0]?.place.repository ?? '').sort();
  return { kind: 'ambiguous', repositories: named };
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
  for (const { scope, definition } of inOrder(layout.pipelines)) {
    const isForIt =
      scope.kind !== 'repository' || scope.repository.toLowerCase() === repository.toLowerCase();
    if (isForIt) pipelines.set(definition.name, definition);
  }
  return [...pipelines.values()];
}

function inOrder(pipelines: readonly ScopedPipeline[]): readonly ScopedPipeline[] {
  const ranks = { 'built-in': 0, owner: 1, repository: 2 };
  return [...pipelines].sort((a, b) => ranks[a.scope.kind] - ranks[b.scope.kind]);
}

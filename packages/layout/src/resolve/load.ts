/** Sources → layout: every file read, every name in its place, every problem told. */
import type { ConfigurationProblem } from '@gatehouse/model';
import { builtInPipelines } from '../defaults.ts';
import type { LayoutOptions } from '../define/context.ts';
import { type Definitions, emptyDefinitions, type FileReading, readFile } from '../define/file.ts';
import type { Layout, PipelineScope, Pragma, ScopedPipeline } from '../definitions.ts';
import type { LayoutSource, PipelineDefinition, SourcePlace } from '../layout.ts';
import { elaborateCharactersMax, sourceFilesMax } from '../limits.ts';
import { type ProblemText, placeText, problemAt } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { checkReferences } from './check.ts';
import { type Pragmas, withImpliedBranches } from './implied.ts';

/** A layout with the problems found on the way. What is sound is in the layout regardless. */
export interface LoadedLayout {
  readonly layout: Layout;
  readonly problems: readonly ConfigurationProblem[];
}

/**
 * Reads a layout. Never throws on account of what the files hold. Problems come in the order of
 * the sources, files and lines; those of references between files come last.
 */
export function loadLayout(
  given: readonly LayoutSource[],
  options: LayoutOptions = {},
): LoadedLayout {
  const problems: ConfigurationProblem[] = [];
  const sources = given.map((source) => asOwners(given, source));
  const readings = sources.map((source) => readSource(source, options));
  for (const reading of readings) problems.push(...reading.problems);
  const owner = sources.find((source) => source.role === 'owner');
  const merged = mergeAll(sources, readings);
  const pipelines = scopePipelines(sources, merged.pipelines, problems);
  const layout: Layout = {
    ownerRepository: owner?.repository ?? null,
    pipelines,
    jobs: merged.jobs,
    projects: merged.projects,
    templates: merged.templates,
    queues: unique('queue', merged.queues, problems),
    semaphores: unique('semaphore', merged.semaphores, problems),
    secrets: uniqueInRepository('secret', merged.secrets, problems),
    nodesets: uniqueInRepository('nodeset', merged.nodesets, problems),
    broken: merged.broken,
  };
  const unresolved = checkReferences(layout, proposedPipelines(sources, readings));
  return { layout, problems: [...problems, ...unresolved] };
}

/** Not in the layout before they are merged; but to use them is no mistake. */
function proposedPipelines(
  sources: readonly LayoutSource[],
  readings: readonly SourceReading[],
): readonly string[] {
  const proposed = readings.filter((_, at) => sources[at]?.isProposed === true);
  return proposed.flatMap(({ definitions }) => definitions.pipelines.map(({ name }) => name));
}

/**
 * The owner's configuration repository may come a second time, as the repository that a change is
 * about: what it holds there is validated as the owner's, and not used beside the first.
 */
function asOwners(sources: readonly LayoutSource[], source: LayoutSource): LayoutSource {
  if (source.role === 'owner') return source;
  const isOwners = sources.some((other) => other.role === 'owner' && isSame(other, source));
  return isOwners ? { ...source, role: 'owner', isProposed: true } : source;
}

/** What the files of a source hold. */
interface SourceReading extends Pick<FileReading, 'definitions' | 'problems'> {
  readonly pragmas: Pragmas;
}

function readSource(source: LayoutSource, options: LayoutOptions): SourceReading {
  const definitions = emptyDefinitions();
  const problems: ConfigurationProblem[] = [];
  const pragmas = new Map<string, Pragma>();
  if (source.files.length > sourceFilesMax) {
    const path = source.files[sourceFilesMax]?.path ?? '';
    const place = { repository: source.repository, branch: source.branch, path, line: 1 };
    const text = wording.tooManyFiles(source.files.length, sourceFilesMax);
    problems.push({ ...problemAt(text, place), range: null });
    definitions.broken.push({ type: 'file', name: path, place });
  }
  const files = [...source.files].sort((a, b) => compare(a.path, b.path));
  let elaborateLeft = elaborateCharactersMax;
  for (const file of files.slice(0, sourceFilesMax)) {
    const reading = remembered(source, file, { ...options, elaborateLeft });
    elaborateLeft -= reading.elaborateCharacters;
    append(definitions, reading.definitions);
    problems.push(...reading.problems);
    if (reading.pragma !== null) pragmas.set(file.path, reading.pragma);
  }
  return { definitions, problems, pragmas };
}

interface Remembered {
  readonly key: string;
  readonly reading: FileReading;
}

// Reading a file is pure; a file object that comes again, unchanged as all data here, is not read
// again. That is what makes a reload after one changed file cheap.
const readings = new WeakMap<object, Remembered>();

function remembered(
  source: LayoutSource,
  file: LayoutSource['files'][number],
  { elaborateLeft, ...options }: LayoutOptions & { readonly elaborateLeft: number },
): FileReading {
  const { repository, branch, role } = source;
  // What is left matters only to a file for which it may not be enough.
  const left = Math.min(elaborateLeft, file.text.length);
  const key = JSON.stringify([repository, branch, role, options, left]);
  const known = readings.get(file);
  if (known?.key === key) return known.reading;
  const reading = readFile(source, file, { ...options, elaborateLeft: left });
  readings.set(file, { key, reading });
  return reading;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

type Drafts = ReturnType<typeof emptyDefinitions>;

function append(to: Drafts, from: Definitions): void {
  to.pipelines.push(...from.pipelines);
  to.jobs.push(...from.jobs);
  to.projects.push(...from.projects);
  to.templates.push(...from.templates);
  to.queues.push(...from.queues);
  to.semaphores.push(...from.semaphores);
  to.secrets.push(...from.secrets);
  to.nodesets.push(...from.nodesets);
  to.broken.push(...from.broken);
}

interface Merged extends Omit<Definitions, 'pipelines'> {
  readonly pipelines: readonly { source: LayoutSource; definition: PipelineDefinition }[];
}

/**
 * Takes from each source what it may supply. A proposed source of an ordinary repository replaces
 * the jobs, stanzas, templates and semaphores of the source it proposes to change, and nothing
 * else; its stanzas keep the queue and merge mode that stand on the branch.
 */
function mergeAll(sources: readonly LayoutSource[], readings: readonly SourceReading[]): Merged {
  const all = emptyDefinitions();
  const pipelines: { source: LayoutSource; definition: PipelineDefinition }[] = [];
  sources.forEach((source, at) => {
    const reading = readings[at];
    const own = reading?.definitions;
    if (own === undefined || (source.isProposed === true && source.role === 'owner')) return;
    const proposedAt = source.isProposed === true ? -1 : proposalFor(sources, source);
    const proposed = readings[proposedAt]?.definitions;
    if (source.isProposed === true) return;
    const changing = proposed ?? own;
    const pragmas = (readings[proposedAt] ?? reading)?.pragmas ?? new Map();
    const projects = proposed === undefined ? own.projects : keepMergeSettings(own, proposed);
    append(all, {
      ...own,
      pipelines: [],
      ...withImpliedBranches(sources, {
        source,
        definitions: { ...changing, projects },
        pragmas,
      }),
      semaphores: changing.semaphores,
      broken: (proposed === undefined ? own.broken : brokenWith(own, proposed)).filter(
        ({ type }) => type !== 'pipeline' || isDefaultBranch(sources, source),
      ),
    });
    for (const definition of own.pipelines) pipelines.push({ source, definition });
  });
  return { ...all, pipelines };
}

/** Of the branch, what a proposal cannot supply; of the proposal, the rest. */
function brokenWith(own: Definitions, proposed: Definitions) {
  return [
    ...own.broken.filter(({ type }) => !proposable.includes(type) && type !== 'file'),
    ...proposed.broken.filter(({ type }) => proposable.includes(type) || type === 'file'),
  ];
}

const proposable: readonly string[] = ['job', 'project', 'project-template', 'semaphore'];

function proposalFor(sources: readonly LayoutSource[], source: LayoutSource): number {
  if (source.role === 'owner') return -1;
  return sources.findIndex(
    (other) => other.isProposed === true && isSame(other, source) && other.branch === source.branch,
  );
}

function isSame(a: LayoutSource, b: LayoutSource): boolean {
  return a.repository.toLowerCase() === b.repository.toLowerCase();
}

function keepMergeSettings(own: Definitions, proposed: Definitions) {
  const queue = own.projects.find((project) => project.queue !== null)?.queue ?? null;
  const mergeMode = own.projects.find((project) => project.mergeMode !== null)?.mergeMode ?? null;
  return proposed.projects.map((project) => ({ ...project, queue, mergeMode }));
}

function isDefaultBranch(sources: readonly LayoutSource[], source: LayoutSource): boolean {
  const first = sources.find((other) => isSame(other, source) && other.isProposed !== true);
  return source.isDefaultBranch ?? first === source;
}

function scopePipelines(
  sources: readonly LayoutSource[],
  found: Merged['pipelines'],
  problems: ConfigurationProblem[],
): readonly ScopedPipeline[] {
  const pipelines: ScopedPipeline[] = builtInPipelines().map((definition) => ({
    scope: { kind: 'built-in' },
    definition,
  }));
  const owners = new Map<string, PipelineDefinition>();
  const seen = new Map<string, PipelineDefinition>();
  const refuse = (definition: PipelineDefinition, text: ProblemText) =>
    problems.push(problemAt(text, definition.place));
  for (const { source, definition } of byRole(found)) {
    const scope = scopeOf(source);
    const key = JSON.stringify([scope, definition.name]);
    const earlier = seen.get(key);
    if (source.role !== 'owner' && owners.has(definition.name)) {
      refuse(definition, wording.pipelineTaken(definition.name));
    } else if (source.role !== 'owner' && !isDefaultBranch(sources, source)) {
      refuse(definition, wording.pipelineNotOnBranch(definition.name));
    } else if (earlier !== undefined) {
      const where = placeText(earlier.place);
      refuse(definition, wording.duplicateName('pipeline', definition.name, where));
    } else {
      seen.set(key, definition);
      if (source.role === 'owner') owners.set(definition.name, definition);
      pipelines.push({ scope, definition });
    }
  }
  return pipelines;
}

function byRole(found: Merged['pipelines']): Merged['pipelines'] {
  return [
    ...found.filter(({ source }) => source.role === 'owner'),
    ...found.filter(({ source }) => source.role !== 'owner'),
  ];
}

function scopeOf(source: LayoutSource): PipelineScope {
  if (source.role === 'owner') return { kind: 'owner' };
  return { kind: 'repository', repository: source.repository };
}

interface Named {
  readonly name: string;
  readonly place: SourcePlace;
}

/** The first of each name; an identical one on another branch is the same, others are errors. */
function unique<T extends Named>(
  type: string,
  definitions: readonly T[],
  problems: ConfigurationProblem[],
): readonly T[] {
  return firstOfEach(type, { definitions, problems, keyOf: ({ name }) => name });
}

function uniqueInRepository<T extends Named>(
  type: string,
  definitions: readonly T[],
  problems: ConfigurationProblem[],
): readonly T[] {
  const keyOf = ({ name, place }: T) => JSON.stringify([place.repository.toLowerCase(), name]);
  return firstOfEach(type, { definitions, problems, keyOf });
}

interface Uniqueness<T> {
  readonly definitions: readonly T[];
  readonly problems: ConfigurationProblem[];
  readonly keyOf: (definition: T) => string;
}

function firstOfEach<T extends Named>(type: string, given: Uniqueness<T>): readonly T[] {
  const first = new Map<string, T>();
  for (const definition of given.definitions) {
    const key = given.keyOf(definition);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, definition);
    else if (!isSameElsewhere(earlier, definition)) {
      const text = wording.duplicateName(type, definition.name, placeText(earlier.place));
      given.problems.push(problemAt(text, definition.place));
    }
  }
  return [...first.values()];
}

function isSameElsewhere(a: Named, b: Named): boolean {
  const isOtherBranch =
    a.place.repository === b.place.repository && a.place.branch !== b.place.branch;
  const content = ({ place, ...rest }: Named) => JSON.stringify([place.repository, rest]);
  return isOtherBranch && content(a) === content(b);
}

/** One file → its definitions, and every problem of it in one pass. */
import type { ConfigurationProblem } from '@gatehouse/model';
import type {
  BrokenDefinition,
  JobDefinition,
  NamedDefinition,
  Pragma,
  ProjectDefinition,
  QueueDefinition,
  SemaphoreDefinition,
  TemplateDefinition,
} from '../definitions.ts';
import type { LayoutSource, PipelineDefinition } from '../layout.ts';
import { fileProblemsMax } from '../limits.ts';
import { type LocalProblem, locate } from '../problems.ts';
import { foundOf } from '../schema/shapes.ts';
import { wording } from '../wording/wording.ts';
import { type DocumentItem, readDocument } from '../yaml/document.ts';
import { linesOf, rangeOf } from '../yaml/lines.ts';
import { entryOf, type Located } from '../yaml/located.ts';
import {
  type FileContext,
  type ItemContext,
  isBroken,
  type LayoutOptions,
  placeOf,
} from './context.ts';
import { readJob } from './job.ts';
import { readNodeset } from './nodeset.ts';
import { readPipeline } from './pipeline.ts';
import { readProject, readTemplate } from './project.ts';
import { readPragma, readQueue, readSecret, readSemaphore } from './small.ts';
import { checkTags } from './tags.ts';

/** What a file defines. */
export interface Definitions {
  readonly pipelines: readonly PipelineDefinition[];
  readonly jobs: readonly JobDefinition[];
  readonly projects: readonly ProjectDefinition[];
  readonly templates: readonly TemplateDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly semaphores: readonly SemaphoreDefinition[];
  readonly secrets: readonly NamedDefinition[];
  readonly nodesets: readonly NamedDefinition[];
  readonly broken: readonly BrokenDefinition[];
}

/** A file after reading. Sound items are there even when others have errors. */
export interface FileReading {
  readonly definitions: Definitions;
  readonly problems: readonly ConfigurationProblem[];
  /** What the file says about its own jobs and templates; null: nothing. */
  readonly pragma: Pragma | null;
  /** Characters that took long to read; 0 for plain YAML. */
  readonly elaborateCharacters: number;
}

/** How a file is read. */
export interface FileOptions extends LayoutOptions {
  /** Characters that may still take long; absent: as many as one source may have. */
  readonly elaborateLeft?: number;
}

type Drafts = { -readonly [Kind in keyof Definitions]: Definitions[Kind][number][] };

/** Types of items that Zuul's node launcher uses; accepted without effect. */
export const launcherTypes = ['flavor', 'image', 'label', 'provider', 'section'] as const;

/** Reads a file of a source. */
export function readFile(
  source: LayoutSource,
  file: LayoutSource['files'][number],
  options: FileOptions,
): FileReading {
  // A byte order mark is no part of the text, nor of its columns.
  const text = file.text.startsWith('\ufeff') ? file.text.slice(1) : file.text;
  const reading = readDocument(text, options.elaborateLeft);
  const context: FileContext = {
    source,
    path: file.path,
    lines: linesOf(text),
    options,
  };
  const reads: Reads = { drafts: emptyDefinitions(), pragmas: [] };
  const problems = [...reading.problems];
  for (const item of reading.items) problems.push(...readItem(context, item, reads));
  if (reading.problems.length > 0) reads.drafts.broken.push(unreadable(context));
  return {
    definitions: reads.drafts,
    problems: published(context, problems),
    pragma: joined(reads.pragmas),
    elaborateCharacters: reading.elaborateCharacters,
  };
}

/** No definitions, ready to be added to. */
export function emptyDefinitions(): Drafts {
  return {
    pipelines: [],
    jobs: [],
    projects: [],
    templates: [],
    queues: [],
    semaphores: [],
    secrets: [],
    nodesets: [],
    broken: [],
  };
}

/** What was read of a file so far. */
interface Reads {
  readonly drafts: Drafts;
  readonly pragmas: Pragma[];
}

/** A file's pragmas as one, which holds for the whole file; of two that differ the last counts. */
function joined(pragmas: readonly Pragma[]): Pragma | null {
  return pragmas.reduce<Pragma | null>(
    (all, one) => ({
      hasImpliedBranches: one.hasImpliedBranches ?? all?.hasImpliedBranches ?? null,
      impliedBranches: one.impliedBranches ?? all?.impliedBranches ?? null,
    }),
    null,
  );
}

function readItem(file: FileContext, item: DocumentItem, reads: Reads): readonly LocalProblem[] {
  const { node } = item;
  if (node === null) return item.problems;
  if (node.kind !== 'map')
    return [...item.problems, locate(wording.itemNotMap(foundIn(file, node)), node.span)];
  const [first, ...others] = [...node.entries];
  if (first === undefined && item.problems.length > 0) return item.problems;
  if (first === undefined || others.length > 0) {
    const at = others[0]?.[1].key ?? node.span;
    return [...item.problems, locate(wording.itemKeys([...node.entries.keys()]), at)];
  }
  const [type, entry] = first;
  if (launcherTypes.some((known) => known === type)) {
    const isMap = entry.node.kind === 'map';
    const text = isMap ? wording.ignoredItem(type) : attributesMissing(file, type, entry.node);
    return [...item.problems, locate(text, isMap ? entry.key : entry.node.span)];
  }
  const context: ItemContext = {
    file,
    type,
    key: entry.key,
    node: entry.node,
    problems: [...item.problems],
  };
  readInto(reads, context);
  // What could not be read at all is there nevertheless.
  const isPartial = item.problems.some(({ level }) => level === 'error');
  return isPartial
    ? context.problems.filter(({ code }) => code !== 'missing-key')
    : context.problems;
}

function foundIn({ lines }: FileContext, node: Located): string {
  return foundOf(node, lines.text.slice(node.span.start, node.span.end));
}

/** A file that could not be read might have defined anything. */
function unreadable({ source, path }: FileContext): BrokenDefinition {
  const { repository, branch } = source;
  return { type: 'file', name: path, place: { repository, branch, path, line: 1 } };
}

type Reader = (reads: Reads, context: ItemContext) => void;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['pipeline', ({ drafts }, context) => add(drafts.pipelines, readPipeline(context), context)],
  ['job', ({ drafts }, context) => add(drafts.jobs, readJob(context), context)],
  ['project', ({ drafts }, context) => add(drafts.projects, readProject(context), context)],
  [
    'project-template',
    ({ drafts }, context) => add(drafts.templates, readTemplate(context), context),
  ],
  ['queue', ({ drafts }, context) => add(drafts.queues, readQueue(context), context)],
  ['semaphore', ({ drafts }, context) => add(drafts.semaphores, readSemaphore(context), context)],
  ['secret', ({ drafts }, context) => add(drafts.secrets, readSecret(context), context)],
  ['nodeset', ({ drafts }, context) => add(drafts.nodesets, readNodeset(context), context)],
  ['pragma', ({ pragmas }, context) => add(pragmas, readPragma(context), context)],
]);

function readInto(reads: Reads, context: ItemContext): void {
  const reader = readers.get(context.type);
  if (reader === undefined) {
    const text = wording.unknownItem(context.type, [...readers.keys(), ...launcherTypes]);
    context.problems.push(locate(text, context.key));
    return;
  }
  const filled = { ...context, node: emptyAsMap(context) };
  checkTags(filled);
  reader(reads, filled);
  if (isBroken(filled)) reads.drafts.broken.push(brokenOf(filled));
}

function attributesMissing(file: FileContext, type: string, node: Located) {
  const remedy =
    'Write its attributes as `name: value`, each on a line of its own that is indented below it.';
  const found = foundIn(file, node);
  return wording.wrongType(`\`${type}\``, { expected: 'a map', found, remedy });
}

function brokenOf(context: ItemContext): BrokenDefinition {
  const entry = entryOf(context.node, 'name');
  const name = typeof entry?.node.value === 'string' ? entry.node.value : null;
  const { repository } = context.file.source;
  return {
    type: context.type,
    name: name ?? (context.type === 'project' ? repository : ''),
    place: placeOf(context, entry?.node.span ?? context.key),
  };
}

/** `- project:` with nothing below it is a stanza without attributes. */
function emptyAsMap({ node }: ItemContext): Located {
  if (node.kind !== 'scalar' || node.value !== null) return node;
  return { kind: 'map', span: node.span, tag: null, value: {}, entries: new Map() };
}

function add<T>(drafts: T[], definition: T | null, context: ItemContext): void {
  if (definition !== null && !isBroken(context)) drafts.push(definition);
}

/** What is used through several aliases is wrong once: where it stands. */
function once(problems: readonly LocalProblem[]): LocalProblem[] {
  const known = new Set<string>();
  return problems.filter(({ code, message, span }) => {
    const key = `${span?.start} ${span?.end} ${code} ${message}`;
    return !known.has(key) && known.add(key);
  });
}

function published(
  file: FileContext,
  problems: readonly LocalProblem[],
): readonly ConfigurationProblem[] {
  const sorted = once(problems).sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  const shown = sorted.slice(0, fileProblemsMax);
  const hidden = sorted.length - shown.length;
  if (hidden > 0) shown.push(locate(wording.tooManyProblems(hidden), null));
  const { repository, branch } = file.source;
  return shown.map(({ level, code, message, remedy, span }) => ({
    level,
    code,
    message,
    remedy,
    repository,
    branch,
    path: file.path,
    range: span === null ? null : rangeOf(file.lines, span),
  }));
}

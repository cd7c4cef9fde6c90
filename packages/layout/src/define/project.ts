import type {
  JobVariant,
  ProjectDefinition,
  ProjectPipeline,
  TemplateDefinition,
} from '../definitions.ts';
import type { SourcePlace } from '../layout.ts';
import { nearest } from '../nearest.ts';
import type { ProblemText } from '../problems.ts';
import { projectPipelineSchema, projectSchema, templateSchema } from '../schema/project.ts';
import { wording } from '../wording/wording.ts';
import { type Located, type LocatedEntry, nodeUnder } from '../yaml/located.ts';
import {
  branchesOf,
  type ItemContext,
  isBroken,
  pairs,
  patternOf,
  placeOf,
  readMap,
  report,
} from './context.ts';
import { bareVariant, readVariant, varsOf } from './job.ts';

/** Reads a `project` item; null when it has an error, which is reported. */
export function readProject(context: ItemContext): ProjectDefinition | null {
  const parts = split(context);
  const input = readMap(context, projectSchema, { node: parts.own, what: 'a project' });
  const pipelines = readPipelines(context, parts.pipelines);
  noteMergeMode(context, input['merge-mode']);
  const target = targetOf(context, input.name);
  const templates = nodeUnder(context.node, 'templates');
  const definition = {
    place: placeOf(context, nodeUnder(context.node, 'name')?.span ?? context.key),
    target,
    description: input.description ?? null,
    queue: input.queue ?? null,
    queuePlace: queuePlaceOf(context),
    vars: varsOf(context, nodeUnder(context.node, 'vars'))?.value ?? {},
    pipelines,
    impliedBranches: null,
    templates: pairs<string>(input.templates, templates, context.key).map(([name, span]) => ({
      name,
      place: placeOf(context, span),
    })),
    branches: branchesOf(context, input.branches, context.node),
    defaultBranch: input['default-branch'] ?? null,
    mergeMode: input['merge-mode'] ?? null,
  };
  return isBroken(context) ? null : definition;
}

/** Reads a `project-template` item; null when it has an error, which is reported. */
export function readTemplate(context: ItemContext): TemplateDefinition | null {
  const parts = split(context);
  const what = 'a project-template';
  const input = readMap(context, templateSchema, { node: parts.own, what });
  const pipelines = readPipelines(context, parts.pipelines);
  const vars = varsOf(context, nodeUnder(context.node, 'vars'))?.value ?? {};
  if (isBroken(context) || input.name === undefined) return null;
  return {
    name: input.name,
    place: placeOf(context, nodeUnder(context.node, 'name')?.span ?? context.key),
    description: input.description ?? null,
    queue: input.queue ?? null,
    queuePlace: queuePlaceOf(context),
    vars,
    pipelines,
    impliedBranches: null,
  };
}

function queuePlaceOf(context: ItemContext): SourcePlace | null {
  const node = nodeUnder(context.node, 'queue');
  return node === null ? null : placeOf(context, node.span);
}

/** Ways to merge that GitHub offers. */
const mergeModesHere: readonly string[] = ['merge', 'squash-merge', 'rebase'];

function noteMergeMode(context: ItemContext, mode: string | undefined): void {
  if (mode === undefined || mergeModesHere.includes(mode)) return;
  const span = nodeUnder(context.node, 'merge-mode')?.span ?? context.key;
  report(context, wording.mergeModeElsewhere(mode), span);
}

interface Parts {
  readonly own: Located;
  readonly pipelines: readonly (readonly [string, LocatedEntry])[];
}

/**
 * A key that is no attribute is a pipeline, unless it holds something else than a map and looks like
 * an attribute misspelt: that is left to the schema.
 */
function split(context: ItemContext): Parts {
  const attributes = Object.keys(projectSchema.shape);
  const { node } = context;
  if (node.kind !== 'map') return { own: node, pipelines: [] };
  const entries = [...node.entries];
  const isPipeline = ([key, entry]: readonly [string, LocatedEntry]) =>
    !attributes.includes(key) && (entry.node.kind === 'map' || nearest(key, attributes) === null);
  const own = entries.filter((entry) => !isPipeline(entry));
  const value = Object.fromEntries(own.map(([key, entry]) => [key, entry.node.value]));
  return {
    own: { ...node, entries: new Map(own), value },
    pipelines: entries.filter(isPipeline),
  };
}

function readPipelines(
  context: ItemContext,
  entries: Parts['pipelines'],
): readonly ProjectPipeline[] {
  return entries.flatMap(([pipeline, { key, node }]) => {
    const obstacle = obstacleOf(pipeline, node);
    if (obstacle !== null) {
      report(context, obstacle, key);
      return [];
    }
    const what = `the pipeline \`${pipeline}\``;
    const input = readMap(context, projectPipelineSchema, { node, what });
    const jobs = readJobs(context, nodeUnder(node, 'jobs'));
    return {
      pipeline,
      place: placeOf(context, key),
      jobs,
      isDebug: input.debug ?? false,
      isFailFast: input['fail-fast'] ?? false,
    };
  });
}

/** Lists of jobs that stand one level too high: what they are meant as is plain. */
function obstacleOf(pipeline: string, node: Located): ProblemText | null {
  if (node.kind !== 'list') return null;
  return ['job', 'jobs'].includes(pipeline)
    ? wording.belowPipeline(pipeline)
    : wording.listOfJobs(pipeline);
}

function readJobs(context: ItemContext, node: Located | null): readonly JobVariant[] {
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) => {
    if (item.kind === 'scalar' && typeof item.value === 'string') {
      return [bareVariant(item.value, placeOf(context, item.span))];
    }
    if (item.kind !== 'map') return [];
    const [first, ...others] = [...item.entries];
    if (first === undefined || others.length > 0) {
      const names = [...item.entries.keys()];
      report(context, wording.jobEntryKeys(names), others[0]?.[1].key ?? item.span);
      return [];
    }
    const [name, { key, node: attributes }] = first;
    return [readVariant(context, { name, key, node: attributes })];
  });
}

/** `host/owner/name` is Zuul's canonical form; the host says nothing where all is on GitHub. */
export function bareRepository(name: string): string {
  const parts = name.split('/');
  return parts.length === 3 && parts[0]?.includes('.') === true ? parts.slice(1).join('/') : name;
}

function targetOf(context: ItemContext, name: string | undefined): ProjectDefinition['target'] {
  const { repository, role } = context.file.source;
  if (name === undefined) return { repository };
  const span = nodeUnder(context.node, 'name')?.span ?? context.key;
  if (name.startsWith('^')) {
    const pattern = patternOf(context, name, span);
    if (role !== 'owner') report(context, wording.foreignProject(name, repository), span);
    return { pattern };
  }
  const target = bareRepository(name);
  if (role !== 'owner' && target.toLowerCase() !== repository.toLowerCase()) {
    report(context, wording.foreignProject(name, repository), span);
  }
  return { repository: target };
}

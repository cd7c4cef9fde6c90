import type * as z from 'zod';
import type {
  Phase,
  PhaseReport,
  PipelineDefinition,
  Requirement,
  SourcePlace,
  TriggerFilter,
} from '../layout.ts';
import { durationMs, listOf } from '../schema/common.ts';
import { type PipelineInput, pipelineSchema } from '../schema/pipeline.ts';
import { reporterSchema } from '../schema/reporter.ts';
import { requirementSchema } from '../schema/requirement.ts';
import { triggerSchema } from '../schema/trigger.ts';
import { wording } from '../wording/wording.ts';
import { entryOf, type Located, nodeUnder } from '../yaml/located.ts';
import { type ItemContext, isBroken, pairs, placeOf, readMap, report } from './context.ts';
import { readReporter } from './reporter.ts';
import { readRequirement } from './requirement.ts';
import { checkTimer, checkZuulTrigger } from './timer.ts';
import { readTrigger } from './trigger.ts';

/** Managers that this version runs; a pipeline with another one says that it has no effect yet. */
const workingManagers: readonly string[] = ['independent'];

const windowDefault = 20;
const windowFloorDefault = 3;
const progressIntervalDefaultMs = 10_000;

/** Reads a `pipeline` item; null when it has an error, which is reported. */
export function readPipeline(context: ItemContext): PipelineDefinition | null {
  const { node } = context;
  const input = readMap(context, pipelineSchema, { node, what: 'a pipeline' });
  const triggers = readTriggers(context);
  const require = readRequirements(context, 'require');
  const reject = readRequirements(context, 'reject');
  const reports = readReports(context);
  const window = windowOf(context, input);
  noteManager(context, input);
  const { name, manager } = input;
  if (isBroken(context) || name === undefined || manager === undefined) return null;
  return {
    name,
    place: placeOf(context, nodeUnder(node, 'name')?.span ?? context.key),
    manager,
    description: input.description ?? null,
    triggers,
    require,
    reject,
    reports,
    messages: messagesOf(input),
    supercedes: listOf(input.supercedes),
    supercedesPlaces: supercedesPlaces(context, input),
    precedence: input.precedence ?? 'normal',
    isPostReview: input['post-review'] ?? false,
    isDequeuedOnNewHead: input['dequeue-on-new-patchset'] ?? true,
    showsUnmet: input.unmet === 'action_required',
    annotationsMax: input['annotations-max'] ?? 500,
    progressIntervalMs: intervalMs(input['progress-interval']),
    window,
  };
}

function supercedesPlaces(
  context: ItemContext,
  { supercedes }: Partial<PipelineInput>,
): readonly SourcePlace[] {
  const node = nodeUnder(context.node, 'supercedes');
  return pairs<string>(supercedes, node, context.key).map(([, span]) => placeOf(context, span));
}

function noteManager(context: ItemContext, input: Partial<PipelineInput>): void {
  const entry = entryOf(context.node, 'manager');
  const { manager } = input;
  if (entry === null || manager === undefined || workingManagers.includes(manager)) return;
  report(context, wording.noEffectYet(`manager: ${manager}`), entry.node.span);
}

/** True for connections that are GitHub. */
function isGithub(context: ItemContext, connection: string): boolean {
  const further = context.file.options.githubConnections ?? [];
  return connection === 'github' || connection === 'github.com' || further.includes(connection);
}

function readTriggers(context: ItemContext): readonly TriggerFilter[] {
  const triggers = nodeUnder(context.node, 'trigger');
  if (triggers?.kind !== 'map') return [];
  return Array.from(triggers.entries).flatMap(([connection, { key, node }]) => {
    if (isGithub(context, connection)) {
      const entries = node.kind === 'list' ? node.items : [node];
      return entries.flatMap((entry) => readTrigger(context, entry));
    }
    const checkOwn = ownTriggers.get(connection);
    if (checkOwn !== undefined) {
      report(context, wording.noEffectYet(`trigger: ${connection}`), key);
      for (const entry of node.kind === 'list' ? node.items : [node]) checkOwn(context, entry);
      return [];
    }
    const isMisplaced = isAttributeOf(triggerSchema, connection, node);
    report(
      context,
      isMisplaced
        ? wording.belowConnection(connection, 'trigger')
        : wording.otherConnection('trigger', connection),
      key,
    );
    return [];
  });
}

/** Triggers that every service has, beside those of its connections. */
const ownTriggers: ReadonlyMap<string, typeof checkTimer> = new Map([
  ['timer', checkTimer],
  ['zuul', checkZuulTrigger],
]);

/** True where an attribute stands instead of a connection; what a connection holds is a map. */
function isAttributeOf(schema: z.ZodObject, name: string, node: Located): boolean {
  const isMap = node.kind === 'list' ? node.items.some(({ kind }) => kind === 'map') : null;
  const isLikeConnection = node.kind === 'map' || node.value === null || isMap === true;
  const isReview = name === 'review' && node.kind === 'list';
  return Object.hasOwn(schema.shape, name) && (!isLikeConnection || isReview);
}

function readRequirements(context: ItemContext, kind: 'require' | 'reject'): Requirement | null {
  const requirements = nodeUnder(context.node, kind);
  if (requirements?.kind !== 'map') return null;
  let result: Requirement | null = null;
  for (const [connection, { key, node }] of requirements.entries) {
    if (isGithub(context, connection)) {
      result = readRequirement(context, node, `${kind}.${connection}`);
    } else {
      const isMisplaced = isAttributeOf(requirementSchema, connection, node);
      const text = isMisplaced
        ? wording.belowConnection(connection, kind)
        : wording.otherConnection(kind, connection);
      report(context, text, key);
    }
  }
  return result;
}

const phases: readonly (readonly [string, Phase])[] = [
  ['enqueue', 'enqueue'],
  ['start', 'start'],
  ['success', 'success'],
  ['failure', 'failure'],
  ['merge-failure', 'merge-conflict'],
  ['merge-conflict', 'merge-conflict'],
  ['config-error', 'config-error'],
  ['no-jobs', 'no-jobs'],
  ['disabled', 'disabled'],
  ['dequeue', 'dequeue'],
];

function readReports(context: ItemContext): PipelineDefinition['reports'] {
  const reports: Partial<Record<Phase, PhaseReport>> = {};
  for (const [key, phase] of phases) {
    const entry = entryOf(context.node, key);
    if (entry === null) continue;
    if (key === 'merge-failure') {
      report(context, wording.deprecated(key, 'Write `merge-conflict`.'), entry.key);
    }
    const result = readPhase(context, entry.node, key);
    if (result !== null) reports[phase] = result;
  }
  const old = entryOf(context.node, 'merge-failure-message');
  if (old !== null) {
    const instead = 'Write `merge-conflict-message`.';
    report(context, wording.deprecated('merge-failure-message', instead), old.key);
  }
  return reports;
}

function readPhase(context: ItemContext, reporters: Located, phase: string): PhaseReport | null {
  if (reporters.kind !== 'map') return null;
  let result: PhaseReport | null = null;
  for (const [connection, { key, node }] of reporters.entries) {
    if (isGithub(context, connection)) {
      result = readReporter(context, node, phase);
    } else {
      const isMisplaced = isAttributeOf(reporterSchema, connection, node);
      const text = isMisplaced
        ? wording.belowConnection(connection, phase)
        : wording.otherConnection('reporter', connection);
      report(context, text, key);
    }
  }
  return result;
}

function messagesOf(input: Partial<PipelineInput>): PipelineDefinition['messages'] {
  return {
    success: input['success-message'] ?? 'Build succeeded.',
    failure: input['failure-message'] ?? 'Build failed.',
    start: input['start-message'] ?? 'Starting {pipeline.name} jobs.',
    enqueue: input['enqueue-message'] ?? '',
    mergeConflict:
      input['merge-conflict-message'] ??
      input['merge-failure-message'] ??
      'This change cannot be merged with its base for testing.',
    noJobs: input['no-jobs-message'] ?? '',
    dequeue: input['dequeue-message'] ?? 'Build canceled.',
    footer: input['footer-message'] ?? '',
  };
}

function windowOf(
  context: ItemContext,
  input: Partial<PipelineInput>,
): PipelineDefinition['window'] {
  const floor = input['window-floor'] ?? Math.min(windowFloorDefault, floorFor(input));
  const ceiling = input['window-ceiling'] ?? null;
  const given = input.window;
  if (ceiling !== null && ceiling < floor) tooLow(context, 'window-ceiling', floor);
  if (given !== undefined && given !== 0 && given < floor) tooLow(context, 'window', floor);
  const size = given ?? Math.max(windowDefault, floor);
  return {
    size: given === undefined && ceiling !== null ? Math.min(size, ceiling) : size,
    floor,
    ceiling,
    increase: {
      type: input['window-increase-type'] ?? 'linear',
      factor: input['window-increase-factor'] ?? 1,
    },
    decrease: {
      type: input['window-decrease-type'] ?? 'exponential',
      factor: input['window-decrease-factor'] ?? 2,
    },
  };
}

/** An unset floor gives way to a window that was set below its default. */
function floorFor(input: Partial<PipelineInput>): number {
  return input.window === undefined || input.window === 0 ? windowDefault : input.window;
}

function tooLow(context: ItemContext, name: string, floor: number): void {
  const entry = entryOf(context.node, name);
  const value = entry?.node.value;
  const text = wording.windowBelowFloor(name, typeof value === 'number' ? value : 0, floor);
  report(context, text, entry?.node.span ?? context.key);
}

function intervalMs(interval: number | string | undefined): number {
  if (interval === undefined) return progressIntervalDefaultMs;
  return typeof interval === 'number' ? interval * 1_000 : durationMs(interval);
}

import type { NamedDefinition, QueueDefinition, SemaphoreDefinition } from '../definitions.ts';
import { wording } from '../problems.ts';
import { noteMarks, parseLocated } from '../schema/parse.ts';
import {
  nodesetSchema,
  pragmaSchema,
  queueSchema,
  secretSchema,
  semaphoreSchema,
} from '../schema/small.ts';
import { nodeUnder } from '../yaml/located.ts';
import { type ItemContext, isBroken, placeOf, report } from './context.ts';

function nameSpan(context: ItemContext) {
  return nodeUnder(context.node, 'name')?.span ?? context.key;
}

/** Reads a `queue` item. */
export function readQueue(context: ItemContext): QueueDefinition | null {
  const { value, problems } = parseLocated(queueSchema, context.node, { what: 'a queue' });
  context.problems.push(...problems, ...noteMarks(queueSchema.shape, context.node));
  if (value === null) return null;
  return {
    name: value.name,
    place: placeOf(context, nameSpan(context)),
    isPerBranch: value['per-branch'] ?? false,
    allowsCircularDependencies: value['allow-circular-dependencies'] ?? false,
  };
}

/** Reads a `semaphore` item. */
export function readSemaphore(context: ItemContext): SemaphoreDefinition | null {
  const { value, problems } = parseLocated(semaphoreSchema, context.node, { what: 'a semaphore' });
  context.problems.push(...problems);
  if (value === null) return null;
  return { name: value.name, place: placeOf(context, nameSpan(context)), max: value.max ?? 1 };
}

/** Reads a `secret` item. Its values are not kept: a layout is stored and shown. */
export function readSecret(context: ItemContext): NamedDefinition | null {
  const { value, problems } = parseLocated(secretSchema, context.node, { what: 'a secret' });
  context.problems.push(...problems);
  report(context, wording.noEffectYet('secret'), context.key);
  return value === null ? null : { name: value.name, place: placeOf(context, nameSpan(context)) };
}

/** Reads a `nodeset` item. */
export function readNodeset(context: ItemContext): NamedDefinition | null {
  const { value, problems } = parseLocated(nodesetSchema, context.node, { what: 'a nodeset' });
  context.problems.push(...problems, ...noteMarks(nodesetSchema.shape, context.node));
  if (value === null || isBroken(context)) return null;
  return { name: value.name, place: placeOf(context, nameSpan(context)) };
}

/** Reads a `pragma` item: only its form, as it has no effect yet. */
export function checkPragma(context: ItemContext): void {
  const { problems } = parseLocated(pragmaSchema, context.node, { what: 'a pragma' });
  context.problems.push(...problems, ...noteMarks(pragmaSchema.shape, context.node));
}

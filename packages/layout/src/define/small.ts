import type {
  NamedDefinition,
  Pragma,
  QueueDefinition,
  SemaphoreDefinition,
} from '../definitions.ts';
import { pragmaSchema, queueSchema, secretSchema, semaphoreSchema } from '../schema/small.ts';
import { wording } from '../wording/wording.ts';
import { entryOf, follow, nodeUnder } from '../yaml/located.ts';
import {
  branchPatternsOf,
  type ItemContext,
  isBroken,
  placeOf,
  readMap,
  report,
} from './context.ts';

function nameSpan(context: ItemContext) {
  return nodeUnder(context.node, 'name')?.span ?? context.key;
}

/** Reads a `queue` item. */
export function readQueue(context: ItemContext): QueueDefinition | null {
  const input = readMap(context, queueSchema, { node: context.node, what: 'a queue' });
  if (isBroken(context)) return null;
  return {
    name: input.name ?? '',
    place: placeOf(context, nameSpan(context)),
    isPerBranch: input['per-branch'] ?? false,
    allowsCircularDependencies: input['allow-circular-dependencies'] ?? false,
  };
}

/** Reads a `semaphore` item. */
export function readSemaphore(context: ItemContext): SemaphoreDefinition | null {
  const input = readMap(context, semaphoreSchema, { node: context.node, what: 'a semaphore' });
  if (isBroken(context)) return null;
  const place = placeOf(context, nameSpan(context));
  return { name: input.name ?? '', place, max: input.max ?? 1 };
}

/** Reads a `secret` item. Its values are not kept: a layout is stored and shown. */
export function readSecret(context: ItemContext): NamedDefinition | null {
  const input = readMap(context, secretSchema, { node: context.node, what: 'a secret' });
  report(context, wording.noEffectYet('secret'), context.key);
  checkContent(context);
  return named(context, input.name);
}

/** A secret holds data or is a token, never both. */
function checkContent(context: ItemContext): void {
  const { node } = context;
  if (node.kind !== 'map') return;
  const [data, oidc] = [entryOf(node, 'data'), entryOf(node, 'oidc')];
  if (data === null && oidc === null) {
    report(context, wording.missingKey('data', 'a secret'), follow(node, ['data']).near);
  }
  if (data !== null && oidc !== null) report(context, wording.secretTwofold(), oidc.key);
}

function named(context: ItemContext, name: string | undefined): NamedDefinition | null {
  if (isBroken(context) || name === undefined) return null;
  return { name, place: placeOf(context, nameSpan(context)) };
}

/** Reads a `pragma` item; null when it has an error. */
export function readPragma(context: ItemContext): Pragma | null {
  const { node } = context;
  const input = readMap(context, pragmaSchema, { node, what: 'a pragma' });
  const branches = input['implied-branches'];
  const patterns = branchPatternsOf(context, branches, nodeUnder(node, 'implied-branches'));
  if (isBroken(context)) return null;
  return {
    hasImpliedBranches: input['implied-branch-matchers'] ?? null,
    impliedBranches: branches === undefined ? null : patterns,
  };
}

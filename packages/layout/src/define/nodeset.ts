/** Nodesets: checked as Zuul checks them, and not used. */
import type { NamedDefinition } from '../definitions.ts';
import { nodesetSchema } from '../schema/nodeset.ts';
import { wording } from '../wording/wording.ts';
import { entryOf, type Located, nodeUnder } from '../yaml/located.ts';
import { type ItemContext, isBroken, placeOf, readMap, report } from './context.ts';

/** Reads a `nodeset` item. */
export function readNodeset(context: ItemContext): NamedDefinition | null {
  const { node } = context;
  const { name } = readMap(context, nodesetSchema, { node, what: 'a nodeset' });
  checkNodeset(context, node);
  if (isBroken(context) || name === undefined) return null;
  return { name, place: placeOf(context, nodeUnder(node, 'name')?.span ?? context.key) };
}

/** Checks what the schema of a nodeset cannot; anything but a map is left to it. */
export function checkNodeset(context: ItemContext, nodeset: Located | null): void {
  if (nodeset?.kind !== 'map') return;
  const alternatives = entryOf(nodeset, 'alternatives');
  const nodes = entryOf(nodeset, 'nodes');
  if (nodes === null && alternatives === null) {
    report(context, wording.nodesetEmpty(), nodeUnder(nodeset, 'name')?.span ?? nodeset.span);
  }
  const names = checkNodes(context, listIn(nodes?.node));
  checkGroups(context, listIn(entryOf(nodeset, 'groups')?.node), names);
  for (const alternative of listIn(alternatives?.node)) checkNodeset(context, alternative);
}

function checkNodes(context: ItemContext, nodes: readonly Located[]): readonly string[] {
  const names: string[] = [];
  for (const { value, span } of nodes.flatMap((node) => listIn(nodeUnder(node, 'name')))) {
    if (typeof value !== 'string') continue;
    if (value === 'localhost') report(context, wording.nodeNamedLocalhost(), span);
    if (names.includes(value)) report(context, wording.nodeTwice(value), span);
    names.push(value);
  }
  return names;
}

function checkGroups(
  context: ItemContext,
  groups: readonly Located[],
  nodes: readonly string[],
): void {
  const names: unknown[] = [];
  for (const group of groups) {
    const name = nodeUnder(group, 'name');
    const text = typeof name?.value === 'string' ? name.value : '';
    if (name !== null && names.includes(name.value)) {
      report(context, wording.groupTwice(text), name.span);
    }
    names.push(name?.value);
    for (const { value, span } of listIn(nodeUnder(group, 'nodes'))) {
      if (typeof value !== 'string' || nodes.includes(value)) continue;
      report(context, wording.noSuchNode(value, text, nodes), span);
    }
  }
}

/** One or several values as a list. */
function listIn(node: Located | null | undefined): readonly Located[] {
  if (node === null || node === undefined) return [];
  return node.kind === 'list' ? node.items : [node];
}

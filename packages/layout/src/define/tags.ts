/** Where the language's tags may stand. Elsewhere one is an error: it would change nothing. */
import { wording } from '../wording/wording.ts';
import type { KnownTag, Located } from '../yaml/located.ts';
import { type ItemContext, report } from './context.ts';

/** Job attributes that a child may override or inherit. */
export const controlledAttributes: readonly string[] = [
  'dependencies',
  'files',
  'irrelevant-files',
  'vars',
  'extra-vars',
  'host-vars',
  'group-vars',
  'include-vars',
  'required-projects',
  'tags',
  'provides',
  'requires',
  'failure-output',
];

const variableScopes = ['vars', 'extra-vars', 'host-vars', 'group-vars', 'data'];

/** Reports the tags that stand where they mean nothing. */
export function checkTags(context: ItemContext): void {
  walk(context, context.node, []);
}

function walk(context: ItemContext, node: Located, path: readonly string[]): void {
  if (node.tag !== null && !isAllowed(context.type, node.tag, path)) {
    report(context, wording.misplacedTag(node.tag, remedies[node.tag]), node.span);
  }
  if (node.tag === '!encrypted/pkcs1-oaep' && !isEncrypted(node)) {
    report(context, wording.badEncrypted(), node.span);
  }
  if (node.kind === 'list') for (const item of node.items) walk(context, item, path);
  if (node.kind !== 'map') return;
  for (const [key, entry] of node.entries) walk(context, entry.node, [...path, key]);
}

/** True for one text, or the chunks of a longer one. */
function isEncrypted(node: Located): boolean {
  if (node.kind !== 'list') return node.kind === 'scalar';
  return node.items.every(({ kind }) => kind === 'scalar');
}

const remedies: Readonly<Record<KnownTag, string>> = {
  '!encrypted/pkcs1-oaep': 'Encrypted values stand in the `data` of a `secret`.',
  '!unsafe': 'It is for values of `vars`.',
  '!override': `It is for the job attributes ${controlledAttributes.join(', ')}.`,
  '!inherit': `It is for the job attributes ${controlledAttributes.join(', ')}.`,
};

function isAllowed(type: string, tag: KnownTag, path: readonly string[]): boolean {
  if (tag === '!encrypted/pkcs1-oaep') return type === 'secret' && path[0] === 'data';
  if (tag === '!unsafe') return path.some((key) => variableScopes.includes(key));
  const last = path.at(-1) ?? '';
  if (!controlledAttributes.includes(last)) return false;
  if (type === 'job') return path.length === 1;
  // pipeline, `jobs`, name of the job, attribute
  return (type === 'project' || type === 'project-template') && path.length === 4;
}

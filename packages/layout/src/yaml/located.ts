/** Values of a YAML file together with the place of each in the text. */
import type { Json } from '@gatehouse/model';

/** The tags that the language knows; every other one is an error where it stands. */
export const knownTags = ['!encrypted/pkcs1-oaep', '!unsafe', '!override', '!inherit'] as const;

/** One of {@link knownTags}. */
export type KnownTag = (typeof knownTags)[number];

/** Offsets into the text; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface LocatedBase {
  readonly span: Span;
  readonly tag: KnownTag | null;
  /** The same value without places, for a schema to parse. Shared between aliases: read only. */
  readonly value: Json;
}

/** A text, number, boolean or null. */
export interface LocatedScalar extends LocatedBase {
  readonly kind: 'scalar';
}

/** A list. */
export interface LocatedList extends LocatedBase {
  readonly kind: 'list';
  readonly items: readonly Located[];
}

/** An entry of a map; `key` is where its key stands. */
export interface LocatedEntry {
  readonly key: Span;
  readonly node: Located;
}

/** A map with text keys, in the order of the text. */
export interface LocatedMap extends LocatedBase {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

/** A value with its place. */
export type Located = LocatedScalar | LocatedList | LocatedMap;

/** The entry of a map under `key`; null when `node` is no map or has no such key. */
export function entryOf(node: Located | null, key: string): LocatedEntry | null {
  return node?.kind === 'map' ? (node.entries.get(key) ?? null) : null;
}

/** The value of a map under `key`; null when there is none. */
export function nodeUnder(node: Located | null, key: string): Located | null {
  return entryOf(node, key)?.node ?? null;
}

/** What `path` leads to from `node`: the value, and the key under which it stands, if any. */
export function follow(
  node: Located,
  path: readonly PropertyKey[],
): { readonly node: Located | null; readonly near: Span; readonly key: Span | null } {
  let current: Located = node;
  let key: Span | null = null;
  for (const step of path) {
    const next: { node: Located; key: Span | null } | null = stepInto(current, step);
    if (next === null) return { node: null, near: key ?? firstOf(current), key };
    key = next.key ?? key;
    current = next.node;
  }
  return { node: current, near: current.span, key };
}

function stepInto(node: Located, step: PropertyKey) {
  if (node.kind === 'map') {
    const entry = node.entries.get(String(step));
    return entry === undefined ? null : { node: entry.node, key: entry.key };
  }
  if (node.kind === 'list' && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? null : { node: item, key: null };
  }
  return null;
}

/** Where to point for a map as a whole: at its first key, so that the place is one line. */
function firstOf(node: Located): Span {
  if (node.kind === 'map') {
    for (const entry of node.entries.values()) return entry.key;
  }
  return node.span;
}

import type { Json } from '@gatehouse/model';
import type { Located, LocatedEntry } from '../located.ts';

/** A list; `end` is exclusive. */
export function listAt(start: number, end: number, items: readonly Located[]): Located {
  const value = items.map((item) => item.value);
  return { kind: 'list', span: { start, end }, tag: null, items, value };
}

/** A map; `end` is exclusive. No key is `__proto__`, so that assigning is safe. */
export function mapAt(
  start: number,
  end: number,
  entries: ReadonlyMap<string, LocatedEntry>,
): Located {
  const value: Record<string, Json> = {};
  for (const [key, entry] of entries) value[key] = entry.node.value;
  return { kind: 'map', span: { start, end }, tag: null, entries, value };
}

/** Implicit keys end within this many characters, as the specification has it, with room. */
const keyCharactersMax = 1_000;

/** False for a key that is there already, or that means more than itself. */
export function isUsableKey(entries: ReadonlyMap<string, LocatedEntry>, key: string): boolean {
  if (key === '<<' || key === '__proto__' || key.length > keyCharactersMax) return false;
  return !entries.has(key);
}

import type { Json, JsonObject } from '@gatehouse/model';

/**
 * `over` laid over `under`: maps are merged at every level, everything else is replaced. Entries
 * are defined, never assigned, so that no key can reach a prototype.
 */
export function mergeDeeply(under: JsonObject, over: JsonObject): JsonObject {
  const entries = new Map<string, Json>(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const below = entries.get(key);
    const isBothMaps = isMap(below) && isMap(value);
    entries.set(key, isBothMaps ? mergeDeeply(below, value) : value);
  }
  return Object.fromEntries(entries);
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

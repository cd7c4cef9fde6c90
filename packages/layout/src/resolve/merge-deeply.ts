import type { Json, JsonObject } from '@gatehouse/model';

/**
 * `over` laid over `under`: maps are merged at every level, everything else is replaced. Spreading
 * defines properties instead of assigning them, so that no key can reach a prototype.
 */
export function mergeDeeply(under: JsonObject, over: JsonObject): JsonObject {
  const keys = Object.keys(over);
  if (keys.length === 0) return under;
  const merged: { [key: string]: Json } = { ...under, ...over };
  for (const key of keys) {
    if (key === '__proto__' || !Object.hasOwn(under, key)) continue;
    const below = under[key];
    const value = over[key];
    if (isMap(below) && isMap(value)) merged[key] = mergeDeeply(below, value);
  }
  return merged;
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

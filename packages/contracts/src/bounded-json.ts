/**
 * JSON from outside within bounds. What is kept goes through stores and scripts that have limits of
 * their own, so both size and depth are checked where it comes in.
 */
import type { Json, JsonObject } from '@gatehouse/model';

/** Bytes that a job's return value may take as compact JSON. */
export const DATA_BYTES_MAX = 1_048_576;
/** Levels of nesting; recursive readers are safe far beyond it. */
export const DEPTH_MAX = 64;

/** True for an object that is no array: what `{…}` in JSON becomes. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Why `value` is out of bounds, as a clause; null when it is within them. */
export function findExcess(value: Json, bytesMax: number): string | null {
  if (isDeeperThan(value, DEPTH_MAX)) return `is nested deeper than ${DEPTH_MAX} levels`;
  const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
  return bytes > bytesMax ? `takes ${bytes} bytes; at most ${bytesMax} are kept` : null;
}

/** Walks without recursion: what it is to find out is whether recursion is safe. */
function isDeeperThan(root: Json, depthMax: number): boolean {
  let level: readonly Json[] = [root];
  for (let depth = 0; depth <= depthMax; depth += 1) {
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

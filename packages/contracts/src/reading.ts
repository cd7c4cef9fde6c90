/** How a body from outside is taken: read, or refused with every reason. */
import type { z } from 'zod';

/** A body that fits, or the reasons why it does not, each a sentence that names the place. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** More reasons help nobody to repair a body. */
const REASONS_MAX = 20;

/** Reads `body` by `schema`. */
export function readBy<Value>(schema: z.ZodType<Value>, body: unknown): Reading<Value> {
  const result = schema.safeParse(body);
  return result.success
    ? { ok: true, value: result.data }
    : { ok: false, reasons: result.error.issues.slice(0, REASONS_MAX).map(describeIssue) };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = placeOf(issue.path);
  return issue.code === 'unrecognized_keys'
    ? `${place} has unknown keys: ${issue.keys.join(', ').slice(0, 200)}`
    : `${place}: ${issue.message}`;
}

/** `body.data.zuul[0]` for a path into a body. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    const word = String(key);
    return /^[A-Za-z_]\w*$/.test(word)
      ? `${place}.${word}`
      : `${place}[${JSON.stringify(word.slice(0, 200))}]`;
  }, 'body');
}

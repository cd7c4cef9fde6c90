/**
 * Building blocks of the schemas. Each attribute carries its description, default and mark, so that
 * the reference pages, the JSON Schema and the "no effect yet" warnings all come from one place.
 */
import * as z from 'zod';

/**
 * How much of an attribute works: `core` fully; `later` is accepted and means nothing yet; `n/a`
 * is accepted and never will, for the reason given.
 */
export type Mark = 'core' | 'later' | 'n/a';

/** What {@link attribute} records of an attribute. */
export interface AttributeNotes {
  readonly description: string;
  /** `core` unless given. */
  readonly mark?: Mark;
  /** Why it has no effect; for `n/a` only. */
  readonly reason?: string;
  /** What holds when it is left out, in words or as a value. */
  readonly default?: unknown;
}

/** Adds the notes to a schema and makes it optional. */
export function attribute<T extends z.ZodType>(schema: T, notes: AttributeNotes) {
  return schema.optional().meta({ ...notes });
}

/** Adds the notes to a schema that has to be present. */
export function required<T extends z.ZodType>(schema: T, description: string) {
  return schema.meta({ description });
}

/** The notes of an attribute; every attribute of every schema has them. */
export function notesOf(schema: z.ZodType): AttributeNotes {
  const meta = schema.meta();
  const mark = meta?.mark;
  return {
    description: meta?.description ?? '',
    mark: mark === 'later' || mark === 'n/a' ? mark : 'core',
    ...(typeof meta?.reason === 'string' ? { reason: meta.reason } : {}),
    ...(meta?.default === undefined ? {} : { default: meta.default }),
  };
}

/** One value or a list of them. */
export function oneOrMany<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.array(schema)]);
}

/** A name: some text that is not empty and has no line breaks. */
export const name = z.string().min(1).max(250).regex(/^.*$/);

/** A text, or several. */
export const texts = oneOrMany(z.string());

/** A regular expression: its text, or `{regex, negate}`. */
export const pattern = z.union([
  z.string(),
  z.strictObject({
    regex: required(z.string(), 'The expression.'),
    negate: attribute(z.boolean(), { description: 'Match what does not match.', default: false }),
  }),
]);

/** The parsed form of {@link pattern}. */
export type PatternInput = z.infer<typeof pattern>;

/** A regular expression, or several of which one has to match. */
export const patterns = oneOrMany(pattern);

/** Whatever the text holds; for what is accepted without a meaning. */
export const anything = z.unknown();

/** A time span: a number and one of the units s, m, h, d, w. */
export const duration = z.string().regex(/^[0-9]{1,9}[smhdw]$/);

/** Values as a list: what {@link oneOrMany} parsed, or nothing. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T]; // Array.isArray does not narrow readonly
}

const unitsMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a {@link duration}. */
export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * (unitsMs[text.slice(-1)] ?? 0);
}

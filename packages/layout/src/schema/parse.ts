/**
 * A schema's verdict on a value, told at the place of each fault in the file: all faults at once,
 * each in our own words.
 */
import * as z from 'zod';
import { fileProblemsMax } from '../limits.ts';
import { type LocalProblem, locate, type ProblemText, quoted } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { entryOf, follow, type Located } from '../yaml/located.ts';
import { notesOf } from './common.ts';
import { formOf, foundOf, remedyFor, shapeName } from './shapes.ts';

/** The value's surroundings. */
export interface Subject {
  /** How to speak of it: `the job` in "the job has no attribute …". */
  readonly what: string;
  /** The file, to quote from. */
  readonly text: string;
  /** True: what stands there is not repeated. */
  readonly isSecret: boolean;
}

/** What of a value is sound, and every problem of the rest. */
export interface Parsed<T> {
  /** All of it when there is no problem; else the attributes that have none. */
  readonly value: Partial<T>;
  readonly problems: readonly LocalProblem[];
}

/** Parses a located value; problems carry the places of what they are about. */
export function parseLocated<S extends z.ZodObject>(
  schema: S,
  node: Located,
  subject: Subject,
): Parsed<z.infer<S>> {
  const known: (readonly string[])[] = [];
  const result = schema.safeParse(node.value, {
    // Only the schema knows which keys it has; the message carries their place in this list.
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      known.push(keysOf(issue.inst));
      return String(known.length - 1);
    },
  });
  // A strict object's output has its declared attributes and no others.
  if (result.success) return { value: result.data as Partial<z.infer<S>>, problems: [] };
  const { issues } = result.error;
  const context = { node, subject, known };
  const problems = issues.flatMap((issue) => tell(context, issue));
  return { value: salvage(schema, node, issues), problems };
}

/** The keys that a schema of a map knows, those that mean something first. */
function keysOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodObject) {
    const keys = Object.keys(schema.shape);
    const isCore = (key: string) => notesOf(schema.shape[key]).mark === 'core';
    return [...keys.filter(isCore), ...keys.filter((key) => !isCore(key))];
  }
  if (!(schema instanceof z.ZodRecord) || !(schema.keyType instanceof z.ZodEnum)) return [];
  return schema.keyType.options.map(String);
}

/** Parses again without the attributes at fault, so that the others can be looked into as well. */
function salvage<S extends z.ZodObject>(
  schema: S,
  node: Located,
  issues: readonly Issue[],
): Partial<z.infer<S>> {
  if (node.kind !== 'map') return {};
  const faulty = new Set<PropertyKey>();
  for (const issue of issues) {
    const [first] = issue.path;
    if (first !== undefined) faulty.add(first);
    else if (issue.code === 'unrecognized_keys') for (const key of issue.keys) faulty.add(key);
  }
  const sound = Array.from(node.entries, ([key, entry]) => [key, entry.node.value] as const);
  const value = Object.fromEntries(sound.filter(([key]) => !faulty.has(key)));
  const result = schema.partial().safeParse(value);
  // The same schema with every attribute optional.
  return result.success ? (result.data as Partial<z.infer<S>>) : {};
}

interface Context {
  readonly node: Located;
  readonly subject: Subject;
  readonly known: readonly (readonly string[])[];
}

type Issue = z.core.$ZodIssue;

function tell(context: Context, issue: Issue): LocalProblem[] {
  const { node, near, key } = follow(context.node, issue.path);
  if (issue.code === 'unrecognized_keys') return unknownKeys(context, issue, node);
  if (node === null && issue.path.length > 0) {
    const owner = describe(context, issue.path.slice(0, -1));
    return [locate(wording.missingKey(String(issue.path.at(-1)), owner), near)];
  }
  if (issue.code === 'invalid_union') return union(context, issue, node);
  const isInKey = issue.code === 'invalid_key';
  const at = isInKey && key !== null ? key : near;
  return [locate(faultOf(context, issue, node), at)];
}

function unknownKeys(
  context: Context,
  issue: z.core.$ZodIssueUnrecognizedKeys,
  node: Located | null,
): LocalProblem[] {
  const what = describe(context, issue.path);
  const known = context.known[Number(issue.message)] ?? [];
  // Further ones are not shown, and comparing each with every known key would take its time.
  return issue.keys.slice(0, fileProblemsMax + 1).map((key) => {
    const span = entryOf(node, key)?.key ?? node?.span ?? context.node.span;
    return locate(wording.unknownKey(key, what, known), span);
  });
}

/** Of the alternatives, tells the faults of the one that the value was meant to be. */
function union(
  context: Context,
  issue: z.core.$ZodIssueInvalidUnion,
  node: Located | null,
): LocalProblem[] {
  const meant = issue.errors.find((errors) => !errors.some(isWrongShape));
  if (meant !== undefined && meant.length > 0) {
    return meant.flatMap((inner) =>
      tell(context, { ...inner, path: [...issue.path, ...inner.path] }),
    );
  }
  const { near } = follow(context.node, issue.path);
  const words = issue.errors.flatMap((errors) => errors.flatMap(wordsOf));
  if (typeof node?.value === 'string' && words.length > 0) {
    return [locate(wording.notAllowed(describe(context, issue.path), node.value, words), near)];
  }
  const expected = [...new Set(issue.errors.flatMap((errors) => errors.flatMap(expectedOf)))];
  const name = describe(context, issue.path);
  const found = foundIn(context, node);
  const remedy = remedyFor(expected, { node, path: issue.path });
  return [
    locate(wording.wrongType(name, { expected: expected.join(' or '), found, remedy }), near),
  ];
}

function isWrongShape(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_type' || issue.code === 'invalid_value') return true;
  return (
    issue.code === 'invalid_union' && issue.errors.every((errors) => errors.some(isWrongShape))
  );
}

/** The words that an alternative allows. */
function wordsOf(issue: Issue): readonly unknown[] {
  if (issue.code === 'invalid_value' && issue.path.length === 0) return issue.values;
  if (issue.code === 'invalid_union') return issue.errors.flatMap((e) => e.flatMap(wordsOf));
  return issue.code === 'invalid_type' && issue.expected === 'boolean' ? [true, false] : [];
}

function expectedOf(issue: Issue): string[] {
  if (issue.path.length > 0) return [];
  if (issue.code === 'invalid_type') return [shapeName(issue.expected)];
  if (issue.code === 'invalid_value') return issue.values.map((value) => quoted(value));
  if (issue.code === 'invalid_union') return issue.errors.flatMap((e) => e.flatMap(expectedOf));
  return [];
}

function faultOf(context: Context, issue: Issue, node: Located | null): ProblemText {
  const name = describe(context, issue.path);
  const value = node?.value;
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(context, issue, node);
    case 'invalid_value':
      return wording.notAllowed(name, value, issue.values);
    case 'too_small':
      return wording.outOfRange(name, value, boundOf(issue.origin, 'at least', issue.minimum));
    case 'too_big':
      return wording.outOfRange(name, value, boundOf(issue.origin, 'at most', issue.maximum));
    case 'invalid_format':
      return wording.malformed(name, value, formOf(issue.pattern));
    case 'invalid_key':
      return wording.malformed(
        `a key of ${describe(context, issue.path.slice(0, -1))}`,
        issue.path.at(-1),
        'Use letters, digits and `-`.',
      );
    default:
      return wording.malformed(name, value, 'Look the attribute up in the reference.');
  }
}

function wrongType(
  context: Context,
  { path, expected }: z.core.$ZodIssueInvalidType,
  node: Located | null,
): ProblemText {
  const name = describe(context, path);
  // Every number of the language that stands alone is a whole one.
  const shape = shapeName(expected === 'number' ? 'int' : expected);
  const remedy = remedyFor([shape], { node, path });
  return wording.wrongType(name, { expected: shape, found: foundIn(context, node), remedy });
}

/** What stands there, in the letters of the file: `1.0` and `yes` are told as they are written. */
function foundIn({ subject }: Context, node: Located | null): string {
  if (node?.kind !== 'scalar') return foundOf(node, '');
  if (subject.isSecret && node.value !== null)
    return `a ${typeof node.value}`.replace('string', 'text');
  return foundOf(node, subject.text.slice(node.span.start, node.span.end));
}

function boundOf(origin: string, relation: string, bound: number | bigint): string {
  if (origin === 'string')
    return bound === 1 ? 'a text that is not empty' : `${relation} ${bound} characters`;
  if (origin === 'array') return `a list of ${relation} ${bound}`;
  return `${relation} ${bound}`;
}

/** `` `dependencies[1].name` `` for a path, the subject itself for none. */
function describe(context: Context, path: readonly PropertyKey[]): string {
  if (path.length === 0) return context.subject.what;
  const words = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return quoted(words.join('').replace(/^\./, ''));
}

/** One warning for each attribute in `node` that has no effect, yet or ever. */
export function noteMarks(shape: z.ZodRawShape, node: Located): LocalProblem[] {
  if (node.kind !== 'map') return [];
  const marked = markedIn(shape);
  const problems: LocalProblem[] = [];
  for (const [key, entry] of node.entries) {
    const text = marked.get(key);
    if (text !== undefined) problems.push(locate(text, entry.key));
  }
  return problems;
}

// What a shape says of its attributes never changes, and asking for it is what costs.
const marks = new WeakMap<z.ZodRawShape, ReadonlyMap<string, ProblemText>>();

function markedIn(shape: z.ZodRawShape): ReadonlyMap<string, ProblemText> {
  const known = marks.get(shape);
  if (known !== undefined) return known;
  const marked = new Map<string, ProblemText>();
  for (const [key, schema] of Object.entries(shape)) {
    if (!(schema instanceof z.ZodType)) continue;
    const { mark, reason } = notesOf(schema);
    if (mark === 'later') marked.set(key, wording.noEffectYet(key));
    if (mark === 'n/a') marked.set(key, wording.noEffect(key, reason ?? ''));
  }
  marks.set(shape, marked);
  return marked;
}

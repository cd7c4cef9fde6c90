/** What the readers of items share: where they are, and where they put their problems. */
import type { SourceRange } from '@gatehouse/model';
import type * as z from 'zod';
import type { LayoutSource, Pattern, SourcePlace } from '../layout.ts';
import { checkPattern } from '../patterns.ts';
import { type LocalProblem, locate, type ProblemText } from '../problems.ts';
import { listOf, type PatternInput } from '../schema/common.ts';
import { noteMarks, parseLocated } from '../schema/parse.ts';
import { wording } from '../wording/wording.ts';
import { type Lines, rangeOf } from '../yaml/lines.ts';
import { type Located, nodeUnder, type Span } from '../yaml/located.ts';

/** Settings that bear on how configuration is read. */
export interface LayoutOptions {
  /** Further names of connections that are GitHub; `github` and `github.com` always are. */
  readonly githubConnections?: readonly string[];
  /** Longest limit of a job in seconds. Default: 10800. */
  readonly jobTimeoutMaxS?: number;
  /** True: also warn of what is allowed and rarely meant, for people who ask. Default: false. */
  readonly hasHints?: boolean;
}

/** One file while it is read. */
export interface FileContext {
  readonly source: LayoutSource;
  readonly path: string;
  readonly lines: Lines;
  readonly options: LayoutOptions;
}

/** One item while it is read. Readers add to `problems`; an error there drops the item. */
export interface ItemContext {
  readonly file: FileContext;
  readonly type: string;
  /** Where the item's type stands. */
  readonly key: Span;
  /** The item's attributes. */
  readonly node: Located;
  readonly problems: LocalProblem[];
}

/** Adds a problem to the item. */
export function report(context: ItemContext, text: ProblemText, span: Span): void {
  context.problems.push(locate(text, span));
}

/** True when the item has an error so far. */
export function isBroken(context: ItemContext): boolean {
  return context.problems.some((problem) => problem.level === 'error');
}

/**
 * Reads a map by its schema: reports its faults and the attributes without effect, and gives the
 * sound attributes, so that those can be looked into even beside a fault.
 */
export function readMap<S extends z.ZodObject>(
  context: ItemContext,
  schema: S,
  { node, what }: { readonly node: Located; readonly what: string },
): Partial<z.infer<S>> {
  const { text } = context.file.lines;
  const { value, problems } = parseLocated(schema, node, {
    what,
    text,
    isSecret: context.type === 'secret',
  });
  context.problems.push(...problems, ...noteMarks(schema.shape, node));
  return value;
}

/** The place of `span` in the file. */
export function placeOf(
  context: ItemContext,
  span: Span,
): SourcePlace & { readonly range: SourceRange } {
  const { source, path, lines } = context.file;
  const range = rangeOf(lines, span);
  const { repository, branch } = source;
  return { repository, branch, path, line: range.startLine, range };
}

/** A pattern from configuration; one that cannot be used is reported at `span`. */
export function patternOf(context: ItemContext, input: PatternInput, span: Span): Pattern {
  const source = typeof input === 'string' ? input : input.regex;
  const isNegated = typeof input === 'string' ? false : (input.negate ?? false);
  const check = checkPattern(source);
  if (check.kind === 'invalid') report(context, wording.badPattern(source, check.reason), span);
  if (check.kind === 'unsupported') report(context, wording.lookAround(source), span);
  return { source, isNegated };
}

/** All patterns of an attribute that takes one or several. */
export function patternsOf(
  context: ItemContext,
  input: PatternInput | readonly PatternInput[] | undefined,
  node: Located | null,
): readonly Pattern[] {
  return pairs<PatternInput>(input, node, context.key).map(([value, span]) =>
    patternOf(context, value, span),
  );
}

/** Patterns for branches or refs; a bare name is hinted at, as it matches longer names too. */
export function branchPatternsOf(
  context: ItemContext,
  input: PatternInput | readonly PatternInput[] | undefined,
  node: Located | null,
): readonly Pattern[] {
  if (context.file.options.hasHints === true) {
    for (const [value, span] of pairs<PatternInput>(input, node, context.key)) {
      if (typeof value !== 'string' || !BARE_NAME.test(value)) continue;
      report(context, wording.matchesMore(value), span);
    }
  }
  return patternsOf(context, input, node);
}

/** Patterns of `branches`: those of an empty list match every branch, as Zuul reads it. */
export function branchesOf(
  context: ItemContext,
  input: PatternInput | readonly PatternInput[] | undefined,
  node: Located | null,
): readonly Pattern[] | null {
  if (input === undefined) return null;
  const patterns = branchPatternsOf(context, input, nodeUnder(node, 'branches'));
  return patterns.length > 0 || isBroken(context) ? patterns : [{ source: '', isNegated: false }];
}

/** A name that nobody writes to match a family of them, as one would with an end like `v` or `/`. */
const BARE_NAME = /^(?!refs\/tags\/)[\w./-]*[A-Za-z0-9]{2}$/;

/** Each of one or several values with its own place. */
export function pairs<T>(
  input: T | readonly T[] | undefined,
  node: Located | null,
  fallback: Span,
): readonly (readonly [T, Span])[] {
  if (input === undefined) return [];
  return listOf(input).map((value, at) => {
    const own = node?.kind === 'list' ? node.items[at] : node;
    return [value, own?.span ?? node?.span ?? fallback] as const;
  });
}

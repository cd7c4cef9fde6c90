import type { PhaseReport } from '../layout.ts';
import { listOf } from '../schema/common.ts';
import { noteMarks, parseLocated } from '../schema/parse.ts';
import { reporterSchema } from '../schema/reporter.ts';
import type { Located } from '../yaml/located.ts';
import type { ItemContext } from './context.ts';

/** Reads `github` of one phase; null when it has an error, which is reported. */
export function readReporter(
  context: ItemContext,
  node: Located,
  phase: string,
): PhaseReport | null {
  const isEmpty = node.kind === 'scalar' && node.value === null;
  const located: Located = isEmpty
    ? { kind: 'map', span: node.span, tag: null, value: {}, entries: new Map() }
    : node;
  const parsed = parseLocated(reporterSchema, located, { what: `the reporter of \`${phase}\`` });
  context.problems.push(...parsed.problems, ...noteMarks(reporterSchema.shape, located));
  const input = parsed.value;
  if (input === null) return null;
  const { check = null, status = null } = input;
  const isMap = check !== null && typeof check !== 'string';
  return {
    check: isMap ? check.conclusion : check,
    checkActions: isMap ? (check.actions ?? null) : null,
    status,
    comment: input.comment ?? (check === null && status === null),
    labelsAdded: listOf(input.label),
    labelsRemoved: listOf(input.unlabel),
    review: input.review ?? null,
    reviewBody: input['review-body'] ?? null,
    isMerging: input.merge ?? false,
  };
}

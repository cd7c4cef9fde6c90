import type { PhaseReport } from '../layout.ts';
import { listOf } from '../schema/common.ts';
import { reporterSchema } from '../schema/reporter.ts';
import type { Located } from '../yaml/located.ts';
import { type ItemContext, readMap } from './context.ts';

/** Reads `github` of one phase; faults are reported. */
export function readReporter(context: ItemContext, node: Located, phase: string): PhaseReport {
  const isEmpty = node.kind === 'scalar' && node.value === null;
  const located: Located = isEmpty
    ? { kind: 'map', span: node.span, tag: null, value: {}, entries: new Map() }
    : node;
  const input = readMap(context, reporterSchema, {
    node: located,
    what: `the reporter of \`${phase}\``,
  });
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

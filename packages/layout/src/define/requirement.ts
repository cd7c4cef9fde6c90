import type { Requirement } from '../layout.ts';
import { durationMs, listOf } from '../schema/common.ts';
import { noteMarks } from '../schema/parse.ts';
import { type RequirementInput, requirementSchema, reviewSchema } from '../schema/requirement.ts';
import { type Located, nodeUnder } from '../yaml/located.ts';
import { type ItemContext, patternOf, patternsOf, readMap } from './context.ts';

/** Reads `require.github` or `reject.github`; faults are reported. */
export function readRequirement(context: ItemContext, node: Located, what: string): Requirement {
  const input = readMap(context, requirementSchema, { node, what: `\`${what}\`` });
  return requirementOf(context, input, node);
}

/** A requirement from its parsed form. */
export function requirementOf(
  context: ItemContext,
  input: Partial<RequirementInput>,
  node: Located,
): Requirement {
  const reviews = nodeUnder(node, 'review');
  return {
    isOpen: input.open ?? null,
    isMerged: input.merged ?? null,
    isDraft: input.draft ?? null,
    isCurrentHead: input['current-patchset'] ?? null,
    hasTrustedAuthor: input['trusted-author'] ?? null,
    labels: listOf(input.label),
    statuses: patternsOf(context, input.status, nodeUnder(node, 'status')),
    reviews: listOf(input.review).map((review, at) => {
      const own = (reviews?.kind === 'list' ? reviews.items[at] : reviews) ?? node;
      context.problems.push(...noteMarks(reviewSchema.shape, own));
      const { username, email } = review;
      const spanOf = (key: string) => nodeUnder(own, key)?.span ?? own.span;
      return {
        type: review.type ?? null,
        permission: review.permission ?? null,
        username: username === undefined ? null : patternOf(context, username, spanOf('username')),
        email: email === undefined ? null : patternOf(context, email, spanOf('email')),
        newerThanMs: spanMs(review['newer-than']),
        olderThanMs: spanMs(review['older-than']),
      };
    }),
  };
}

function spanMs(text: string | undefined): number | null {
  return text === undefined ? null : durationMs(text);
}

import * as z from 'zod';
import { attribute, duration, oneOrMany, pattern, patterns, texts } from './common.ts';

const review = z.strictObject({
  username: attribute(pattern, { description: 'Searched in the login.' }),
  email: attribute(pattern, { description: 'Searched in the e-mail address.' }),
  type: attribute(z.enum(['approved', 'changes_requested', 'commented', 'dismissed']), {
    description: 'What the review says.',
  }),
  permission: attribute(z.enum(['read', 'write', 'admin']), {
    description: 'Permission of the reviewer; a stronger one counts too.',
  }),
  'newer-than': attribute(duration, { description: 'At most so old.', mark: 'later' }),
  'older-than': attribute(duration, { description: 'At least so old.', mark: 'later' }),
});

/** `require.github` and `reject.github`, of a pipeline or of one trigger. */
export const requirementSchema = z.strictObject({
  status: attribute(patterns, {
    description: 'Whole `user:context:state` or `app:check:conclusion`; any one has to be there.',
  }),
  label: attribute(texts, { description: 'Labels that all have to be there.' }),
  open: attribute(z.boolean(), { description: 'Whether it is open.' }),
  merged: attribute(z.boolean(), { description: 'Whether it is merged.' }),
  'current-patchset': attribute(z.boolean(), {
    description: 'Whether the head of the event is still the head.',
  }),
  draft: attribute(z.boolean(), { description: 'Whether it is a draft.' }),
  review: attribute(oneOrMany(review), {
    description: "Each entry has to be met by somebody's latest vote.",
  }),
  'trusted-author': attribute(z.boolean(), { description: 'Whether the head is trusted.' }),
});

/** A parsed requirement. */
export type RequirementInput = z.infer<typeof requirementSchema>;
/** The notes of the attributes of one `review` entry. */
export const reviewSchema = review;

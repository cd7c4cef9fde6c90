import * as z from 'zod';
import { attribute, patterns, required, texts } from './common.ts';
import { requirementSchema } from './requirement.ts';

/** Events that a trigger may name. */
export const triggerEvents = [
  'pull_request',
  'pull_request_review',
  'push',
  'check_run',
  'check_suite',
  'merge_group',
] as const;

/** Actions of each event; an event without an entry here has none. */
export const actionsOf: Readonly<Record<(typeof triggerEvents)[number], readonly string[]>> = {
  pull_request: [
    'opened',
    'changed',
    'closed',
    'reopened',
    'comment',
    'labeled',
    'unlabeled',
    'status',
    'edited',
    'ready_for_review',
    'converted_to_draft',
  ],
  pull_request_review: ['submitted', 'dismissed', 'edited'],
  push: [],
  check_run: ['rerequested', 'completed', 'requested'],
  check_suite: ['requested', 'rerequested'],
  merge_group: ['checks_requested'],
};

/** States of a review event. */
export const reviewStates = [
  'approved',
  'commented',
  'changes_requested',
  'dismissed',
  'pending',
] as const;

/** Attributes that mean something for some events only; the others fit everywhere. */
export const fits: Readonly<Record<string, readonly string[]>> = {
  action: ['pull_request', 'pull_request_review', 'check_run', 'check_suite', 'merge_group'],
  branch: ['pull_request', 'pull_request_review', 'merge_group'],
  comment: ['pull_request', 'pull_request_review'],
  label: ['pull_request'],
  state: ['pull_request_review'],
  status: ['pull_request'],
  check: ['check_run'],
  ref: ['push'],
};

/** Attributes that mean something for some actions of `pull_request` only. */
export const fitsActions: Readonly<Record<string, readonly string[]>> = {
  comment: ['comment'],
  label: ['labeled', 'unlabeled'],
  status: ['status'],
};

/** One entry of `trigger.github`. */
export const triggerSchema = z.strictObject({
  event: required(
    z.union([z.enum(triggerEvents), z.array(z.enum(triggerEvents)).min(1)]),
    'What happened.',
  ),
  action: attribute(texts, { description: 'What was done; any of a list.' }),
  branch: attribute(patterns, { description: 'Base branch; matched from its start.' }),
  comment: attribute(patterns, { description: 'Searched in the text of a comment.' }),
  label: attribute(texts, { description: 'Exact label that was added or removed.' }),
  unlabel: attribute(texts, {
    description: 'Old form of `label` with action `unlabeled`.',
    mark: 'n/a',
    reason: 'it is an old form; use `label` with the action `unlabeled`',
  }),
  state: attribute(texts, { description: 'State of the review.' }),
  status: attribute(patterns, { description: 'Whole `user:context:state`.' }),
  check: attribute(patterns, { description: 'Whole `app:check name:conclusion`.' }),
  ref: attribute(patterns, { description: 'Full ref, matched from its start.' }),
  permission: attribute(z.enum(['read', 'triage', 'write', 'maintain', 'admin']), {
    description: 'Least permission of whoever caused the event.',
  }),
  sender: attribute(patterns, { description: 'Searched in the login of whoever caused it.' }),
  require: attribute(requirementSchema, { description: 'Conditions for this filter only.' }),
  reject: attribute(requirementSchema, { description: 'Exclusions for this filter only.' }),
  debug: attribute(z.boolean(), {
    description: 'Reports of what it starts say why jobs run or not.',
    mark: 'later',
    default: false,
  }),
  'require-status': attribute(texts, {
    description: 'Old form of `require: {status: …}`.',
    mark: 'n/a',
    reason: 'it is an old form; use `require: {status: …}`',
  }),
});

/** A parsed entry of `trigger.github`. */
export type TriggerInput = z.infer<typeof triggerSchema>;

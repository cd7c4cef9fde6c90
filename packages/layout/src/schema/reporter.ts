import * as z from 'zod';
import { attribute, name, required, texts } from './common.ts';

/** Values of a check run. */
export const checkValues = [
  'in_progress',
  'success',
  'failure',
  'cancelled',
  'skipped',
  'neutral',
  'action_required',
  'timed_out',
] as const;

const action = z.strictObject({
  label: required(z.string().min(1).max(20), 'Text of the button, at most 20 characters.'),
  description: required(z.string().max(40), 'What it does, at most 40 characters.'),
  identifier: required(
    z.string().regex(/^(?:rerun|rerun_failed|abort|approve|dequeue|enqueue:.{1,12})$/),
    'One of rerun, rerun_failed, abort, approve, dequeue, or enqueue:PIPELINE.',
  ),
});

/** `github` of a reporter phase. */
export const reporterSchema = z.strictObject({
  check: attribute(
    z.union([
      z.enum(checkValues),
      z.strictObject({
        conclusion: required(z.enum(checkValues), 'What the check run is set to.'),
        actions: attribute(z.array(action).max(3), { description: 'Buttons, at most three.' }),
      }),
    ]),
    { description: 'What the check run is set to.' },
  ),
  status: attribute(z.enum(['pending', 'success', 'failure']), { description: 'Commit status.' }),
  comment: attribute(z.union([z.boolean(), z.enum(['new'])]), {
    description: 'Comment with the report; `new`: a new one each time.',
    default: 'false in a phase that reports a check or a status, else true',
  }),
  merge: attribute(z.boolean(), { description: 'Merge the change.', default: false }),
  label: attribute(texts, { description: 'Labels to add.' }),
  unlabel: attribute(texts, { description: 'Labels to remove.' }),
  review: attribute(z.enum(['approve', 'comment', 'request-changes']), {
    description: 'Submit a review of the head.',
    mark: 'later',
  }),
  'review-body': attribute(z.string(), { description: 'Text of that review.', mark: 'later' }),
  'status-url': attribute(name, {
    description: 'Old form.',
    mark: 'n/a',
    reason: 'the link of a status is always the page of the run',
  }),
});

/** A parsed reporter. */
export type ReporterInput = z.infer<typeof reporterSchema>;

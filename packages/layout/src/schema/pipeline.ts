import * as z from 'zod';
import { anything, attribute, name, oneOrMany, required } from './common.ts';

const reporters = z.record(z.string(), anything);

function phase(when: string, mark: 'core' | 'later' = 'core') {
  return attribute(reporters, { description: `Reporters per connection: ${when}`, mark });
}

function message(description: string, standard: string, mark: 'core' | 'later' = 'core') {
  return attribute(z.string(), { description, default: standard, mark });
}

const whole = z.int();
const step = z.enum(['linear', 'exponential']);

/** Attributes of a `pipeline` item. */
export const pipelineSchema = z.strictObject({
  name: required(name, 'Name; also the last part of the check run name.'),
  manager: required(
    z.enum(['independent', 'dependent', 'serial', 'supercedent']),
    'Queueing strategy.',
  ),
  description: attribute(z.string(), { description: 'Free text for people.' }),
  trigger: required(
    z.record(z.string(), anything),
    'Event filters per connection; an event that matches any of them enqueues its change.',
  ),
  require: attribute(z.record(z.string(), anything), {
    description: 'Conditions per connection that every change must meet to be enqueued.',
  }),
  reject: attribute(z.record(z.string(), anything), {
    description: 'Conditions per connection that no change may meet to be enqueued.',
  }),
  enqueue: phase('when a change enters the pipeline.', 'later'),
  start: phase('when its jobs are known and may start.'),
  success: phase('when all voting jobs passed.'),
  failure: phase('when the run failed.'),
  'merge-conflict': phase('when the change cannot be merged for testing; else `failure`.'),
  'merge-failure': phase('old name of `merge-conflict`.'),
  'config-error': phase('when its configuration has an error; else `failure`.'),
  'no-jobs': phase('when no job applies.'),
  disabled: phase('instead of the others while the pipeline is disabled.', 'later'),
  dequeue: phase('when it is removed without a result.'),
  'success-message': message('Beginning of a success report.', 'Build succeeded.'),
  'failure-message': message('Beginning of a failure report.', 'Build failed.'),
  'start-message': message('Beginning of a start report.', 'Starting {pipeline.name} jobs.'),
  'enqueue-message': message('Beginning of an enqueue report.', '', 'later'),
  'merge-conflict-message': message(
    'Text when the change cannot be merged for testing.',
    'This change cannot be merged with its base for testing.',
  ),
  'merge-failure-message': message('Old name of `merge-conflict-message`.', ''),
  'no-jobs-message': message('Text when no job applies.', '', 'later'),
  'dequeue-message': message('Text when removed without a result.', 'Build canceled.'),
  'footer-message': message('Added to the end of every report.', ''),
  supercedes: attribute(oneOrMany(z.string()), {
    description: 'Entering this pipeline removes the same change from these.',
  }),
  precedence: attribute(z.enum(['high', 'normal', 'low']), {
    description: 'Priority of waiting builds.',
    mark: 'later',
    default: 'normal',
  }),
  'post-review': attribute(z.boolean(), {
    description: 'True: it handles reviewed code only.',
    default: false,
  }),
  'dequeue-on-new-patchset': attribute(z.boolean(), {
    description: "A new head removes the old head's run.",
    default: true,
  }),
  'ignore-dependencies': attribute(z.boolean(), {
    description: 'Independent only: test without the changes it depends on.',
    mark: 'later',
    default: false,
  }),
  'allow-other-connections': attribute(z.boolean(), {
    description: 'False: only changes of the connections named here may enter.',
    mark: 'n/a',
    reason: 'there is one connection, GitHub',
    default: true,
  }),
  'disable-after-consecutive-failures': attribute(whole.min(1), {
    description: 'After so many failures in a row only `disabled` reporters act.',
    mark: 'later',
  }),
  window: attribute(whole.min(0), {
    description: 'Dependent: how many changes at the head may run; 0 is unlimited.',
    default: 20,
  }),
  'window-floor': attribute(whole.min(1), { description: 'Lower bound of it.', default: 3 }),
  'window-ceiling': attribute(whole.min(1).nullable(), { description: 'Upper bound of it.' }),
  'window-increase-type': attribute(step, {
    description: 'Add to or multiply the window after each merge.',
    default: 'linear',
  }),
  'window-increase-factor': attribute(whole.min(1), { description: 'By how much.', default: 1 }),
  'window-decrease-type': attribute(step, {
    description: 'Subtract from or divide the window after each failure.',
    default: 'exponential',
  }),
  'window-decrease-factor': attribute(whole.min(1), { description: 'By how much.', default: 2 }),
  'variant-description': attribute(z.string(), {
    description: 'Text for a variant.',
    mark: 'n/a',
    reason: 'pipelines have no variants',
  }),
  unmet: attribute(z.enum(['action_required']), {
    description: 'Show unmet requirements as a check run; otherwise nothing is written.',
  }),
  'reuse-results': attribute(z.boolean(), {
    description: 'Take a green result of the identical tree and jobs, at most 24 h old.',
    mark: 'later',
    default: false,
  }),
  'annotations-max': attribute(whole.min(0).max(100_000), {
    description: 'Most annotations of one run.',
    default: 500,
  }),
  'progress-interval': attribute(z.union([whole.min(1), z.string().regex(/^[0-9]{1,6}[smh]$/)]), {
    description: 'Least time between two progress updates: seconds, or a number with s, m or h.',
    default: '10s',
  }),
});

/** A parsed `pipeline` item. */
export type PipelineInput = z.infer<typeof pipelineSchema>;

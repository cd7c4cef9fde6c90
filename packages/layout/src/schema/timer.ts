/** Triggers that are no connection: the clock, and what Zuul itself does. */
import * as z from 'zod';
import { attribute, oneOrMany, required, texts } from './common.ts';

const debug = attribute(z.boolean(), {
  description: 'Reports of what it starts say why jobs run or not.',
  default: false,
});

/** One entry of `trigger.timer`. */
export const timerSchema = z.strictObject({
  time: required(
    z.string(),
    'Minute, hour, day of the month, month, day of the week (0 is Monday); then seconds, jitter.',
  ),
  dereference: attribute(z.boolean(), {
    description: 'Look up the commit of each branch when it starts.',
    default: false,
  }),
  debug,
});

/** One entry of `trigger.zuul`. */
export const zuulTriggerSchema = z.strictObject({
  event: required(
    oneOrMany(
      z.enum(['project-change-merged', 'parent-change-enqueued', 'image-build', 'image-validate']),
    ),
    'What happened.',
  ),
  pipeline: attribute(texts, {
    description: 'Pipelines in which the parent was enqueued; for `parent-change-enqueued`.',
  }),
  debug,
});

/** The items that are little more than a name. */
import * as z from 'zod';
import { anything, attribute, name, patterns, required } from './common.ts';

/** Attributes of a `queue` item. */
export const queueSchema = z.strictObject({
  name: required(name, 'Referenced by `project.queue`.'),
  'per-branch': attribute(z.boolean(), { description: 'One queue per branch.', default: false }),
  'allow-circular-dependencies': attribute(z.boolean(), {
    description: 'Changes that depend on each other are one item.',
    mark: 'later',
    default: false,
  }),
  'dependencies-by-topic': attribute(z.boolean(), {
    description: 'Gerrit topics.',
    mark: 'n/a',
    reason: 'topics are a matter of Gerrit',
  }),
});

/** Attributes of a `semaphore` item. */
export const semaphoreSchema = z.strictObject({
  name: required(name, 'Referenced by `job.semaphores`.'),
  max: attribute(z.int().min(0), { description: 'Holders at once.', default: 1 }),
});

/** Attributes of a `secret` item. */
export const secretSchema = z.strictObject({
  name: required(name, 'Usable by jobs of the same repository.'),
  data: attribute(z.record(z.string(), anything), {
    description: 'Plain or encrypted values; required unless it has `oidc`.',
  }),
  oidc: attribute(z.record(z.string(), anything), {
    description: 'Instead of `data`: the identity token to issue.',
  }),
});

/** Attributes of a `pragma` item. */
export const pragmaSchema = z.strictObject({
  'implied-branch-matchers': attribute(z.boolean(), {
    description:
      'Whether jobs and templates of this file that name no branches hold for its own branch only.',
    default: 'true where an ordinary repository is read on several branches',
  }),
  'implied-branches': attribute(patterns, {
    description: 'The branches that they hold for instead; matched from their start.',
  }),
});

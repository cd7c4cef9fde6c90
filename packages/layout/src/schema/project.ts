import * as z from 'zod';
import { anything, attribute, name, patterns, required } from './common.ts';

const common = {
  description: attribute(z.string(), { description: 'Free text for people.' }),
  queue: attribute(name, { description: 'Shared queue for pipelines that merge.' }),
  vars: attribute(z.record(z.string(), anything), {
    description: 'Variables for all jobs of the project; those of a job win.',
  }),
};

/** Attributes of a `project` item that are not pipelines. */
export const projectSchema = z.strictObject({
  name: attribute(z.string().min(1), {
    description: 'Repository, or a regular expression that begins with `^`.',
    default: 'the repository that holds the file',
  }),
  ...common,
  templates: attribute(z.array(name), { description: 'Templates to merge in.' }),
  branches: attribute(patterns, { description: 'Branches that the stanza is for.' }),
  'default-branch': attribute(z.string(), {
    description: 'Default branch.',
    mark: 'later',
    default: 'as on GitHub',
  }),
  'merge-mode': attribute(
    z.enum([
      'merge',
      'squash-merge',
      'rebase',
      'merge-resolve',
      'cherry-pick',
      'merge-recursive',
      'merge-ort',
    ]),
    {
      description:
        'How changes are merged: `merge`, `squash-merge` or `rebase`. The others have no effect: GitHub cannot merge in these ways.',
      default: 'the first of these three that the repository allows',
    },
  ),
});

/** Attributes of a `project-template` item that are not pipelines. */
export const templateSchema = z.strictObject({ name: required(name, 'Its name.'), ...common });

const jobEntry = z.union([
  z.string().min(1),
  // The attributes are read as a variant of the job, each with its own place.
  z.record(z.string(), anything),
]);

/** One pipeline of a project or template. */
export const projectPipelineSchema = z.strictObject({
  jobs: attribute(z.union([z.array(jobEntry), z.null()]), {
    description: 'Jobs in report order: a name, or `{name: {attributes}}`.',
  }),
  debug: attribute(z.boolean(), {
    description: 'Reports say why jobs run or not.',
    default: false,
  }),
  'fail-fast': attribute(z.boolean(), {
    description: 'The first failure of a voting job ends the run.',
    mark: 'later',
    default: false,
  }),
  queue: attribute(z.string(), {
    description: 'Old place of `queue`.',
    mark: 'n/a',
    reason: 'it is an old form; put `queue` directly into the project',
  }),
});

/** A parsed project or template, without its pipelines. */
export type ProjectInput = z.infer<typeof projectSchema>;
/** A parsed template, without its pipelines. */
export type TemplateInput = z.infer<typeof templateSchema>;
/** A parsed pipeline of a project. */
export type ProjectPipelineInput = z.infer<typeof projectPipelineSchema>;

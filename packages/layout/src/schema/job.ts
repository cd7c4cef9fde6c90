import * as z from 'zod';
import { jobAttemptsMax } from '../limits.ts';
import { anything, attribute, name, oneOrMany, patterns, required, texts } from './common.ts';
import { inlineNodesetSchema } from './nodeset.ts';

const ansible = 'playbooks are not run here';
const nodes = "Zuul's node launcher is not part of Gatehouse";
const vars = z.record(z.string(), anything);

const stepSchema = z.union([
  z.string().min(1),
  z.strictObject({
    name: required(z.string().min(1), 'The command line or path.'),
    semaphores: attribute(anything, { description: 'Held during this step.', mark: 'later' }),
    cleanup: attribute(z.boolean(), {
      description: 'post-run only: run even when the build is aborted.',
      mark: 'later',
    }),
  }),
]);

/** The map form of a step of `run`, `pre-run` or `post-run`. */
export const stepMapSchema = stepSchema.options[1];

const header = z.record(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), z.string());
const input = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const executors = {
  run: attribute(oneOrMany(stepSchema), {
    description:
      'Command line, list of them, or path of a script: run by bash in a fresh checkout of the speculative state.',
  }),
  'pre-run': attribute(oneOrMany(stepSchema), {
    description: 'Preparation; a failure is retried up to `attempts`.',
  }),
  'post-run': attribute(oneOrMany(stepSchema), { description: 'Runs after `run`, always.' }),
  'cleanup-run': attribute(anything, {
    description: 'Old form of `post-run` with `cleanup: true`.',
    mark: 'n/a',
    reason: 'it is an old form; use `post-run`',
  }),
  workflow: attribute(
    z.union([
      z.string().min(1),
      z.strictObject({
        file: required(z.string().min(1), 'File name below .github/workflows.'),
        inputs: attribute(input, { description: 'Inputs of the workflow.' }),
        ref: attribute(z.string().min(1), { description: 'Ref to dispatch on.' }),
        repository: attribute(z.string().min(1), { description: 'Repository of the workflow.' }),
      }),
    ]),
    { description: 'GitHub Actions workflow to dispatch: `file.yml`, or a map.' },
  ),
  http: attribute(
    z.union([
      z.string().min(1),
      z.strictObject({
        url: required(z.string().min(1), 'Where to POST the launch request.'),
        headers: attribute(header, { description: 'Further request headers.' }),
      }),
    ]),
    { description: 'External CI to call: its URL, or a map.' },
  ),
};

const seconds = z.int().min(1);

const limits = {
  timeout: attribute(seconds, { description: 'Limit in seconds.', default: 1800 }),
  'post-timeout': attribute(z.int().min(0), {
    description: 'Limit of each post-run step in seconds.',
    mark: 'later',
  }),
  attempts: attribute(z.int().min(1).max(jobAttemptsMax), {
    description: 'Total tries when preparation fails or the runner is lost.',
    default: 3,
  }),
};

const selection = {
  voting: attribute(z.boolean(), {
    description: 'False: the result does not affect the outcome.',
    default: true,
  }),
  dependencies: attribute(
    oneOrMany(
      z.union([
        z.string().min(1),
        z.strictObject({
          name: required(name, 'The job to wait for.'),
          soft: attribute(z.boolean(), {
            description: 'Ignored when that job is not part of the run.',
            default: false,
          }),
        }),
      ]),
    ),
    { description: 'Jobs that have to succeed first.' },
  ),
  branches: attribute(patterns, {
    description: 'Branches that this variant is for; matched from their start.',
  }),
  files: attribute(patterns, { description: 'Run only when a changed file matches.' }),
  'irrelevant-files': attribute(patterns, {
    description: 'Do not run when all changed files match.',
  }),
  'match-on-config-updates': attribute(z.boolean(), {
    description: 'Ignore the file filters when the change alters this job.',
    default: true,
  }),
  'hold-following-changes': attribute(z.boolean(), {
    description: 'Dependent pipelines: those behind wait for this job.',
    mark: 'later',
    default: false,
  }),
};

const guards = {
  abstract: attribute(z.boolean(), { description: 'Only to inherit from.', default: false }),
  final: attribute(z.boolean(), { description: 'Nothing may inherit from it.', default: false }),
  protected: attribute(z.boolean(), {
    description: 'Only jobs of the same repository may build on it.',
    default: false,
  }),
  intermediate: attribute(z.boolean(), {
    description: 'Only abstract jobs may inherit from it; has to be abstract itself.',
    default: false,
  }),
  'attribute-control': attribute(
    z.partialRecord(
      z.enum([
        'requires',
        'provides',
        'tags',
        'files',
        'irrelevant-files',
        'required-projects',
        'vars',
        'extra-vars',
        'host-vars',
        'group-vars',
        'include-vars',
        'dependencies',
        'failure-output',
      ]),
      z.strictObject({
        final: attribute(z.boolean(), { description: 'No child may change it.' }),
      }),
    ),
    { description: 'Attributes that no child may change.' },
  ),
  'post-review': attribute(z.literal(true), {
    description: 'Runs only in post-review pipelines.',
    default: false,
  }),
  'allowed-projects': attribute(texts, { description: 'Repositories that may use the job.' }),
};

const secretUse = z.union([
  z.string().min(1),
  z.strictObject({
    name: required(name, 'Name under which the job sees it.'),
    secret: required(name, 'Name of the secret.'),
    'pass-to-parent': attribute(z.boolean(), {
      description: 'Parents see it too.',
      mark: 'later',
      default: false,
    }),
  }),
]);

const semaphoreUse = oneOrMany(
  z.union([
    z.string().min(1),
    z.strictObject({
      name: required(name, 'The semaphore.'),
      'resources-first': attribute(z.boolean(), {
        description: 'Take it after the runner.',
        mark: 'later',
      }),
    }),
  ]),
);

const data = {
  vars: attribute(vars, {
    description: "Variables for the job, merged deeply with its parent's.",
  }),
  semaphores: attribute(semaphoreUse, { description: 'Held while it runs.', mark: 'later' }),
  semaphore: attribute(semaphoreUse, {
    description: 'Old form of `semaphores`.',
    mark: 'later',
  }),
  secrets: attribute(oneOrMany(secretUse), { description: 'Secrets it sees.', mark: 'later' }),
  'success-message': attribute(z.string().nullable(), {
    description: 'Text shown instead of SUCCESS.',
    mark: 'later',
  }),
  'failure-message': attribute(z.string().nullable(), {
    description: 'Text shown instead of FAILURE.',
    mark: 'later',
  }),
};

function waiting<T extends z.ZodType>(description: string, schema: T) {
  return attribute(schema, { description, mark: 'later' });
}

function absent(reason: string) {
  return attribute(anything, { description: 'Accepted without effect.', mark: 'n/a', reason });
}

const others = {
  nodeset: waiting(
    'Runner to use: the name of a nodeset, or one in place.',
    z.union([z.string().min(1), inlineNodesetSchema]),
  ),
  'required-projects': waiting(
    'Further repositories to check out.',
    oneOrMany(
      z.union([
        z.string().min(1),
        z.strictObject({
          name: required(z.string().min(1), 'The repository.'),
          'override-checkout': attribute(z.string(), { description: 'Ref to check out.' }),
          'override-branch': attribute(z.string(), { description: 'Its old form.' }),
        }),
      ]),
    ),
  ),
  'include-projects': waiting('Of the other repositories, those to check out.', patterns),
  'exclude-projects': waiting('Of the other repositories, those not to check out.', patterns),
  type: waiting("Zuul's kind of job; a `reporter` runs after the reports.", z.string().min(1)),
  'override-checkout': waiting('Ref to use instead of the branch.', z.string()),
  'include-vars': waiting(
    'Variables read from files.',
    oneOrMany(
      z.union([
        z.string().min(1),
        z.strictObject({
          name: required(z.string().min(1), 'Path of the file.'),
          project: attribute(z.string(), { description: 'Repository that holds it.' }),
          'zuul-project': attribute(z.boolean(), { description: "The change's repository." }),
          required: attribute(z.boolean(), { description: 'Whether it has to be there.' }),
          'use-ref': attribute(z.boolean(), { description: 'Read it as the change has it.' }),
        }),
      ]),
    ),
  ),
  tags: waiting('Metadata.', texts),
  provides: waiting('Artifacts that it makes.', texts),
  requires: waiting('Artifacts that it needs.', texts),
  deduplicate: waiting('Share a build in a cycle.', z.union([z.boolean(), z.enum(['auto'])])),
  'failure-output': waiting('Output that marks it as failing early.', patterns),
  'workspace-scheme': waiting('Layout of the checkouts.', z.enum(['golang', 'flat', 'unique'])),
  'workspace-checkout': waiting(
    'Whether to check files out.',
    z.union([z.boolean(), z.enum(['auto'])]),
  ),
  'extra-vars': absent(ansible),
  'host-vars': absent(ansible),
  'group-vars': absent(ansible),
  roles: absent(ansible),
  'ansible-version': absent(ansible),
  'ansible-split-streams': absent(ansible),
  'override-branch': absent('it is an old form; use `override-checkout`'),
  'image-build-name': absent(nodes),
  'failure-url': absent('it was removed from the language'),
  'success-url': absent('it was removed from the language'),
  'variant-description': absent('variants are shown by their place'),
};

/** Attributes of a `job` item; `parent` null makes it a base job. */
export const jobSchema = z.strictObject({
  name: required(name, 'Name; variants share it.'),
  parent: attribute(name.nullable(), {
    description: 'Job to inherit from; null: none.',
    default: 'base',
  }),
  description: attribute(z.string(), { description: 'Free text for people.' }),
  ...executors,
  ...limits,
  ...selection,
  ...guards,
  ...data,
  ...others,
});

/** A parsed `job` item. */
export type JobInput = z.infer<typeof jobSchema>;

/** Attributes of a job in a project's list; name and parent come from the job itself. */
export const variantSchema = jobSchema.extend({
  name: attribute(name, {
    description: 'The job is named by the key above it.',
    mark: 'n/a',
    reason: 'the job is named by the key above it',
  }),
  parent: attribute(name.nullable(), {
    description: 'The parent is a matter of the job itself.',
    mark: 'n/a',
    reason: 'the parent is set where the job is defined',
  }),
});

/** A parsed variant. */
export type VariantInput = z.infer<typeof variantSchema>;

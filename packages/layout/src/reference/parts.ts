/** The parts of the language, each with its schema: what the JSON Schema and the reference tell. */
import type * as z from 'zod';
import { jobSchema, variantSchema } from '../schema/job.ts';
import { nodesetSchema } from '../schema/nodeset.ts';
import { pipelineSchema } from '../schema/pipeline.ts';
import { projectPipelineSchema, projectSchema, templateSchema } from '../schema/project.ts';
import { reporterSchema } from '../schema/reporter.ts';
import { requirementSchema, reviewSchema } from '../schema/requirement.ts';
import { pragmaSchema, queueSchema, secretSchema, semaphoreSchema } from '../schema/small.ts';
import { timerSchema, zuulTriggerSchema } from '../schema/timer.ts';
import { triggerSchema } from '../schema/trigger.ts';

/** A map of the language. */
export interface Part {
  readonly name: string;
  readonly schema: z.ZodObject;
  /** What it is and where it stands, in Markdown. */
  readonly intro: string;
}

/** The types of items, in the order of the reference. */
export const itemParts: readonly Part[] = [
  {
    name: 'job',
    schema: jobSchema,
    intro:
      'What is run. Exactly one of `run`, `http` and `workflow` says how; the rest says when, where and how long. A job of the same name on the same branch adds a variant.',
  },
  {
    name: 'project',
    schema: projectSchema,
    intro:
      'Which jobs a repository runs. Every key that is no attribute of this table is the name of a pipeline and holds a [project pipeline](#project-pipeline). Several stanzas for one repository add up.',
  },
  {
    name: 'project-template',
    schema: templateSchema,
    intro: 'The same for several repositories: a `project` names it in `templates`.',
  },
  {
    name: 'pipeline',
    schema: pipelineSchema,
    intro:
      'What starts a run, what a change must fulfil, and what is reported. `gatehouse show-defaults` prints those that are there without being defined; one of the same name replaces it.',
  },
  { name: 'queue', schema: queueSchema, intro: 'Repositories whose changes merge in one order.' },
  { name: 'semaphore', schema: semaphoreSchema, intro: 'Bounds how many jobs run at once.' },
  { name: 'secret', schema: secretSchema, intro: 'Values that only the jobs that name it see.' },
  { name: 'nodeset', schema: nodesetSchema, intro: "Zuul's machines; accepted without effect." },
  { name: 'pragma', schema: pragmaSchema, intro: 'How the file that holds it is read.' },
];

/** The maps inside of items. */
export const innerParts: readonly Part[] = [
  {
    name: 'project pipeline',
    schema: projectPipelineSchema,
    intro: 'What stands under the name of a pipeline in a `project` or `project-template`.',
  },
  {
    name: 'job in a project',
    schema: variantSchema,
    intro:
      'What stands under the name of a job in `jobs`: it changes the job for this project and pipeline.',
  },
  { name: 'trigger', schema: triggerSchema, intro: 'An entry of `trigger: {github: […]}`.' },
  {
    name: 'timer',
    schema: timerSchema,
    intro: 'An entry of `trigger: {timer: […]}`; accepted, no effect yet.',
  },
  {
    name: 'trigger of zuul',
    schema: zuulTriggerSchema,
    intro: 'An entry of `trigger: {zuul: […]}`; accepted, no effect yet.',
  },
  {
    name: 'requirement',
    schema: requirementSchema,
    intro: 'What stands in `require: {github: …}` and `reject: {github: …}`.',
  },
  { name: 'review', schema: reviewSchema, intro: 'An entry of `review` in a requirement.' },
  {
    name: 'reporter',
    schema: reporterSchema,
    intro: 'What stands in `success: {github: …}` and the other phases of a pipeline.',
  },
];

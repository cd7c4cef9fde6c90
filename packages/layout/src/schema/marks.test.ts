import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { line, load } from '../test-support.ts';
import { notesOf } from './common.ts';
import { jobSchema, variantSchema } from './job.ts';
import { nodesetSchema } from './nodeset.ts';
import { pipelineSchema } from './pipeline.ts';
import { projectPipelineSchema, projectSchema, templateSchema } from './project.ts';
import { reporterSchema } from './reporter.ts';
import { requirementSchema, reviewSchema } from './requirement.ts';
import { pragmaSchema, queueSchema, secretSchema, semaphoreSchema } from './small.ts';
import { triggerSchema } from './trigger.ts';

const schemas = {
  job: jobSchema,
  'job in a project': variantSchema,
  nodeset: nodesetSchema,
  pipeline: pipelineSchema,
  pragma: pragmaSchema,
  project: projectSchema,
  'project pipeline': projectPipelineSchema,
  'project-template': templateSchema,
  queue: queueSchema,
  reporter: reporterSchema,
  requirement: requirementSchema,
  review: reviewSchema,
  secret: secretSchema,
  semaphore: semaphoreSchema,
  trigger: triggerSchema,
};

const attributes = Object.entries(schemas).flatMap(([item, schema]) =>
  Object.entries(schema.shape).map(([name, own]) => [item, name, notesOf(own)] as const),
);

test.each(attributes)('%s.%s has a description, and a reason where it has no effect', (...row) => {
  const [, , notes] = row;

  expect(notes.description).not.toBe('');
  expect(notes.reason !== undefined).toBe(notes.mark === 'n/a');
});

test.each(Object.entries(schemas))('the schema of %s can be told as JSON Schema', (_, schema) => {
  const json = z.toJSONSchema(schema, { io: 'input' });

  expect(json).toMatchObject({ type: 'object', additionalProperties: false });
});

describe('an attribute without effect is told once for each use', () => {
  test.each([
    ['later', 'tags: [x]', 'no-effect-yet', '`tags` is accepted, no effect yet'],
    ['later', 'nodeset: large', 'no-effect-yet', '`nodeset` is accepted, no effect yet'],
    ['later', 'required-projects: [a/b]', 'no-effect-yet', 'accepted, no effect yet'],
    [
      'n/a',
      'roles: [{zuul: a/b}]',
      'no-effect',
      '`roles` has no effect: playbooks are not run here',
    ],
    ['n/a', 'success-url: x', 'no-effect', 'removed from the language'],
    ['n/a', 'cleanup-run: x', 'no-effect', 'use `post-run`'],
  ])('a job attribute marked %s: %s', (...[, attribute, code, text]) => {
    const { problems } = load(`- job: {name: unit, run: x, ${attribute}}\n`);

    expect(problems.map(line)).toEqual([expect.stringContaining(text)]);
    expect(problems[0]).toMatchObject({ level: 'warning', code });
  });

  test('and never keeps a job from running', () => {
    const text = `- job:
    name: unit
    run: x
    nodeset: {nodes: [{name: a, label: b}]}
    required-projects: [{name: a/b, override-checkout: main}]
    roles: [{zuul: a/b}]
    provides: x
    requires: [y]
    tags: z
    host-vars: {a: {b: c}}
    include-vars: [{name: v.yaml, required: false}]
    workspace-scheme: flat
    deduplicate: auto
    hold-following-changes: true
    match-on-config-updates: false
    post-timeout: 30
    semaphores: [{name: s, resources-first: true}]
- semaphore: {name: s}
`;

    const { layout, problems } = load(text);

    expect(problems.filter(({ level }) => level === 'error')).toEqual([]);
    expect(layout.jobs).toHaveLength(1);
  });
});

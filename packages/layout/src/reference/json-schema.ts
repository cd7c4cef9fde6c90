/** The language as JSON Schema (draft 7, which editors know), for completion and checks. */
import type { Json, JsonObject } from '@gatehouse/model';
import * as z from 'zod';
import { launcherTypes } from '../define/file.ts';
import { innerParts, itemParts, type Part } from './parts.ts';

const title = 'Gatehouse configuration';
const description =
  'A list of items, each a map with one key: its type. Further checks, such as whether names are ' +
  'defined, are those of `gatehouse lint`.';

/** The whole schema. */
export function configurationSchema(): JsonObject {
  const parts = [...itemParts, ...innerParts];
  const definitions = Object.fromEntries(parts.map((part) => [keyOf(part), definitionOf(part)]));
  const items = Object.fromEntries(
    itemParts.map(({ name, intro }) => [
      name,
      { description: intro, anyOf: [referenceTo(name), { type: 'null' }] },
    ]),
  );
  const ignored = Object.fromEntries(
    launcherTypes.map((type) => [type, { description: 'Accepted without effect.' }]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:gatehouse:configuration',
    title,
    description,
    type: ['array', 'null'],
    items: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      properties: { ...items, ...ignored },
    },
    definitions,
  };
}

/** The JSON Schema of one part by itself, as zod tells it. */
export function schemaOf(schema: z.ZodObject): JsonObject {
  // The output is JSON by its definition; a round trip takes what is no data off it.
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' })));
}

function keyOf({ name }: Part): string {
  return name.replaceAll(' ', '-');
}

function referenceTo(name: string): JsonObject {
  return { $ref: `#/definitions/${name.replaceAll(' ', '-')}` };
}

function definitionOf(part: Part): JsonObject {
  const { $schema, ...own } = schemaOf(part.schema);
  const cleaned = clean(own);
  if (!isObject(cleaned)) return {};
  const described = { ...cleaned, description: part.intro };
  return { ...described, ...inner(part.name, described) };
}

/** What zod's schemas leave open because it is read with places of its own. */
function inner(name: string, schema: JsonObject): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  if (name === 'project' || name === 'project-template') {
    return { additionalProperties: referenceTo('project pipeline') };
  }
  if (name === 'project pipeline') {
    const attributes = { anyOf: [referenceTo('job in a project'), { type: 'null' }] };
    const map = { type: 'object', maxProperties: 1, additionalProperties: attributes };
    const items = { anyOf: [{ type: 'string', minLength: 1 }, map] };
    const jobs = { description: describe(properties.jobs), type: ['array', 'null'], items };
    return { properties: { ...properties, jobs } };
  }
  if (name !== 'pipeline') return {};
  const entries = Object.entries(properties).map(([key, value]) => [
    key,
    ofConnection(key, describe(value)) ?? value,
  ]);
  return { properties: Object.fromEntries(entries) };
}

/** What a pipeline holds by connection: that of GitHub is known. */
function ofConnection(key: string, text: string): JsonObject | null {
  const content = contentOf(key);
  if (content === null) return null;
  // A reference stands in a list of one: what stands beside it would not count otherwise.
  const github = { description: 'What concerns GitHub.', allOf: [content] };
  return {
    description: text,
    type: 'object',
    properties: { github, ...(key === 'trigger' ? ownTriggers : {}) },
    // The names of further connections to GitHub are a matter of the settings.
    additionalProperties: true,
  };
}

const ownTriggers: JsonObject = {
  timer: {
    description: 'Times at which it starts. Accepted, no effect yet.',
    ...oneOrMany(referenceTo('timer')),
  },
  zuul: {
    description: 'What Zuul itself does. Accepted, no effect yet.',
    ...oneOrMany(referenceTo('trigger of zuul')),
  },
};

function oneOrMany(one: JsonObject): JsonObject {
  return { anyOf: [one, { type: 'array', items: one }] };
}

const phases = [
  ...['enqueue', 'start', 'success', 'failure', 'merge-conflict', 'merge-failure'],
  ...['config-error', 'no-jobs', 'disabled', 'dequeue'],
];

function contentOf(key: string): JsonObject | null {
  if (key === 'trigger') {
    return oneOrMany(referenceTo('trigger'));
  }
  if (key === 'require' || key === 'reject') return referenceTo('requirement');
  return phases.includes(key) ? { anyOf: [referenceTo('reporter'), { type: 'null' }] } : null;
}

/** Takes our own notes off and says them in words that editors show. */
function clean(value: Json): Json {
  if (Array.isArray(value)) return value.map(clean);
  if (!isObject(value)) return value;
  if (typeof value.description !== 'string') return cleanEach(value);
  const { mark, reason, default: standard, ...rest } = value;
  const notes = [
    value.description,
    ...(typeof standard === 'string' ? [`Default: ${standard || 'empty'}.`] : []),
    ...(mark === 'later' ? ['Accepted, no effect yet.'] : []),
    ...(mark === 'n/a' ? [`No effect: ${String(reason)}.`] : []),
  ];
  return {
    ...cleanEach(rest),
    ...(standard === undefined || typeof standard === 'string' ? {} : { default: standard }),
    ...(mark === 'n/a' ? { deprecated: true } : {}),
    description: notes.join(' '),
  };
}

function cleanEach(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clean(each)]));
}

function describe(value: Json | undefined): string {
  return isObject(value) && typeof value.description === 'string' ? value.description : '';
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Turns schemas of OpenAPI 3.0 into JSON Schema for ajv: `nullable` becomes a null type, references
 * become schema ids that are added when first met, and `oneOf` becomes `anyOf`, because several of
 * GitHub's alternatives overlap.
 */
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Description, Schema } from './description.ts';

export interface Schemas {
  /** A validator for a schema of the description; compiled at the first call for a schema. */
  validator(schema: Schema): ValidateFunction;
}

/** Validators that forget `dropped` properties (of an older API version) wherever they appear. */
export function createSchemas(description: Description, dropped: readonly string[]): Schemas {
  const ajv = new Ajv({ strict: false, logger: false, verbose: true, inlineRefs: false });
  // The package is CommonJS; its callable is the namespace's default.
  formats.default(ajv);
  // GitHub's own bots have addresses such as `1+name[bot]@users.noreply.github.com`.
  ajv.addFormat('email', true);
  const added = new Set<string>();
  const compiled = new WeakMap<Schema, ValidateFunction>();
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null) return value;
    if ('$ref' in value && typeof value.$ref === 'string') return { $ref: add(value.$ref) };
    return convertObject(Object.entries(value), convert, dropped);
  };
  const add = (ref: string): string => {
    const [, , kind = '', name = ''] = ref.split('/');
    const id = `sim:${kind}/${name}`;
    if (!added.has(id)) {
      added.add(id);
      const converted = convert(description.components[kind]?.[name]);
      ajv.addSchema({ $id: id, allOf: [converted] });
    }
    return id;
  };
  return {
    validator(schema) {
      const known = compiled.get(schema);
      if (known !== undefined) return known;
      const made = ajv.compile({ allOf: [convert(schema)] });
      compiled.set(schema, made);
      return made;
    },
  };
}

const SKIPPED = new Set([
  'example',
  'examples',
  'description',
  'discriminator',
  'externalDocs',
  'title',
  'default',
  'deprecated',
]);

function convertObject(
  entries: readonly [string, unknown][],
  convert: (value: unknown) => unknown,
  dropped: readonly string[],
): unknown {
  const result: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    if (key === 'properties') result[key] = mapValues(value, convert);
    else if (key === 'enum' || key === 'const') result[key] = value;
    else if (key === 'oneOf' || isAccountPair(key, value)) result.anyOf = convert(value);
    else if (key === 'required' && Array.isArray(value)) {
      result[key] = value.filter((name) => !dropped.includes(String(name)));
    } else if (!SKIPPED.has(key)) result[key] = convert(value);
  }
  return result.nullable === undefined ? result : withNull(result);
}

/**
 * The list of installations is described as owned by a user and an enterprise at once; every other
 * place of the description says "or".
 */
function isAccountPair(key: string, value: unknown): boolean {
  if (key !== 'allOf' || !Array.isArray(value)) return false;
  const titles = value.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'title' in each ? each.title : '',
  );
  return titles.includes('Simple User') && titles.includes('Enterprise');
}

/** Under `properties` every key is a property's name, also `title` and `description`. */
function mapValues(value: unknown, convert: (value: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, convert(each)]));
}

function withNull(schema: Record<string, unknown>): unknown {
  const { nullable, ...rest } = schema;
  return nullable === true ? { anyOf: [{ type: 'null' }, rest] } : rest;
}

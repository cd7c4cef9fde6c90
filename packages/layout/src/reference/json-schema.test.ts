import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { load } from '../test-support.ts';
import { realTexts } from '../testing/texts.ts';
import { configurationSchema } from './json-schema.ts';
import { languageReference } from './reference.ts';

function accepts(text: string): boolean {
  const checker = z.fromJSONSchema(JSON.parse(JSON.stringify(configurationSchema())));
  return checker.safeParse(parse(text)).success;
}

test('the samples and the built-in pipelines fit the schema', () => {
  for (const text of realTexts) expect(accepts(text)).toBe(true);
});

describe('what lint refuses for its form, an editor marks', () => {
  test.each([
    '- job: {name: unit, run: x, tiemout: 3}\n',
    '- job: {name: unit, run: x, timeout: soon}\n',
    '- job: {run: x}\n',
    '- jbo: {name: unit}\n',
    '- {job: {name: unit, run: x}, project: {}}\n',
    '- project: {check: {jbos: [unit]}}\n',
    '- project: {check: {jobs: [{noop: {votign: false}}]}}\n',
    'job: {name: unit}\n',
    '- pipeline: {name: a, manager: b, trigger: {}}\n',
    '- pipeline: {name: a, manager: independent, trigger: {github: [{event: pusch}]}}\n',
    '- pipeline: {name: a, manager: independent, trigger: {}, success: {github: {chekc: x}}}\n',
    '- pipeline: {name: a, manager: independent, trigger: {}, require: {github: {opne: true}}}\n',
    '- pipeline: {name: a, manager: independent, trigger: {timer: [{tiem: x}]}}\n',
    '- job: {name: unit, run: x, nodeset: {nodes: [{name: a}]}}\n',
    '- job: {name: unit, run: x, required-projects: [{nme: a/b}]}\n',
  ])('%s', (text) => {
    expect(load(text).problems.some(({ level }) => level === 'error')).toBe(true);
    expect(accepts(text)).toBe(false);
  });
});

describe('what lint takes, an editor takes', () => {
  test.each([
    '- job: {name: unit, run: [a, {name: b}], files: {regex: a, negate: true}}\n',
    '- project:\n',
    '- project: {check: {jobs: [noop, {noop: {voting: false}}, {noop: }]}}\n',
    '- pipeline: {name: a, manager: independent, trigger: {github: {event: push}, timer: [], gerrit: [{a: b}]}}\n',
    '- pipeline: {name: a, manager: independent, trigger: {}, success: {github: }}\n',
    '- image: {name: a}\n',
    '',
  ])('%s', (text) => {
    expect(load(text).problems.filter(({ level }) => level === 'error')).toEqual([]);
    expect(accepts(text)).toBe(true);
  });
});

test('no note of ours is left in the schema', () => {
  const text = JSON.stringify(configurationSchema());

  expect(text).not.toMatch(/"mark":|"reason":/);
  expect(text).toContain('Accepted, no effect yet.');
});

describe('what editors rely on', () => {
  const schema = configurationSchema();
  const maps = [...mapsIn(schema, '')];

  test('the draft and a name of its own', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'urn:gatehouse:configuration',
    });
  });

  test('every property is described', () => {
    const silent = maps.flatMap(({ at, map }) =>
      Object.entries(map.properties)
        .filter(([, property]) => !isDescribed(property))
        .map(([name]) => `${at}.${name}`),
    );

    expect(maps.length).toBeGreaterThan(30);
    expect(silent).toEqual([]);
  });

  test('every map says whether it takes further keys', () => {
    expect(maps.filter(({ map }) => map.additionalProperties === undefined)).toEqual([]);
  });

  test('every reference leads somewhere', () => {
    const names = [...JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g)];
    const { definitions } = schema;

    expect(names.length).toBeGreaterThan(15);
    expect(names.map(([, name]) => name)).toSatisfy((found: string[]) =>
      found.every((name) => Object.hasOwn(Object(definitions), name)),
    );
  });
});

interface MapSchema {
  readonly properties: object;
  readonly additionalProperties?: unknown;
}

function* mapsIn(value: unknown, at: string): Generator<{ at: string; map: MapSchema }> {
  if (typeof value !== 'object' || value === null) return;
  if ('properties' in value && 'type' in value && value.type === 'object') {
    const { properties } = value;
    if (typeof properties === 'object' && properties !== null) {
      yield { at, map: { ...value, properties } };
    }
  }
  for (const [key, each] of Object.entries(value)) yield* mapsIn(each, `${at}/${key}`);
}

function isDescribed(property: unknown): boolean {
  if (typeof property !== 'object' || property === null) return false;
  return 'description' in property && property.description !== '';
}

test('every attribute of the reference has a type in words', () => {
  const attributes = languageReference().flatMap((part) => part.attributes);

  for (const { name, type } of attributes) expect(type, name).not.toBe('');
});

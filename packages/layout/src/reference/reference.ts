/** The language as data for a reference page. */
import type { Json, JsonObject } from '@gatehouse/model';
import * as z from 'zod';
import { type AttributeNotes, notesOf } from '../schema/common.ts';
import { schemaOf } from './json-schema.ts';
import { innerParts, itemParts, type Part } from './parts.ts';

/** One attribute as people look it up. */
export interface ReferenceAttribute {
  readonly name: string;
  /** In words: `text`, `list of whole numbers` and the like. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly notes: AttributeNotes;
}

/** A map of the language with its attributes. */
export interface ReferencePart {
  readonly name: string;
  /** True for a type of item, false for a map inside of one. */
  readonly isItem: boolean;
  /** What it is and where it stands, in Markdown. */
  readonly intro: string;
  readonly attributes: readonly ReferenceAttribute[];
}

/** All of it, in the order of the page. */
export function languageReference(): readonly ReferencePart[] {
  return [
    ...itemParts.map((part) => referenceOf(part, true)),
    ...innerParts.map((part) => referenceOf(part, false)),
  ];
}

function referenceOf({ name, schema, intro }: Part, isItem: boolean): ReferencePart {
  const json = schemaOf(schema);
  const required: readonly Json[] = Array.isArray(json.required) ? json.required : [];
  const properties = isObject(json.properties) ? json.properties : {};
  const attributes = Object.entries(schema.shape).flatMap(([key, own]) =>
    own instanceof z.ZodType
      ? [
          {
            name: key,
            type: typeText(properties[key]),
            isRequired: required.includes(key),
            notes: notesOf(own),
          },
        ]
      : [],
  );
  return { name, isItem, intro, attributes };
}

function typeText(schema: Json | undefined): string {
  if (!isObject(schema)) return 'anything';
  if (Array.isArray(schema.anyOf)) return anyOfText(schema.anyOf);
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'whole number';
    case 'number':
      return 'number';
    case 'boolean':
      return '`true` or `false`';
    case 'null':
      return 'empty';
    case 'array':
      return `list of ${typeText(schema.items)}`;
    case 'object':
      return isObject(schema.properties) ? mapText(schema.properties) : 'map';
    default:
      return 'anything';
  }
}

function anyOfText(schemas: readonly Json[]): string {
  const types = [...new Set(schemas.map(typeText))];
  const [one, many] = types;
  if (types.length === 2 && many === `list of ${one}`) return `${one}, or a list of such`;
  return types.join(' or ');
}

function mapText(properties: JsonObject): string {
  return `map of ${Object.keys(properties)
    .map((key) => `\`${key}\``)
    .join(', ')}`;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

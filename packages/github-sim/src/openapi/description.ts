/**
 * GitHub's official OpenAPI description, read once per process (13 MB, about 0.3 s) and shared.
 * Only what the simulator needs is typed here.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export type Schema = { readonly [key: string]: unknown };

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Content {
  readonly [mediaType: string]: { readonly schema?: Schema };
}

export interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: Body | Reference;
  readonly responses: { readonly [status: string]: Body | Reference };
}

interface Body {
  readonly required?: boolean;
  readonly content?: Content;
}

interface Reference {
  readonly $ref: string;
}

export interface Description {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly 'x-webhooks': { readonly [name: string]: { readonly post: Operation } };
  readonly components: { readonly [kind: string]: { readonly [name: string]: Schema } };
}

let loaded: Description | null = null;

/** The description of github.com's REST API. */
export function loadDescription(): Description {
  if (loaded === null) {
    const require = createRequire(import.meta.url);
    const file = require.resolve('@octokit/openapi/generated/api.github.com.json');
    // The package's own test suite holds the file to the OpenAPI schema.
    loaded = JSON.parse(readFileSync(file, 'utf8')) as Description;
  }
  return loaded;
}

/** Follows a local reference, if it is one. */
export function follow<T extends object>(description: Description, value: T | Reference): T {
  if (!('$ref' in value)) return value;
  const [, , kind = '', name = ''] = value.$ref.split('/');
  // References of the description point to components of the kind that the place expects.
  return description.components[kind]?.[name] as unknown as T;
}

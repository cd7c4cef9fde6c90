/**
 * Holds requests, answers and webhooks to GitHub's description. Validators are compiled when an
 * operation is first used, so that the start stays fast.
 */
import type { ErrorObject, ValidateFunction } from 'ajv';
import { type Description, follow, loadDescription, type Operation } from './description.ts';
import { createSchemas, type Schemas } from './schemas.ts';

/** What an older API version has and 2026-03-10 has not. Source: GitHub's breaking changes page. */
const GONE_IN_2026 = ['merge_commit_sha', 'assignee', 'rate'];

export interface Validator {
  operation(method: string, template: string): Operation | null;
  /** What is wrong with the query, in GitHub's words; null when nothing is. */
  query(operation: Operation, query: ReadonlyMap<string, string>): string | null;
  /** What is wrong with the body, in GitHub's words; null when nothing is. */
  body(operation: Operation, body: unknown): string | null;
  /** What is wrong with an answer; null when nothing is. */
  answer(operation: Operation, answer: Answer): string | null;
  /** What is wrong with a webhook payload; null when nothing is. */
  webhook(event: string, action: string | null, payload: unknown): string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly mediaType: string;
  readonly version: string;
}

let shared: Validator | null = null;

/**
 * The validator over the official description. Compiling is dear and the description never
 * changes, so all simulators of a process share it.
 */
export function sharedValidator(): Validator {
  shared ??= createValidator();
  return shared;
}

function createValidator(): Validator {
  const description = loadDescription();
  const current = createSchemas(description, []);
  const newer = createSchemas(description, GONE_IN_2026);
  return {
    operation: (method, template) => description.paths[template]?.[method.toLowerCase()] ?? null,
    query: (operation, query) => checkQuery({ description, schemas: current }, operation, query),
    body: (operation, body) => checkBody({ description, schemas: current }, operation, body),
    answer(operation, answer) {
      const schemas = answer.version === '2022-11-28' ? current : newer;
      return checkAnswer({ description, schemas }, operation, answer);
    },
    webhook: (event, action, payload) =>
      checkWebhook({ description, schemas: current }, { event, action, payload }),
  };
}

interface Tools {
  readonly description: Description;
  readonly schemas: Schemas;
}

function checkQuery(
  tools: Tools,
  operation: Operation,
  query: ReadonlyMap<string, string>,
): string | null {
  const parameters = (operation.parameters ?? []).map((each) => follow(tools.description, each));
  const known = parameters.filter((each) => each.in === 'query');
  for (const parameter of known) {
    const text = query.get(parameter.name);
    if (text === undefined && parameter.required === true) {
      return `Invalid request.\n\n"${parameter.name}" wasn't supplied.`;
    }
    if (text === undefined || parameter.schema === undefined) continue;
    const schema = follow(tools.description, parameter.schema);
    const validate = tools.schemas.validator(schema);
    if (validate(text) || validate(fromText(schema.type, text))) continue;
    return `Invalid request.\n\nFor '${parameter.name}', ${explain(validate)}`;
  }
  for (const name of query.keys()) {
    if (!known.some((each) => each.name === name)) {
      return `Invalid request.\n\n"${name}" is not a permitted key.`;
    }
  }
  return null;
}

function fromText(type: unknown, text: string): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function checkBody(tools: Tools, operation: Operation, body: unknown): string | null {
  if (operation.requestBody === undefined) return null;
  const request = follow(tools.description, operation.requestBody);
  const schema = request.content?.['application/json']?.schema;
  if (schema === undefined) return null;
  if (body === undefined) {
    if (request.required !== true) return null;
    return checkBody(tools, operation, {});
  }
  const validate = tools.schemas.validator(schema);
  if (!validate(body)) return `Invalid request.\n\n${explain(validate)}`;
  const properties = schema.properties;
  const isClosed = typeof properties === 'object' && schema.additionalProperties !== true;
  if (!isClosed || properties === null || typeof body !== 'object' || body === null) return null;
  const stranger = Object.keys(body).find((key) => !(key in properties));
  return stranger === undefined
    ? null
    : `Invalid request.\n\n"${stranger}" is not a permitted key.`;
}

function checkAnswer(tools: Tools, operation: Operation, answer: Answer): string | null {
  const response = operation.responses[String(answer.status)];
  const isCommon = answer.status >= 400 || answer.status === 304;
  if (response === undefined) {
    return isCommon ? null : `status ${answer.status} is not described`;
  }
  const { content } = follow(tools.description, response);
  if (content === undefined) {
    // Where the description gives no body, GitHub sends a message with errors and nothing else.
    return answer.body === undefined || isCommon ? null : 'a body is not described';
  }
  const schema = content[answer.mediaType]?.schema;
  if (schema === undefined) return null;
  const validate = tools.schemas.validator(schema);
  return validate(answer.body) ? null : detail(validate);
}

function checkWebhook(
  tools: Tools,
  told: { event: string; action: string | null; payload: unknown },
): string | null {
  const name = [told.event, told.action].filter((part) => part !== null).join('-');
  const webhook = tools.description['x-webhooks'][name.replaceAll('_', '-')];
  if (webhook?.post.requestBody === undefined) return 'GitHub describes no such webhook';
  const request = follow(tools.description, webhook.post.requestBody);
  const schema = request.content?.['application/json']?.schema;
  if (schema === undefined) return null;
  const validate = tools.schemas.validator(schema);
  return validate(told.payload) ? null : detail(validate);
}

function detail(validate: ValidateFunction): string {
  return (validate.errors ?? [])
    .map((error) => `${error.instancePath} ${error.message ?? ''} ${JSON.stringify(error.params)}`)
    .join('; ');
}

/** The first complaint in the style of GitHub's own messages. */
function explain(validate: ValidateFunction): string {
  const [error] = validate.errors ?? [];
  if (error === undefined) return 'is invalid.';
  const place = `properties${error.instancePath}`;
  const value = JSON.stringify(error.data);
  return `${sentence(error, place, value)}`;
}

function sentence(error: ErrorObject, place: string, value: string): string {
  const size = Array.isArray(error.data) ? error.data.length : String(error.data).length;
  switch (error.keyword) {
    case 'required':
      return `"${error.params.missingProperty}" wasn't supplied.`;
    case 'type':
      return `For '${place}', ${value} is not a ${error.params.type}.`;
    case 'enum':
      return `${value} is not a member of ${JSON.stringify(error.params.allowedValues)}.`;
    case 'maxItems':
      return `No more than ${error.params.limit} items are allowed; ${size} were supplied.`;
    case 'maxLength':
      return `Only ${error.params.limit} characters are allowed; ${size} were supplied.`;
    case 'format':
      return `${value} is not a valid ${error.params.format}.`;
    case 'additionalProperties':
      return `"${error.params.additionalProperty}" is not a permitted key.`;
    default:
      return `For '${place}', ${value} ${error.message ?? 'is invalid'}.`;
  }
}

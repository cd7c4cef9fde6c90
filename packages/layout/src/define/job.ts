import type { JsonObject } from '@gatehouse/model';
import type {
  Controlled,
  DependencyUse,
  HttpExecutor,
  JobAttributes,
  JobDefinition,
  JobVariant,
  SecretUse,
  SemaphoreUse,
  WorkflowExecutor,
} from '../definitions.ts';
import { jobTimeoutMaxS } from '../limits.ts';
import { listOf } from '../schema/common.ts';
import {
  type JobInput,
  jobSchema,
  stepMapSchema,
  type VariantInput,
  variantSchema,
} from '../schema/job.ts';
import { noteMarks } from '../schema/parse.ts';
import { wording } from '../wording/wording.ts';
import { entryOf, type Located, nodeUnder, type Span } from '../yaml/located.ts';
import {
  branchesOf,
  type ItemContext,
  isBroken,
  pairs,
  patternsOf,
  placeOf,
  readMap,
  report,
} from './context.ts';
import { checkFields } from './fields.ts';
import { checkNodeset } from './nodeset.ts';

type Input = Partial<JobInput> | Partial<VariantInput>;

/** Reads a `job` item; null when it has an error, which is reported. */
export function readJob(context: ItemContext): JobDefinition | null {
  const { node, file } = context;
  const input = readMap(context, jobSchema, { node, what: 'a job' });
  const name = input.name ?? '';
  const at = nodeUnder(node, 'name')?.span ?? context.key;
  const attributes = attributesOf(context, input, node);
  const branches = branchesOf(context, input.branches, node);
  const isTrusted = file.source.role === 'owner';
  const isBase = input.parent === null;
  const parent = nodeUnder(node, 'parent');
  if (isBase && !isTrusted && name !== 'base') {
    report(context, wording.baseJobNotHere(name), entryOf(node, 'parent')?.key ?? at);
  }
  if (attributes.isIntermediate === true && attributes.isAbstract !== true) {
    report(context, wording.intermediateNotAbstract(name), at);
  }
  if (isBroken(context)) return null;
  return {
    name,
    place: placeOf(context, at),
    parent: input.parent ?? null,
    parentPlace: parent === null ? null : placeOf(context, parent.span),
    isBase,
    impliedBranches: null,
    isTrusted,
    branches,
    attributes,
    ...setIn(context, node),
  };
}

/** Reads an entry of a project's list of jobs that sets attributes. */
export function readVariant(
  context: ItemContext,
  entry: { readonly name: string; readonly key: Span; readonly node: Located },
): JobVariant {
  const { name, key, node } = entry;
  const place = placeOf(context, key);
  if (node.kind === 'scalar' && node.value === null) return bareVariant(name, place);
  const input = readMap(context, variantSchema, { node, what: `the job \`${name}\`` });
  return {
    name,
    place,
    branches: branchesOf(context, input.branches, node),
    attributes: attributesOf(context, input, node),
    ...setIn(context, node, 'parent'),
  };
}

/** The use of a job that changes nothing about it. */
export function bareVariant(name: string, place: JobVariant['place']): JobVariant {
  return { name, place, branches: null, attributes: noAttributes, set: [], setLines: [] };
}

/** A job's attributes when none is set. */
export const noAttributes: JobAttributes = {
  description: null,
  isAbstract: null,
  isFinal: null,
  isProtected: null,
  isIntermediate: null,
  finalAttributes: [],
  run: null,
  preRun: null,
  postRun: null,
  http: null,
  workflow: null,
  timeoutMs: null,
  attempts: null,
  isVoting: null,
  dependencies: null,
  files: null,
  irrelevantFiles: null,
  matchesOnConfigUpdates: null,
  vars: null,
  semaphores: null,
  secrets: null,
  isPostReview: null,
  allowedProjects: null,
  successMessage: null,
  failureMessage: null,
};

function setIn(context: ItemContext, node: Located, ignored = 'name') {
  const entries = node.kind === 'map' ? [...node.entries] : [];
  const own = entries.filter(([key]) => key !== 'name' && key !== ignored);
  return {
    set: own.map(([key]) => key),
    setLines: own.map(([, { key }]) => placeOf(context, key).line),
  };
}

function attributesOf(context: ItemContext, input: Input, node: Located): JobAttributes {
  const under = (key: string) => nodeUnder(node, key);
  checkExecutors(context, node);
  checkNodeset(context, under('nodeset'));
  patternsOf(context, input['failure-output'], under('failure-output'));
  checkLimit(context, { name: 'post-timeout', input, node });
  const frozen = Object.entries(input['attribute-control'] ?? {});
  return {
    description: input.description ?? null,
    isAbstract: input.abstract ?? null,
    isFinal: input.final ?? null,
    isProtected: input.protected ?? null,
    isIntermediate: input.intermediate ?? null,
    finalAttributes: frozen.filter(([, value]) => value?.final === true).map(([key]) => key),
    run: stepsOf(context, { name: 'run', input, node }),
    preRun: stepsOf(context, { name: 'pre-run', input, node }),
    postRun: stepsOf(context, { name: 'post-run', input, node }),
    http: httpOf(context, input.http, under('http')),
    workflow: workflowOf(context, input, under('workflow')),
    timeoutMs:
      input.timeout === undefined
        ? null
        : checkLimit(context, { name: 'timeout', input, node }) * 1_000,
    attempts: input.attempts ?? null,
    isVoting: input.voting ?? null,
    dependencies: controlled(
      input.dependencies,
      () => dependenciesOf(context, input, under('dependencies')),
      controlOf(under('dependencies'), 'override'),
    ),
    files: controlled(
      input.files,
      (value) => patternsOf(context, value, under('files')),
      controlOf(under('files'), 'override'),
    ),
    irrelevantFiles: controlled(
      input['irrelevant-files'],
      (value) => patternsOf(context, value, under('irrelevant-files')),
      controlOf(under('irrelevant-files'), 'override'),
    ),
    matchesOnConfigUpdates: input['match-on-config-updates'] ?? null,
    vars: varsOf(context, under('vars')),
    semaphores: semaphoresOf(context, input, node),
    secrets: secretsOf(context, input, under('secrets')),
    isPostReview: input['post-review'] ?? null,
    allowedProjects:
      input['allowed-projects'] === undefined ? null : listOf(input['allowed-projects']),
    successMessage: input['success-message'] ?? null,
    failureMessage: input['failure-message'] ?? null,
  };
}

/** A job runs in one way; preparation and after-care belong to commands. */
function checkExecutors(context: ItemContext, node: Located): void {
  const command = ['run', 'pre-run', 'post-run'].filter((key) => entryOf(node, key) !== null);
  const others = ['http', 'workflow'].filter((key) => entryOf(node, key) !== null);
  const names = [...command.slice(0, 1), ...others];
  if (names.length < 2) return;
  const second = entryOf(node, names[1] ?? '');
  report(context, wording.twoExecutors(names), second?.key ?? context.key);
}

/** True for a step that is an Ansible playbook; its job can only end in ERROR. */
export function isPlaybook(step: string): boolean {
  return /^\S+\.ya?ml$/.test(step.trim());
}

/** An attribute of the job or variant at `node`. */
interface AttributeAt<Name extends keyof Input> {
  readonly name: Name;
  readonly input: Input;
  readonly node: Located;
}

type Step = Exclude<NonNullable<Input['run']>, readonly unknown[]>;

function stepsOf(
  context: ItemContext,
  { name, input, node: job }: AttributeAt<'run' | 'pre-run' | 'post-run'>,
): readonly string[] | null {
  const steps = input[name];
  if (steps === undefined) return null;
  const node = nodeUnder(job, name);
  const found = pairs<Step>(steps, node, context.key);
  return found.map(([step, span], at) => {
    const text = typeof step === 'string' ? step : step.name;
    const own = node?.kind === 'list' ? node.items[at] : node;
    if (own?.kind === 'map') context.problems.push(...noteMarks(stepMapSchema.shape, own));
    const cleanup = entryOf(own ?? null, 'cleanup');
    if (cleanup !== null && name !== 'post-run') {
      report(context, wording.cleanupElsewhere(name), cleanup.key);
    }
    if (isPlaybook(text)) report(context, wording.playbook(text), span);
    checkFields(context, text, span);
    return text;
  });
}

const URL_FORM = /^https?:\/\/[^\s/?#]+(?:[/?#]\S*)?$/;

function httpOf(
  context: ItemContext,
  input: Input['http'],
  node: Located | null,
): HttpExecutor | null {
  if (input === undefined) return null;
  const url = typeof input === 'string' ? input : input.url;
  const span = nodeUnder(node, 'url')?.span ?? node?.span ?? context.key;
  if (!URL_FORM.test(url)) {
    report(context, wording.malformed('`http`', url, 'Write an https:// address.'), span);
  }
  checkFields(context, url, span);
  const headers = typeof input === 'string' ? {} : (input.headers ?? {});
  checkEach(context, headers, nodeUnder(node, 'headers'));
  return { url, headers };
}

function workflowOf(
  context: ItemContext,
  input: Input,
  node: Located | null,
): WorkflowExecutor | null {
  if (input.workflow === undefined) return null;
  const given = typeof input.workflow === 'string' ? { file: input.workflow } : input.workflow;
  const span = nodeUnder(node, 'file')?.span ?? node?.span ?? context.key;
  if (!/^[^/\s][^\s]*\.ya?ml$/.test(given.file)) {
    const remedy = 'Write the name of a file in .github/workflows, such as `ci.yml`.';
    report(context, wording.malformed('`workflow`', given.file, remedy), span);
  }
  const repository = given.repository ?? null;
  const isOwn =
    repository === null ||
    repository.toLowerCase() === context.file.source.repository.toLowerCase();
  if (!isOwn && context.file.source.role !== 'owner') {
    const at = nodeUnder(node, 'repository')?.span ?? span;
    report(context, wording.foreignWorkflow(input.name ?? ''), at);
  }
  const inputs = Object.entries(given.inputs ?? {}).map(([key, value]) => [key, String(value)]);
  checkEach(context, Object.fromEntries(inputs), nodeUnder(node, 'inputs'));
  return {
    file: given.file.replace(/^\.github\/workflows\//, ''),
    inputs: Object.fromEntries(inputs),
    ref: given.ref ?? null,
    repository,
  };
}

function checkEach(
  context: ItemContext,
  values: Readonly<Record<string, string>>,
  node: Located | null,
): void {
  for (const [key, value] of Object.entries(values)) {
    checkFields(context, value, nodeUnder(node, key)?.span ?? node?.span ?? context.key);
  }
}

/** A limit in seconds, which may not be longer than allowed; 0 when it is not given. */
function checkLimit(
  context: ItemContext,
  { name, input, node }: AttributeAt<'timeout' | 'post-timeout'>,
): number {
  const seconds = input[name] ?? 0;
  const limit = context.file.options.jobTimeoutMaxS ?? jobTimeoutMaxS;
  if (seconds > limit) {
    const span = nodeUnder(node, name)?.span ?? context.key;
    report(context, wording.timeoutTooLong(name, seconds, limit), span);
  }
  return seconds;
}

function controlOf(node: Located | null, standard: Controlled<unknown>['control']) {
  if (node?.tag === '!override') return 'override';
  if (node?.tag === '!inherit') return 'inherit';
  return standard;
}

function controlled<I, T>(
  input: I | undefined,
  convert: (input: I) => T,
  control: Controlled<T>['control'],
): Controlled<T> | null {
  return input === undefined ? null : { value: convert(input), control };
}

type Use = string | { readonly name: string };

function useName(use: Use): string {
  return typeof use === 'string' ? use : use.name;
}

function dependenciesOf(
  context: ItemContext,
  input: Input,
  node: Located | null,
): readonly DependencyUse[] {
  type Dependency = string | { readonly name: string; readonly soft?: boolean | undefined };
  return pairs<Dependency>(input.dependencies, node, context.key).map(([dependency, span]) => ({
    name: useName(dependency),
    isSoft: typeof dependency === 'string' ? false : (dependency.soft ?? false),
    place: placeOf(context, span),
  }));
}

const forbiddenVariables = ['zuul', 'nodepool', 'unsafe_vars'];

/** The variables as they stand in the text; null when the attribute is absent or no map. */
export function varsOf(context: ItemContext, node: Located | null): Controlled<JsonObject> | null {
  if (node?.kind !== 'map') return null;
  for (const name of forbiddenVariables) {
    const entry = entryOf(node, name);
    if (entry !== null) report(context, wording.forbiddenVariable(name), entry.key);
  }
  const value = Object.fromEntries(
    Array.from(node.entries, ([key, entry]) => [key, entry.node.value]),
  );
  return { value, control: controlOf(node, 'inherit') };
}

function semaphoresOf(
  context: ItemContext,
  input: Input,
  node: Located,
): readonly SemaphoreUse[] | null {
  if (input.semaphores === undefined && input.semaphore === undefined) return null;
  const uses = (['semaphores', 'semaphore'] as const).flatMap((key) =>
    pairs<Use>(input[key], nodeUnder(node, key), context.key),
  );
  return uses.map(([use, span]) => ({ name: useName(use), range: placeOf(context, span).range }));
}

function secretsOf(
  context: ItemContext,
  input: Input,
  node: Located | null,
): readonly SecretUse[] | null {
  if (input.secrets === undefined) return null;
  type Secret = string | { readonly name: string; readonly secret: string };
  return pairs<Secret>(input.secrets, node, context.key).map(([use, span]) => ({
    name: useName(use),
    secret: typeof use === 'string' ? use : use.secret,
    range: placeOf(context, span).range,
  }));
}

/** How the attributes of a job's variants combine, and what its guards refuse. */
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
import type { Pattern, SourcePlace } from '../layout.ts';
import type { ProblemText } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { isNoop } from './built-in.ts';
import { mergeDeeply } from './merge-deeply.ts';

/** A job's attributes after some of its variants were applied. */
export interface CombinedJob {
  readonly name: string;
  readonly place: SourcePlace;
  readonly isNoop: boolean;
  readonly isAbstract: boolean;
  readonly isIntermediate: boolean;
  readonly isFinal: boolean;
  /** Repository outside of which nothing may build on the job; null: it is not protected. */
  readonly protectedIn: string | null;
  readonly finalAttributes: readonly string[];
  readonly run: readonly string[] | null;
  readonly preRun: readonly string[];
  readonly postRun: readonly string[];
  readonly http: HttpExecutor | null;
  readonly workflow: WorkflowExecutor | null;
  readonly timeoutMs: number | null;
  readonly attempts: number | null;
  readonly isVoting: boolean;
  readonly dependencies: readonly DependencyUse[];
  readonly files: readonly Pattern[];
  readonly irrelevantFiles: readonly Pattern[];
  /** True: a change that alters the job runs it whatever files it touches. */
  readonly matchesOnConfigUpdates: boolean;
  readonly vars: JsonObject;
  readonly semaphores: readonly string[];
  readonly secrets: readonly SecretUse[];
  readonly isPostReview: boolean;
  /** In lower case; null: any. */
  readonly allowedProjects: readonly string[] | null;
  readonly successMessage: string | null;
  readonly failureMessage: string | null;
}

/** The job after one more variant, or what refuses it. */
export type Combined =
  | { readonly kind: 'ok'; readonly job: CombinedJob }
  | { readonly kind: 'error'; readonly text: ProblemText; readonly place: SourcePlace };

/** Attributes that even a final job may get in a project's pipeline: they only say when it runs. */
const contextAttributes: readonly string[] = [
  'name',
  'parent',
  'description',
  'voting',
  'dependencies',
  'hold-following-changes',
  'branches',
  'files',
  'irrelevant-files',
  'match-on-config-updates',
  'success-message',
  'failure-message',
  'success-url',
  'failure-url',
  'variant-description',
  'tags',
  'provides',
  'requires',
  'deduplicate',
];

/** What a job says of its own use may be said again of a final or protected one. */
const guardAttributes: readonly string[] = ['final', 'protected', 'abstract', 'intermediate'];

function changesExecution(name: string): boolean {
  return !contextAttributes.includes(name) && !guardAttributes.includes(name);
}

const nothing: Omit<CombinedJob, 'name' | 'place'> = {
  isNoop: false,
  isAbstract: false,
  isIntermediate: false,
  isFinal: false,
  protectedIn: null,
  finalAttributes: [],
  run: null,
  preRun: [],
  postRun: [],
  http: null,
  workflow: null,
  timeoutMs: null,
  attempts: null,
  isVoting: true,
  dependencies: [],
  files: [],
  irrelevantFiles: [],
  matchesOnConfigUpdates: true,
  vars: {},
  semaphores: [],
  secrets: [],
  isPostReview: false,
  allowedProjects: null,
  successMessage: null,
  failureMessage: null,
};

/** Applies the definitions of a job, parents first, then its uses in the project's pipeline. */
export function combine(
  definitions: readonly JobDefinition[],
  uses: readonly JobVariant[],
): Combined | null {
  let job: CombinedJob | null = null;
  for (const definition of definitions) {
    const isChild: boolean = job !== null && job.name !== definition.name;
    const refusal: Combined | null = job === null ? null : refuse(job, definition, isChild);
    if (refusal !== null) return refusal;
    job = applyDefinition(job ?? start(definition), definition, isChild);
  }
  for (const use of uses) {
    if (job === null) break;
    const refusal = use.set.length === 0 ? null : refuse(job, use, false);
    if (refusal !== null) return refusal;
    job = apply(job, use);
  }
  return job === null ? null : { kind: 'ok', job };
}

function start({ name, place }: JobDefinition): CombinedJob {
  return { ...nothing, name, place };
}

function applyDefinition(
  job: CombinedJob,
  definition: JobDefinition,
  isChild: boolean,
): CombinedJob {
  const base = isChild ? { ...job, isAbstract: false, isIntermediate: false } : job;
  const applied = apply(base, definition);
  const { name, place, isTrusted } = definition;
  const hasSecrets = (definition.attributes.secrets ?? []).length > 0;
  return {
    ...applied,
    name,
    place,
    isNoop: isNoop(definition),
    // A secret of an ordinary repository is for reviewed code of that repository only.
    isPostReview: applied.isPostReview || (hasSecrets && !isTrusted),
    allowedProjects:
      hasSecrets && !isTrusted
        ? intersection(applied.allowedProjects, [place.repository])
        : applied.allowedProjects,
  };
}

function refuse(job: CombinedJob, variant: JobVariant, isChild: boolean): Combined | null {
  const error = (text: ProblemText): Combined => ({ kind: 'error', text, place: variant.place });
  if (job.isFinal && isChild) return error(wording.finalParent(variant.name, job.name));
  const execution = variant.set.filter(changesExecution);
  if (job.isFinal && execution.length > 0) {
    return error(wording.finalVariant(job.name, execution));
  }
  const { repository } = variant.place;
  const isUsed = isChild || execution.length > 0;
  if (isUsed && job.protectedIn !== null && job.protectedIn !== repository) {
    return error(wording.protectedJob(variant.name, job.name, job.protectedIn));
  }
  if (isChild && job.isIntermediate && variant.attributes.isAbstract !== true) {
    return error(wording.intermediateParent(variant.name, job.name));
  }
  const frozen = variant.set.find((name) => job.finalAttributes.includes(name));
  if (frozen !== undefined) return error(wording.attributeFrozen(variant.name, frozen));
  const { run, preRun, postRun } = variant.attributes;
  const other = otherExecutor(job);
  if (other !== null && run === null && (preRun !== null || postRun !== null)) {
    return error(wording.preparationOfOther(variant.name, other));
  }
  return null;
}

function otherExecutor(job: CombinedJob): 'http' | 'workflow' | null {
  if (job.http !== null) return 'http';
  return job.workflow === null ? null : 'workflow';
}

function apply(job: CombinedJob, variant: JobVariant): CombinedJob {
  const own = variant.attributes;
  return {
    ...job,
    ...executorOf(job, own),
    isAbstract: own.isAbstract ?? job.isAbstract,
    isIntermediate: own.isIntermediate ?? job.isIntermediate,
    isFinal: own.isFinal ?? job.isFinal,
    protectedIn: job.protectedIn ?? (own.isProtected === true ? variant.place.repository : null),
    finalAttributes: [...new Set([...job.finalAttributes, ...own.finalAttributes])],
    timeoutMs: own.timeoutMs ?? job.timeoutMs,
    attempts: own.attempts ?? job.attempts,
    isVoting: own.isVoting ?? job.isVoting,
    dependencies: dependenciesOf(job.dependencies, own.dependencies),
    files: listOf(job.files, own.files),
    irrelevantFiles: listOf(job.irrelevantFiles, own.irrelevantFiles),
    matchesOnConfigUpdates: own.matchesOnConfigUpdates ?? job.matchesOnConfigUpdates,
    vars: varsOf(job.vars, own.vars),
    semaphores: semaphoresOf(job.semaphores, own.semaphores),
    secrets: [...job.secrets, ...(own.secrets ?? [])],
    isPostReview: job.isPostReview || own.isPostReview === true,
    allowedProjects:
      own.allowedProjects === null
        ? job.allowedProjects
        : intersection(job.allowedProjects, own.allowedProjects),
    successMessage: own.successMessage ?? job.successMessage,
    failureMessage: own.failureMessage ?? job.failureMessage,
  };
}

type Executor = Pick<CombinedJob, 'isNoop' | 'run' | 'preRun' | 'postRun' | 'http' | 'workflow'>;

/** A way to run replaces the parent's way; preparation and after-care wrap around the parent's. */
function executorOf(job: CombinedJob, own: JobAttributes): Executor {
  if (own.http !== null || own.workflow !== null) {
    const { http, workflow } = own;
    return { isNoop: false, run: null, preRun: [], postRun: [], http, workflow };
  }
  const isCommand = own.run !== null;
  return {
    isNoop: job.isNoop && !isCommand,
    run: own.run ?? job.run,
    preRun: [...job.preRun, ...(own.preRun ?? [])],
    postRun: [...(own.postRun ?? []), ...job.postRun],
    http: isCommand ? null : job.http,
    workflow: isCommand ? null : job.workflow,
  };
}

function listOf<T>(inherited: readonly T[], own: Controlled<readonly T[]> | null) {
  if (own === null) return inherited;
  return own.control === 'override' ? own.value : [...inherited, ...own.value];
}

function dependenciesOf(
  inherited: readonly DependencyUse[],
  own: Controlled<readonly DependencyUse[]> | null,
): readonly DependencyUse[] {
  const byName = new Map(listOf(inherited, own).map((one) => [one.name, one]));
  return [...byName.values()];
}

/** Sorted, so that jobs take several of them in one order and cannot block each other. */
function semaphoresOf(
  inherited: readonly string[],
  own: readonly SemaphoreUse[] | null,
): readonly string[] {
  if (own === null) return inherited;
  return [...new Set([...inherited, ...own.map(({ name }) => name)])].sort();
}

function varsOf(inherited: JsonObject, own: Controlled<JsonObject> | null): JsonObject {
  if (own === null) return inherited;
  return own.control === 'override' ? own.value : mergeDeeply(inherited, own.value);
}

function intersection(
  inherited: readonly string[] | null,
  own: readonly string[],
): readonly string[] {
  const names = own.map((name) => name.toLowerCase());
  return inherited === null ? names : inherited.filter((name) => names.includes(name));
}

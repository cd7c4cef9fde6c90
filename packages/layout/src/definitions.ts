/** The other half of the layout's plain data: jobs, projects and what they refer to. */
import type { JobDependency, JsonObject, SourceRange } from '@gatehouse/model';
import type { Pattern, PipelineDefinition, SourcePlace } from './layout.ts';

/** A value of a job attribute that a child combines with its parent's. */
export interface Controlled<T> {
  readonly value: T;
  /** `override` replaces the parent's value, `inherit` adds to it or merges with it. */
  readonly control: 'override' | 'inherit';
}

/** An external CI to call. */
export interface HttpExecutor {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A GitHub Actions workflow to dispatch. */
export interface WorkflowExecutor {
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly ref: string | null;
  readonly repository: string | null;
}

/** A secret as a job uses it. */
export interface SecretUse {
  /** The name under which the job sees it. */
  readonly name: string;
  readonly secret: string;
  readonly range: SourceRange;
}

/** A dependency with the place where it is written. */
export interface DependencyUse extends JobDependency {
  readonly place: SourcePlace;
}

/** A semaphore that a job holds while it runs. */
export interface SemaphoreUse {
  readonly name: string;
  readonly range: SourceRange;
}

/** Attributes that one variant of a job sets; null: not set here. */
export interface JobAttributes {
  readonly description: string | null;
  readonly isAbstract: boolean | null;
  readonly isFinal: boolean | null;
  readonly isProtected: boolean | null;
  readonly isIntermediate: boolean | null;
  /** Attributes that no child may change any more. */
  readonly finalAttributes: readonly string[];
  readonly run: readonly string[] | null;
  readonly preRun: readonly string[] | null;
  readonly postRun: readonly string[] | null;
  readonly http: HttpExecutor | null;
  readonly workflow: WorkflowExecutor | null;
  readonly timeoutMs: number | null;
  readonly attempts: number | null;
  readonly isVoting: boolean | null;
  readonly dependencies: Controlled<readonly DependencyUse[]> | null;
  readonly files: Controlled<readonly Pattern[]> | null;
  readonly irrelevantFiles: Controlled<readonly Pattern[]> | null;
  readonly matchesOnConfigUpdates: boolean | null;
  readonly vars: Controlled<JsonObject> | null;
  readonly semaphores: readonly SemaphoreUse[] | null;
  readonly secrets: readonly SecretUse[] | null;
  readonly isPostReview: boolean | null;
  readonly allowedProjects: readonly string[] | null;
  readonly successMessage: string | null;
  readonly failureMessage: string | null;
}

/**
 * Where a definition holds that names no branches: null: everywhere; a text: on the branch of
 * exactly this name; a list: on the branches that one of the patterns matches.
 */
export type ImpliedBranches = string | readonly Pattern[] | null;

/** What a file's `pragma` items say about it; null: nothing. */
export interface Pragma {
  /** Whether its jobs and templates hold for implied branches only. */
  readonly hasImpliedBranches: boolean | null;
  /** The branches to imply instead of the file's own. */
  readonly impliedBranches: readonly Pattern[] | null;
}

/** One variant of a job. */
export interface JobVariant {
  readonly name: string;
  readonly place: SourcePlace;
  /** Explicit branch patterns; null: the branch it was read from, where that counts. */
  readonly branches: readonly Pattern[] | null;
  readonly attributes: JobAttributes;
  /** Names of the attributes that the text sets, in its order. */
  readonly set: readonly string[];
  /** The line of each name in `set`. */
  readonly setLines: readonly number[];
}

/** A `job` item. */
export interface JobDefinition extends JobVariant {
  /** The parent's name; null: the default parent, or none when `isBase`. */
  readonly parent: string | null;
  /** Where the parent's name stands; null when none is written. */
  readonly parentPlace: SourcePlace | null;
  /** True for `parent: null`: it inherits from nothing. */
  readonly isBase: boolean;
  readonly impliedBranches: ImpliedBranches;
  /** True when it stands in the owner's configuration repository. */
  readonly isTrusted: boolean;
}

/** Jobs of a project or template in one pipeline. */
export interface ProjectPipeline {
  readonly pipeline: string;
  readonly place: SourcePlace;
  /** In report order; the same name may stand several times. */
  readonly jobs: readonly JobVariant[];
  /** True: reports carry the reasons why jobs run or not. */
  readonly isDebug: boolean;
  readonly isFailFast: boolean;
}

interface ProjectLike {
  readonly place: SourcePlace;
  readonly description: string | null;
  readonly queue: string | null;
  /** Where the queue's name stands; null when none is written. */
  readonly queuePlace: SourcePlace | null;
  readonly vars: JsonObject;
  readonly pipelines: readonly ProjectPipeline[];
  readonly impliedBranches: ImpliedBranches;
}

/** How a change is merged when its pipeline says so. */
export type MergeMode =
  | 'merge'
  | 'merge-resolve'
  | 'cherry-pick'
  | 'squash-merge'
  | 'rebase'
  | 'merge-recursive'
  | 'merge-ort';

/** A `project` item. */
export interface ProjectDefinition extends ProjectLike {
  /** Which repositories: one by name, or all whose full name matches. */
  readonly target: { readonly repository: string } | { readonly pattern: Pattern };
  readonly templates: readonly TemplateUse[];
  readonly branches: readonly Pattern[] | null;
  readonly defaultBranch: string | null;
  readonly mergeMode: MergeMode | null;
}

/** A template that a project names. */
export interface TemplateUse {
  readonly name: string;
  readonly place: SourcePlace;
}

/** A `project-template` item. */
export interface TemplateDefinition extends ProjectLike {
  readonly name: string;
}

/** A `queue` item: several repositories merge in one order. */
export interface QueueDefinition {
  readonly name: string;
  readonly place: SourcePlace;
  readonly isPerBranch: boolean;
  readonly allowsCircularDependencies: boolean;
}

/** A `semaphore` item: at most `max` holders in the tenant. */
export interface SemaphoreDefinition {
  readonly name: string;
  readonly place: SourcePlace;
  readonly max: number;
}

/** A name that is defined but whose content is not needed for decisions. */
export interface NamedDefinition {
  readonly name: string;
  readonly place: SourcePlace;
}

/** An item with an error: what it would define is unknown, so nothing may stand in for it. */
export interface BrokenDefinition extends NamedDefinition {
  /**
   * Type of the item, or `file` for a file that could not be read. A `project` without a name has
   * that of its repository, a file its path.
   */
  readonly type: string;
}

/** Whose a pipeline is: built in, the owner's for all repositories, or one repository's own. */
export type PipelineScope =
  | { readonly kind: 'built-in' }
  | { readonly kind: 'owner' }
  | { readonly kind: 'repository'; readonly repository: string };

/** A pipeline with its scope. */
export interface ScopedPipeline {
  readonly scope: PipelineScope;
  readonly definition: PipelineDefinition;
}

/**
 * Everything the engine decides with, as plain data that survives a JSON round trip. Lists are in
 * definition order: sources as given, files by path, items by line.
 */
export interface Layout {
  /** The owner's configuration repository; null: the owner has none. */
  readonly ownerRepository: string | null;
  readonly pipelines: readonly ScopedPipeline[];
  readonly jobs: readonly JobDefinition[];
  readonly projects: readonly ProjectDefinition[];
  readonly templates: readonly TemplateDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly semaphores: readonly SemaphoreDefinition[];
  readonly secrets: readonly NamedDefinition[];
  readonly nodesets: readonly NamedDefinition[];
  readonly broken: readonly BrokenDefinition[];
}

/** Where the values of a job come from, for people who ask why it is as it is. */
import type { Json } from '@gatehouse/model';
import type { Controlled, JobDefinition, JobVariant, Layout } from '../definitions.ts';
import type { Pattern, SourcePlace } from '../layout.ts';
import { jobAttemptsDefault, jobTimeoutDefaultS } from '../limits.ts';
import { collectVariants } from './collect.ts';
import type { CombinedJob } from './inherit.ts';
import { settle } from './settle.ts';
import { matchesBranch, type Subject } from './stanzas.ts';

/** A value of a job, under the name that the attribute has in the text. */
export interface ExplainedValue {
  readonly attribute: string;
  readonly value: Json;
  /** What set it or added to it, in that order; empty: it is the default. */
  readonly from: readonly SourcePlace[];
}

/** A job of a pipeline with the way it came about. */
export interface ExplainedJob {
  readonly name: string;
  /** Where the project lists it; several stanzas and templates may. */
  readonly listedAt: readonly SourcePlace[];
  /** What it is made of: its parents' variants first, its own last. */
  readonly definedAt: readonly { readonly name: string; readonly place: SourcePlace }[];
  readonly values: readonly ExplainedValue[];
}

/** Explains one job that the project lists for a pipeline; null: it is not settled there. */
export function explainJob(
  layout: Layout,
  { subject, pipeline }: { readonly subject: Subject; readonly pipeline: string },
  name: string,
): ExplainedJob | null {
  const settled = settle(layout, subject, pipeline);
  const combined = settled?.jobs.get(name)?.combined;
  if (settled === null || combined?.kind !== 'ok') return null;
  const { job, place } = combined;
  const collected = collectVariants(layout, { name, place }, subject);
  const definitions = collected.kind === 'found' ? collected.variants : [];
  const uses = (settled.list.jobs.get(name) ?? []).filter(
    ({ branches }) => branches === null || matchesBranch(branches, subject),
  );
  const origins = originsOf(definitions, uses);
  const varsFrom = [...settled.list.varsPlaces, ...(origins.get('vars') ?? [])];
  if (varsFrom.length > 0) origins.set('vars', varsFrom);
  return {
    name,
    listedAt: uses.map((use) => use.place),
    definedAt: definitions.map((definition) => ({
      name: definition.name,
      place: definition.place,
    })),
    values: valuesOf(job, origins),
  };
}

/** Names of the jobs that the project lists for a pipeline, in report order. */
export function listedJobs(
  layout: Layout,
  { subject, pipeline }: { readonly subject: Subject; readonly pipeline: string },
): readonly string[] {
  return [...(settle(layout, subject, pipeline)?.jobs.keys() ?? [])];
}

type Origins = Map<string, SourcePlace[]>;

const executors = ['run', 'http', 'workflow'];
/** What each variant adds to, instead of replacing it. */
const adding = ['pre-run', 'post-run', 'secrets', 'semaphores', 'allowed-projects'];

function originsOf(definitions: readonly JobDefinition[], uses: readonly JobVariant[]): Origins {
  const origins: Origins = new Map();
  for (const variant of [...definitions, ...uses]) {
    variant.set.forEach((written, at) => {
      const attribute = written === 'semaphore' ? 'semaphores' : written;
      const line = variant.setLines[at] ?? variant.place.line;
      const { repository, branch, path } = variant.place;
      const place = { repository, branch, path, line };
      const isAdding = adding.includes(attribute) || isInheriting(variant, attribute);
      const earlier = isAdding ? (origins.get(attribute) ?? []) : [];
      if (executors.includes(attribute)) clearExecutors(origins, attribute);
      origins.set(attribute, [...earlier, place]);
    });
  }
  return origins;
}

function isInheriting({ attributes }: JobVariant, attribute: string): boolean {
  const controls: Readonly<Record<string, Controlled<unknown> | null>> = {
    dependencies: attributes.dependencies,
    files: attributes.files,
    'irrelevant-files': attributes.irrelevantFiles,
    vars: attributes.vars,
  };
  return Object.hasOwn(controls, attribute) && controls[attribute]?.control === 'inherit';
}

/** A way to run takes the place of another one; steps around a command go with the command. */
function clearExecutors(origins: Origins, attribute: string): void {
  for (const other of executors) origins.delete(other);
  if (attribute === 'run') return;
  origins.delete('pre-run');
  origins.delete('post-run');
}

function valuesOf(job: CombinedJob, origins: Origins): readonly ExplainedValue[] {
  const values: readonly (readonly [string, Json | null])[] = [
    ['run', job.run],
    ['pre-run', filled(job.preRun)],
    ['post-run', filled(job.postRun)],
    ['http', job.http === null ? null : { url: job.http.url, headers: job.http.headers }],
    ['workflow', job.workflow === null ? null : { ...job.workflow }],
    ['timeout', (job.timeoutMs ?? jobTimeoutDefaultS * 1_000) / 1_000],
    ['attempts', job.attempts ?? jobAttemptsDefault],
    ['voting', job.isVoting],
    ['dependencies', filled(job.dependencies.map(({ name, isSoft }) => ({ name, soft: isSoft })))],
    ['files', filled(job.files.map(patternJson))],
    ['irrelevant-files', filled(job.irrelevantFiles.map(patternJson))],
    ['match-on-config-updates', job.matchesOnConfigUpdates ? null : false],
    ['vars', Object.keys(job.vars).length === 0 ? null : job.vars],
    ['semaphores', filled(job.semaphores)],
    ['secrets', filled(job.secrets.map(({ name, secret }) => ({ name, secret })))],
    ['abstract', job.isAbstract || null],
    ['final', job.isFinal || null],
    ['post-review', job.isPostReview || null],
    ['allowed-projects', job.allowedProjects],
    ['success-message', job.successMessage],
    ['failure-message', job.failureMessage],
  ];
  return values.flatMap(([attribute, value]) =>
    value === null ? [] : [{ attribute, value, from: origins.get(attribute) ?? [] }],
  );
}

function filled<T extends Json>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

function patternJson({ source, isNegated }: Pattern): Json {
  return isNegated ? { regex: source, negate: true } : source;
}

/** What a repository's configuration resolves to, as plain data. */
import {
  type ExplainedValue,
  explainJob,
  freezeJobs,
  type Layout,
  listedJobs,
  loadLayout,
  pipelinesFor,
  type SourcePlace,
} from '@gatehouse/layout';
import type { Reason } from '@gatehouse/model';
import type { Target } from './target-shape.ts';

/** A repository with its pipelines. */
export interface ResolvedLayout {
  readonly repository: string;
  readonly branch: string | null;
  readonly errors: number;
  readonly pipelines: readonly ResolvedPipeline[];
}

/** A pipeline with the jobs that the repository runs in it. */
export interface ResolvedPipeline {
  readonly name: string;
  readonly manager: string;
  /** Null: it is built in. */
  readonly definedAt: string | null;
  /** False: no stanza lists anything for it. */
  readonly takesPart: boolean;
  readonly jobs: readonly ResolvedJob[];
  /** What keeps all of it from running. */
  readonly problems: readonly string[];
}

/** A job as it would run. */
export interface ResolvedJob {
  readonly name: string;
  /** `left-out`: it is not for this branch; `error`: it cannot be settled. */
  readonly state: 'runs' | 'left-out' | 'error';
  readonly listedAt: readonly string[];
  /** `name place` of every definition in it, parents first. */
  readonly definedAt: readonly { readonly job: string; readonly place: string }[];
  readonly values: readonly {
    readonly attribute: string;
    readonly value: ExplainedValue['value'];
    /** Empty: the default. */
    readonly from: readonly string[];
  }[];
}

/** Resolves a target, for its branch. */
export function resolveLayout(target: Target): ResolvedLayout {
  const { repository, branch } = target;
  const { layout, problems } = target.loaded ?? loadLayout(target.sources);
  return {
    repository,
    branch,
    errors: problems.filter(({ level }) => level === 'error').length,
    pipelines: pipelinesFor(layout, repository).map((definition) => ({
      name: definition.name,
      manager: definition.manager,
      definedAt: definition.place === null ? null : placeFor(repository, definition.place),
      ...jobsOf(layout, { repository, branch, pipeline: definition.name }),
    })),
  };
}

interface Asked {
  readonly repository: string;
  readonly branch: string | null;
  readonly pipeline: string;
}

function jobsOf(
  layout: Layout,
  asked: Asked,
): Pick<ResolvedPipeline, 'takesPart' | 'jobs' | 'problems'> {
  const frozen = freezeJobs(layout, { ...asked, changedFiles: null, base: null });
  const { repository, branch, pipeline } = asked;
  const subject = { repository, branch, ref: null };
  const jobs = listedJobs(layout, { subject, pipeline }).map((name): ResolvedJob => {
    const explained = explainJob(layout, { subject, pipeline }, name);
    const places = (all: readonly SourcePlace[]) => all.map((one) => placeFor(repository, one));
    return {
      name,
      state: stateOf(frozen.reasons, name),
      listedAt: places(explained?.listedAt ?? []),
      definedAt: (explained?.definedAt ?? []).map((definition) => ({
        job: definition.name,
        place: placeFor(repository, definition.place),
      })),
      values: (explained?.values ?? []).map(({ attribute, value, from }) => ({
        attribute,
        value,
        from: places(from),
      })),
    };
  });
  const takesPart = !frozen.reasons.some(({ code }) => code === 'pipeline-not-configured');
  return { takesPart, jobs, problems: frozen.problems.map(({ message }) => message) };
}

/** Codes of reasons that keep a job from running; every other one lets it run. */
const leavingOut = ['job-branch-not-matched', 'job-files-not-matched', 'job-files-irrelevant'];

/** What the reasons say of a job; no reason: it has an error. */
export function stateOf(reasons: readonly Reason[], name: string): ResolvedJob['state'] {
  const reason = reasons.find(({ code, subject }) => code.startsWith('job-') && subject === name);
  if (reason === undefined) return 'error';
  return leavingOut.includes(reason.code) ? 'left-out' : 'runs';
}

/** `path:line`, with the repository in front when it is another one. */
export function placeFor(repository: string, place: SourcePlace): string {
  if (place.repository === '') return 'built in';
  const here = `${place.path}:${place.line}`;
  return place.repository === repository ? here : `${place.repository} ${here}`;
}

/**
 * Freezing: the jobs that one change runs in one pipeline, settled once, with the reason for each.
 * Running items keep their graph however the configuration changes afterwards.
 */
import type { ConfigurationProblem, FrozenJob, Reason } from '@gatehouse/model';
import { bareRepository } from '../define/project.ts';
import type { BrokenDefinition, Layout } from '../definitions.ts';
import type { PipelineDefinition, SourcePlace } from '../layout.ts';
import { jobAttemptsDefault, jobTimeoutDefaultS } from '../limits.ts';
import { type ProblemText, placeText, problemAt } from '../problems.ts';
import { wording } from '../wording/wording.ts';
import { type Before, beforeChange, isAltered, isConfigurationAltered } from './altered.ts';
import { type Candidate, executionOf, isOwnersUse, type NoCandidate } from './candidate.ts';
import { connect } from './connect.ts';
import { judgeFiles } from './files.ts';
import type { CombinedJob } from './inherit.ts';
import { pipelinesFor } from './names.ts';
import { type FreezeRequest, type FreezeResult, subjectOf } from './request.ts';
import { type SettledJob, type SettledList, settle } from './settle.ts';
import { holdsFor, isFor } from './stanzas.ts';
import { undecidableStanzas } from './undecidable.ts';

/** Freezes the jobs of a change. */
export function freezeJobs(layout: Layout, request: FreezeRequest): FreezeResult {
  const { repository, branch } = request;
  const nothing = { jobs: [], reasons: [], problems: [], isDebug: false };
  const pipelines = pipelinesFor(layout, repository);
  const pipeline = pipelines.find(({ name }) => name === request.pipeline);
  if (pipeline === undefined) {
    const known = pipelines.map(({ name }) => name);
    const text = wording.undefinedName('pipeline', request.pipeline, known);
    const place = { repository, branch, path: '', line: 1 };
    return { ...nothing, problems: [{ ...problemAt(text, place), range: null }] };
  }
  const undecidable = undecidableStanzas(layout, subjectOf(request));
  const broken = [...brokenStanzas(layout, request), ...undecidable];
  if (broken.length > 0) return { ...nothing, problems: broken };
  const settled = settle(layout, subjectOf(request), pipeline.name);
  if (settled === null) {
    const reason = { code: 'pipeline-not-configured', subject: pipeline.name, seen: repository };
    return { ...nothing, reasons: [reason] };
  }
  return freezeList({ layout, request, pipeline, settled });
}

/**
 * A stanza with an error could list any job, and a file of the repository that cannot be read could
 * hold such a stanza: running the rest alone would prove nothing. What another repository writes
 * about this one without being allowed to counts for nothing, faulty or not.
 */
function brokenStanzas(
  layout: Layout,
  { repository, branch }: FreezeRequest,
): readonly ConfigurationProblem[] {
  const isOwn = (place: SourcePlace) => isSame(place.repository, repository);
  const isHere = ({ type, name, place }: BrokenDefinition) => {
    if (isOwn(place) && !holdsFor(place.branch, branch)) return false;
    if (type === 'file') return isOwn(place);
    const isAllowed = isOwn(place) || isSame(place.repository, layout.ownerRepository);
    return isAllowed && type === 'project' && isFor({ target: targetNamed(name) }, repository);
  };
  return layout.broken.filter(isHere).map(({ type, name, place }) => {
    const isFile = type === 'file';
    const text = isFile
      ? wording.unreadableFile(name)
      : wording.brokenName(type, name, placeText(place));
    return problemAt(text, place);
  });
}

function isSame(a: string, b: string | null): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}

function targetNamed(name: string) {
  if (name.startsWith('^')) return { pattern: { source: name, isNegated: false } };
  return { repository: bareRepository(name) };
}

interface Freezing {
  readonly layout: Layout;
  readonly request: FreezeRequest;
  readonly pipeline: PipelineDefinition;
  readonly settled: SettledList;
}

function freezeList(freezing: Freezing): FreezeResult {
  const reasons: Reason[] = [];
  const problems: ConfigurationProblem[] = [];
  const candidates: Candidate[] = [];
  const before = beforeChange(freezing.request);
  // A change that touches no configuration is frozen with one layout for both.
  const altering = freezing.request.base === freezing.layout ? null : before;
  for (const settled of freezing.settled.jobs.values()) {
    const outcome = considerJob(settled, freezing.request, altering);
    if (outcome.kind === 'error') problems.push(problemAt(outcome.text, outcome.place));
    else if (outcome.kind === 'left-out') reasons.push(outcome.reason);
    else candidates.push(outcome.candidate);
  }
  const graph = connect(freezing.layout, candidates, freezing.request.repository);
  problems.push(...graph.problems);
  for (const { job, place } of graph.members) {
    const text = guard(freezing, job);
    if (text !== null) problems.push(problemAt(text, place));
  }
  const isSound = !problems.some(({ level }) => level === 'error');
  return {
    jobs: isSound ? graph.members.map((member) => freeze(member, before)) : [],
    reasons: [...reasons, ...graph.reasons],
    problems,
    isDebug: freezing.settled.list.isDebug,
  };
}

type Outcome = { readonly kind: 'candidate'; readonly candidate: Candidate } | NoCandidate;

function considerJob(
  { combined, unusable }: SettledJob,
  request: FreezeRequest,
  altering: Before | null,
): Outcome {
  if (combined.kind !== 'ok') return combined;
  const { job, place } = combined;
  if (unusable !== null) {
    const text = wording.needsLookAround(unusable, `job \`${job.name}\``);
    return { kind: 'error', text, place };
  }
  const leftOut = judgeFiles(job, request.changedFiles);
  const isWanted =
    leftOut !== null && job.matchesOnConfigUpdates && isConfigurationAltered(altering, job);
  return {
    kind: 'candidate',
    candidate: { job, place, leftOut: isWanted ? null : leftOut, isWanted },
  };
}

/** What forbids a job to run at all; looked at only for jobs that would. */
function guard(
  { layout, request, pipeline, settled }: Freezing,
  job: CombinedJob,
): ProblemText | null {
  const { name } = job;
  if (job.isAbstract) return wording.abstractJob(name);
  const isOwners = (settled.list.jobs.get(name) ?? []).some((use) => isOwnersUse(layout, use));
  const isAllowed =
    isOwners ||
    job.allowedProjects === null ||
    job.allowedProjects.some((project) => isSameProject(project, request.repository));
  if (!isAllowed) return wording.projectNotAllowed(name, request.repository);
  if (job.isPostReview && !pipeline.isPostReview) return wording.postReviewJob(name, pipeline.name);
  return executionOf(job) === null ? wording.nothingToRun(name) : null;
}

function isSameProject(project: string, repository: string): boolean {
  const wanted = repository.toLowerCase();
  return project === wanted || project.endsWith(`/${wanted}`);
}

function freeze({ job }: Candidate, before: Before | null): FrozenJob {
  const execution = executionOf(job) ?? { kind: 'noop' };
  return {
    name: job.name,
    execution,
    isVoting: job.isVoting,
    timeoutMs: job.timeoutMs ?? jobTimeoutDefaultS * 1_000,
    attempts: job.attempts ?? jobAttemptsDefault,
    dependencies: job.dependencies.map(({ name, isSoft }) => ({ name, isSoft })),
    vars: job.vars,
    secrets: [...new Set(job.secrets.map(({ secret }) => secret))],
    isAlteredByChange: isAltered(before, job.name, execution),
    successMessage: job.successMessage,
    failureMessage: job.failureMessage,
  };
}

/**
 * Why each job of each pipeline runs or does not, as plain data. The engine decides in the same
 * way: the jobs are frozen by the same function, and the reasons are the ones it keeps.
 */
import {
  type ConsideredPart,
  explainChoice,
  explainJob,
  freezeJobs,
  type Layout,
  listedJobs,
  pipelinesFor,
  type SourcePlace,
  stanzasFor,
  takesPart,
} from '@gatehouse/layout';
import type { ConfigurationProblem, Reason } from '@gatehouse/model';
import { reasonText } from '@gatehouse/pipeline';
import { explainWords } from './explain-words.ts';
import type { DecidedJob, Decision, ExplainedPipeline, OtherPart } from './explanation-shape.ts';
import { placeFor, stateOf } from './resolved.ts';
import { untrustedDifference } from './untrusted.ts';

/** The pipelines a repository has, in order; the engine takes no others, whatever is proposed. */
export function pipelinesOf({ base, repository }: Decision): readonly string[] {
  return pipelinesFor(base, repository).map(({ name }) => name);
}

/** True when a stanza of the base, or where that counts of the change, gives it the pipeline. */
export function isInPipeline({ base, own, repository }: Decision, pipeline: string): boolean {
  if (takesPart(base, repository, pipeline)) return true;
  const definition = pipelinesFor(base, repository).find(({ name }) => name === pipeline);
  const isOpen = own !== null && definition?.isPostReview === false;
  return isOpen && takesPart(own, repository, pipeline);
}

/** Explains one pipeline of the repository; null: it has none of that name. */
export function explainPipeline(decision: Decision, pipeline: string): ExplainedPipeline | null {
  const { repository, branch, changedFiles, base, own } = decision;
  const definition = pipelinesFor(base, repository).find(({ name }) => name === pipeline);
  if (definition === undefined) return null;
  const layout = own ?? base;
  const request = { repository, branch, pipeline, changedFiles };
  const frozen = freezeJobs(layout, { ...request, base: own === null ? null : base });
  const asked: Asked = { decision, layout, pipeline, reasons: frozen.reasons };
  const question = { subject: subjectOf(decision), pipeline };
  const errors = frozen.problems.filter(({ level }) => level === 'error');
  const absent = frozen.reasons.find(({ code }) => code === 'pipeline-not-configured');
  const isDecided = decision.isChange && errors.length === 0 && absent === undefined;
  return {
    name: definition.name,
    manager: definition.manager,
    definedAt: definition.place === null ? null : placeFor(repository, definition.place),
    problems: errors.map((problem) => problemLine(repository, problem)),
    nothing: absent === undefined ? null : nothingText(asked, absent),
    jobs: listedJobs(layout, question).map((name) => explainOne(asked, name)),
    untrusted: isDecided ? untrustedDifference(decision, definition, frozen) : [],
  };
}

/** A problem with its place, in one line. */
export function problemLine(
  repository: string,
  { message, path, range, repository: where }: ConfigurationProblem,
): string {
  const line = range === null ? '' : `:${range.startLine}`;
  const other = where === repository || where === '' ? '' : `${where} `;
  return path === '' ? message : `${message} (${other}${path}${line})`;
}

interface Asked {
  readonly decision: Decision;
  readonly layout: Layout;
  readonly pipeline: string;
  readonly reasons: readonly Reason[];
}

function subjectOf({ repository, branch }: Decision) {
  return { repository, branch, ref: null };
}

function nothingText({ decision, layout, pipeline }: Asked, reason: Reason): string {
  const subject = subjectOf(decision);
  const others = stanzasFor(layout, { subject, pipeline }).filter(({ isApplied }) => !isApplied);
  const parts = others.map((part) => explainWords.otherStanza(otherPart(decision, part)));
  return [reasonText(reason), ...parts].join(' ');
}

function explainOne({ decision, layout, pipeline, reasons }: Asked, name: string): DecidedJob {
  const { repository, changedFiles } = decision;
  const question = { subject: subjectOf(decision), pipeline };
  const choice = explainChoice(layout, question, { job: name, changedFiles });
  const explained = explainJob(layout, question, name);
  const reason = reasons.find((one) => one.code.startsWith('job-') && one.subject === name);
  const parts = [...(choice?.definitions ?? []), ...(choice?.uses ?? [])];
  const others = parts.filter(({ isApplied }) => !isApplied);
  const from = (job: string, attribute: string) =>
    explainJob(layout, question, job)?.values.find((value) => value.attribute === attribute)
      ?.from ?? [];
  const places = (all: readonly SourcePlace[]) => all.map((place) => placeFor(repository, place));
  const file = reason?.code === 'job-runs' ? (choice?.decidingFile ?? null) : null;
  const isBranch = reason?.code === 'job-branch-not-matched';
  const uses = choice?.uses.filter(({ isApplied }) => isApplied || isBranch) ?? [];
  const listedAt = places(uses.map(({ place }) => place));
  const decided = decidingPlaces(reason ?? null, { others, from, file });
  return {
    name,
    decision: stateOf(reasons, name),
    reason: reason ?? null,
    why: reason === undefined ? explainWords.jobError(name) : reasonText(reason),
    because: file === null ? null : explainWords.decidingFile(file),
    decidedAt: decided.length === 0 ? listedAt : places(decided),
    listedAt,
    madeOf: (explained?.definedAt ?? []).map((one) => ({
      name: one.name,
      place: placeFor(repository, one.place),
    })),
    leftOut: others.map((part) => otherPart(decision, part)),
  };
}

interface Evidence {
  readonly others: readonly ConsideredPart[];
  readonly from: (job: string, attribute: string) => readonly SourcePlace[];
  readonly file: { readonly attribute: string } | null;
}

/** What in the files made the decision; nothing: that the job is listed at all. */
function decidingPlaces(
  reason: Reason | null,
  { others, from, file }: Evidence,
): readonly SourcePlace[] {
  switch (reason?.code) {
    case 'job-branch-not-matched':
      return others.map(({ place }) => place);
    case 'job-files-not-matched':
      return from(reason.subject, 'files');
    case 'job-files-irrelevant':
      return from(reason.subject, 'irrelevant-files');
    case 'job-needed':
      return typeof reason.seen === 'string' ? from(reason.seen, 'dependencies') : [];
    default:
      return reason === null || file === null ? [] : from(reason.subject, file.attribute);
  }
}

function otherPart({ repository }: Decision, { name, place, branches }: ConsideredPart): OtherPart {
  return { name, place: placeFor(repository, place), branches: branches ?? [] };
}

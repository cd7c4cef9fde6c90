/** Explaining: a target in, a text and an exit code out. */
import { type Layout, loadLayout, problemsBrought } from '@gatehouse/layout';
import type { ConfigurationProblem } from '@gatehouse/model';
import { judgeTrust, trustText } from '@gatehouse/pipeline';
import { explainJson, explainText } from './explain-output.ts';
import { explainComplaints, type explainFormats } from './explain-words.ts';
import { explainPipeline, isInPipeline, pipelinesOf, problemLine } from './explanation.ts';
import type { Decision, ExplainedPull, Explanation } from './explanation-shape.ts';
import type { Pull } from './host.ts';
import { exitCodes, type LintOutput } from './lint.ts';
import { type GivenOptions, targetOptionsOf } from './options.ts';
import { placeFor } from './resolved.ts';
import { pullNamed, readPullTarget, readTarget, type TargetDeps } from './target.ts';

/** As the command line gives them. */
export interface ExplainOptions extends GivenOptions {
  readonly format: (typeof explainFormats)[number];
  readonly pipeline?: string;
  readonly job?: string;
  /** Each entry a comma list. */
  readonly files?: readonly string[];
}

/** Where a branch is wanted and nothing tells one. */
const assumedBranch = 'main';

/** Explains a target. */
export async function explain(
  deps: TargetDeps,
  target: string,
  options: ExplainOptions,
): Promise<LintOutput> {
  const found = await subjectOf(deps, target, options);
  if (typeof found === 'string') return refused(found);
  const explained = explainSubject(found, options);
  if (typeof explained === 'string') return refused(explained);
  const result = options.format === 'json' ? explainJson(explained) : explainText(explained);
  const isFaulty =
    explained.errors > 0 ||
    explained.brought.length > 0 ||
    explained.broken.length > 0 ||
    explained.pipelines.some(({ problems }) => problems.length > 0);
  return { exitCode: isFaulty ? exitCodes.errors : exitCodes.sound, result, complaint: null };
}

function refused(complaint: string): LintOutput {
  return { exitCode: exitCodes.cannotLint, result: null, complaint };
}

interface Subject {
  readonly decision: Decision;
  readonly problems: readonly ConfigurationProblem[];
  readonly brought: readonly ConfigurationProblem[];
  readonly pull: ExplainedPull | null;
}

/** What decides about the target, or why that cannot be known. */
async function subjectOf(
  deps: TargetDeps,
  target: string,
  options: ExplainOptions,
): Promise<Subject | string> {
  const pull = pullNamed(target);
  if (pull === null) return subjectOfFiles(deps, target, options);
  const { branch, repository, owner, asOwner, files } = options;
  if (branch ?? repository ?? owner ?? asOwner ?? files) return explainComplaints.pullHasItsOwn;
  const reading = await readPullTarget(deps, pull);
  return reading.ok ? subjectOfPull(reading.pull) : reading.complaint;
}

async function subjectOfFiles(
  deps: TargetDeps,
  target: string,
  options: ExplainOptions,
): Promise<Subject | string> {
  const changedFiles = options.files?.flatMap((list) => list.split(',').map((one) => one.trim()));
  const named = changedFiles?.filter((file) => file !== '') ?? null;
  if (named?.length === 0) return explainComplaints.noFiles;
  const how = { hasShortPaths: true, mayBeEmpty: true };
  const asked = { ...targetOptionsOf(target, options), ...how };
  const reading = await readTarget(deps, asked);
  if (!reading.ok) return reading.complaint;
  const { repository, sources, loaded } = reading.target;
  const branch = reading.target.branch ?? assumedBranch;
  const { layout, problems } = loaded ?? loadLayout(sources);
  const decision = { repository, branch, changedFiles: named, own: null, isChange: false };
  return { decision: { ...decision, base: layout }, problems, brought: [], pull: null };
}

function subjectOfPull({ change, base, own, changedFiles, isMerged, trust }: Pull): Subject {
  const brought = own === null ? [] : problemsBrought(own.problems, base.problems);
  const judged = judgeTrust(trust, []);
  const { repository, baseRef: branch, number, title, author, url } = change;
  const layouts = { base: base.layout, own: own?.layout ?? null };
  return {
    decision: { repository, branch, changedFiles, ...layouts, isChange: true },
    problems: (own ?? base).problems,
    brought: brought.filter(({ level }) => level === 'error'),
    pull: {
      number,
      title,
      author,
      url,
      isTrusted: judged.isTrusted,
      trust: trustText(judged),
      hasOwnConfiguration: own !== null,
      isMerged,
    },
  };
}

function explainSubject(subject: Subject, options: ExplainOptions): Explanation | string {
  const { decision, problems, brought, pull } = subject;
  const { repository, branch, changedFiles, base } = decision;
  const known = pipelinesOf(decision);
  const broken = brokenPipelines(base, repository).filter(({ name }) => !known.includes(name));
  const { pipeline, job } = options;
  const names = [...known, ...broken.map(({ name }) => name)];
  if (pipeline !== undefined && !names.includes(pipeline)) {
    return explainComplaints.noPipeline(pipeline, repository, names);
  }
  const isWanted = (name: string) => pipeline === undefined || name === pipeline;
  const wanted = known.filter((name) => (pipeline === name ? true : isInPipeline(decision, name)));
  const explained = wanted.filter(isWanted).flatMap((name) => {
    const one = explainPipeline(decision, name);
    return one === null ? [] : [one];
  });
  const jobs = [...new Set(explained.flatMap((one) => one.jobs.map(({ name }) => name)))];
  if (job !== undefined && !jobs.includes(job)) {
    return explainComplaints.noJob(job, repository, jobs);
  }
  const isOwn = (problem: ConfigurationProblem) => problem.repository === repository;
  return {
    repository,
    branch,
    isBranchAssumed: options.branch === undefined && pull === null,
    pull,
    changedFiles,
    errors: problems.filter((problem) => problem.level === 'error' && isOwn(problem)).length,
    brought: brought.map((problem) => problemLine(repository, problem)),
    pipelines: explained
      .filter((one) => job === undefined || one.jobs.some(({ name }) => name === job))
      .map((one) => ({ ...one, jobs: one.jobs.filter(({ name }) => (job ?? name) === name) })),
    broken: broken.filter(({ name }) => isWanted(name)),
  };
}

function brokenPipelines(layout: Layout, repository: string): Explanation['broken'] {
  return layout.broken
    .filter(({ type, place }) => type === 'pipeline' && mayDefine(layout, repository, place))
    .map(({ name, place }) => ({ name, place: placeFor(repository, place) }));
}

function mayDefine(
  layout: Layout,
  repository: string,
  place: { readonly repository: string },
): boolean {
  return place.repository === repository || place.repository === layout.ownerRepository;
}

/**
 * Runs as the API shows them. What is not named here is not shown: variables, secrets' names,
 * headers and what a job returned stay inside.
 */
import type {
  BuildsetBody,
  BuildsetView,
  BuildView,
  ChangeView,
  PipelineView,
  ProblemView,
} from '@gatehouse/contracts';
import type { Change, ConfigurationProblem } from '@gatehouse/model';
import { type Build, type Item, type Outcome, reasonText, trustText } from '@gatehouse/pipeline';
import { isWebLink, type Links } from '../links.ts';

/** Runs of one pipeline that the status lists; the rest is counted. */
export const LISTED_RUNS_MAX = 100;

/** A run for lists. */
export function viewItem(item: Item, links: Links): BuildsetView {
  const { verdict } = item;
  return {
    id: item.buildset,
    tenant: item.tenant,
    pipeline: item.pipeline.name,
    queue: null,
    change: viewChange(item.change),
    cause: item.cause,
    phase: item.phase,
    verdict: verdict === null ? null : verdictWords[verdict.outcome],
    reasons: (verdict?.reasons ?? []).map(reasonText),
    tested_sha: item.state?.sha ?? null,
    builds: item.builds.map((build) => viewBuild(build, links)),
    enqueued_at_ms: item.enqueuedAt,
    started_at_ms: item.startedAt,
    finished_at_ms: item.completedAt,
    revision: item.revision,
  };
}

/** A run with everything that explains it. */
export function viewDetails(item: Item, links: Links): BuildsetBody {
  return {
    ...viewItem(item, links),
    url: links.absolute(links.buildset(item.buildset)),
    trust: { is_trusted: item.trust.isTrusted, text: trustText(item.trust) },
    selection: item.selection.map(reasonText),
    problems: item.problems.map(viewProblem),
  };
}

/** Runs by tenant and pipeline, both in alphabetical order, runs as they come. */
export function viewPipelines(items: readonly Item[], links: Links): PipelineView[] {
  return groupByPipeline(items).map(([first, ...others]) => ({
    tenant: first.tenant,
    name: first.pipeline.name,
    manager: first.pipeline.manager,
    description: first.pipeline.description,
    items: [first, ...others].slice(0, LISTED_RUNS_MAX).map((item) => viewItem(item, links)),
    items_count: 1 + others.length,
  }));
}

/** Never empty groups, sorted by tenant and pipeline. */
export function groupByPipeline(items: readonly Item[]): readonly [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = `${item.tenant} ${item.pipeline.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

const verdictWords = {
  success: 'success',
  failure: 'failure',
  'timed-out': 'timed_out',
  cancelled: 'cancelled',
  skipped: 'skipped',
  'action-required': 'action_required',
  misconfigured: 'misconfigured',
  conflict: 'conflict',
  'internal-error': 'internal_error',
} as const satisfies Record<Outcome, BuildsetView['verdict']>;

function viewChange(change: Change): ChangeView {
  const base = { repository: change.repository, url: change.url, head_sha: change.headSha };
  return change.kind === 'proposed'
    ? {
        ...base,
        number: change.number,
        title: change.title,
        author: change.author,
        ref: change.baseRef,
        head_ref: change.headRef,
      }
    : { ...base, number: null, title: null, author: null, ref: change.ref, head_ref: null };
}

/** A job of a run. */
export function viewBuild(build: Build, links: Links): BuildView {
  return {
    id: build.id,
    job: build.job.name,
    phase: build.phase,
    attempt: build.attempt,
    attempts_max: build.job.attempts,
    result: build.result,
    voting: build.job.isVoting,
    detail: build.detail,
    log_url: logUrlOf(build, links),
    has_log: build.hasLog,
    dependencies: build.job.dependencies.map(({ name }) => name),
    launched_at_ms: build.launchedAt,
    started_at_ms: build.startedAt,
    finished_at_ms: build.completedAt,
  };
}

function logUrlOf(build: Build, links: Links): string | null {
  if (build.hasLog) return links.absolute(links.build(build.id));
  return build.logUrl !== null && isWebLink(build.logUrl) ? build.logUrl : null;
}

function viewProblem(problem: ConfigurationProblem): ProblemView {
  const { level, code, message, remedy, repository, branch, path, range } = problem;
  const line = range?.startLine ?? null;
  return { level, code, message, remedy, repository, branch, path, line };
}

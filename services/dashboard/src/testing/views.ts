/** Builders for tests: runs as the read API tells them. */
import type {
  BuildsetView,
  BuildView,
  ConfigurationView,
  OverviewBody,
  PipelineView,
  StandingProblemView,
} from '@gatehouse/contracts';

/** A job that runs. */
export function buildView(overrides: Partial<BuildView> = {}): BuildView {
  return {
    id: 'run-1.0',
    job: 'unit',
    phase: 'running',
    attempt: 1,
    attempts_max: 3,
    result: null,
    voting: true,
    detail: null,
    log_url: null,
    has_log: true,
    dependencies: [],
    launched_at_ms: 0,
    started_at_ms: 0,
    finished_at_ms: null,
    ...overrides,
  };
}

/** A job that is over. */
export function doneView(result: BuildView['result'], overrides: Partial<BuildView> = {}) {
  return buildView({ phase: 'completed', result, finished_at_ms: 1000, ...overrides });
}

/** A live run of `check`. */
export function runView(overrides: Partial<BuildsetView> = {}): BuildsetView {
  return {
    id: 'run-1',
    tenant: 'acme',
    pipeline: 'check',
    queue: null,
    change: {
      repository: 'acme/api',
      number: 7,
      title: 'Make it faster',
      url: 'https://github.example/acme/api/pull/7',
      author: 'ada',
      head_sha: 'a'.repeat(40),
      ref: 'main',
      head_ref: 'faster',
    },
    cause: 'pull_request opened by ada',
    phase: 'running',
    verdict: null,
    reasons: [],
    tested_sha: null,
    builds: [buildView()],
    enqueued_at_ms: 0,
    started_at_ms: 0,
    finished_at_ms: null,
    revision: 1,
    ...overrides,
  };
}

/** A pipeline with these runs, all of them listed. */
export function pipelineView(overrides: Partial<PipelineView> = {}): PipelineView {
  const items = overrides.items ?? [runView()];
  return {
    tenant: 'acme',
    name: 'check',
    manager: 'independent',
    description: null,
    items,
    items_count: items.length,
    ...overrides,
  };
}

/** An overview. */
export function overviewOf(
  pipelines: readonly PipelineView[],
  recent: readonly BuildsetView[] = [],
): OverviewBody {
  return { pipelines: [...pipelines], recent: [...recent], configuration: configurationOf([]) };
}

/** An error in `acme/api`. */
export function problemView(overrides: Partial<StandingProblemView> = {}): StandingProblemView {
  return {
    level: 'error',
    code: 'unknown-key',
    message: 'There is no key runn.',
    remedy: 'Write run.',
    repository: 'acme/api',
    branch: 'main',
    path: '.gatehouse.yaml',
    line: 3,
    url: 'https://github.example/acme/api/blob/main/.gatehouse.yaml#L3',
    other_branches: [],
    ...overrides,
  };
}

/** What is wrong with configurations; all of it is listed. */
export function configurationOf(problems: readonly StandingProblemView[]): ConfigurationView {
  const count = (level: StandingProblemView['level']): number =>
    problems.filter((problem) => problem.level === level).length;
  return {
    problems: [...problems],
    errors_count: count('error'),
    warnings_count: count('warning'),
  };
}

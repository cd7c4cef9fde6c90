/** Builders for tests: each gives a whole, sensible value, of which a test changes what it is about. */
import type { PhaseReport, PipelineDefinition, TriggerFilter } from '@gatehouse/layout';
import {
  type AttemptResult,
  buildId,
  buildsetId,
  commitSha,
  eventId,
  type FrozenJob,
  type ProposedChange,
  repositoryKey,
  tenantId,
} from '@gatehouse/model';
import type { Effect } from '../effects.ts';
import type {
  BuildCompleted,
  BuildStarted,
  ChangeObserved,
  EngineEvent,
  ItemPrepared,
  Preparation,
} from '../events.ts';
import { type Build, type EngineState, emptyState, type Item } from '../state.ts';
import { step } from '../step.ts';
import type { StepResult } from '../work.ts';

/** A commit name made of one repeated digit. */
export function fakeSha(digit: string): ReturnType<typeof commitSha> {
  return commitSha(digit.repeat(40));
}

/** An open change from a branch of the repository itself. */
export function aChange(different: Partial<ProposedChange> = {}): ProposedChange {
  return {
    kind: 'proposed',
    repository: repositoryKey('acme/api'),
    isRepositoryPublic: true,
    number: 7,
    url: 'https://github.example/acme/api/pull/7',
    title: 'Fix the door',
    author: 'ada',
    baseRef: 'main',
    baseSha: fakeSha('b'),
    headSha: fakeSha('1'),
    headRef: 'fix',
    isHeadInBase: true,
    isOpen: true,
    isMerged: false,
    isDraft: false,
    labels: [],
    ...different,
  };
}

/** A filter that matches every event of its kind. */
export function aFilter(different: Partial<TriggerFilter> = {}): TriggerFilter {
  return {
    event: 'pull_request',
    actions: [],
    branches: [],
    comments: [],
    labels: [],
    states: [],
    checks: [],
    statuses: [],
    refs: [],
    senders: [],
    permission: null,
    require: null,
    reject: null,
    ...different,
  };
}

/** The pipeline `check`: independent, started by any event of a change. */
export function aPipeline(different: Partial<PipelineDefinition> = {}): PipelineDefinition {
  return {
    name: 'check',
    place: null,
    manager: 'independent',
    description: null,
    triggers: [aFilter(), aFilter({ event: 'check_run' }), aFilter({ event: 'check_suite' })],
    require: null,
    reject: null,
    reports: {},
    messages: {
      success: 'Build succeeded.',
      failure: 'Build failed.',
      start: 'Starting check jobs.',
      enqueue: '',
      mergeConflict: 'Merge failed.',
      noJobs: '',
      dequeue: 'Build canceled.',
      footer: '',
    },
    supercedes: [],
    precedence: 'normal',
    isPostReview: false,
    isDequeuedOnNewHead: true,
    showsUnmet: false,
    annotationsMax: 500,
    progressIntervalMs: 10_000,
    window: {
      size: 20,
      floor: 3,
      ceiling: null,
      increase: { type: 'linear', factor: 1 },
      decrease: { type: 'exponential', factor: 2 },
    },
    ...different,
  };
}

/** A voting command job. */
export function aJob(name: string, different: Partial<FrozenJob> = {}): FrozenJob {
  return {
    name,
    execution: { kind: 'command', preRun: [], run: ['true'], postRun: [] },
    isVoting: true,
    timeoutMs: 1_800_000,
    attempts: 3,
    dependencies: [],
    vars: {},
    secrets: [],
    isAlteredByChange: false,
    successMessage: null,
    failureMessage: null,
    ...different,
  };
}

/** A build of a command job that has passed. */
export function aBuild(name: string, different: Partial<Build> = {}): Build {
  return {
    id: buildId(`bs-1.${name}`),
    job: aJob(name),
    phase: 'completed',
    attempt: 1,
    result: 'SUCCESS',
    launchedAt: 1_000,
    startedAt: 2_000,
    completedAt: 5_500,
    logUrl: null,
    hasLog: true,
    detail: null,
    data: {},
    ...different,
  };
}

/** A run of {@link aChange} in {@link aPipeline} that waits for its state. */
export function anItem(different: Partial<Item> = {}): Item {
  return {
    schema: 1,
    buildset: buildsetId('bs-1'),
    tenant: tenantId('acme'),
    pipeline: aPipeline(),
    change: aChange(),
    trust: { isTrusted: true, ground: { code: 'head-in-base' } },
    cause: 'pull_request opened by ada',
    phase: 'preparing',
    state: null,
    builds: [],
    selection: [],
    isDebug: false,
    problems: [],
    verdict: null,
    enqueuedAt: 1_000,
    startedAt: null,
    completedAt: null,
    revision: 1,
    ...different,
  };
}

/** What a phase writes: nothing. */
export function aReport(different: Partial<PhaseReport> = {}): PhaseReport {
  return {
    check: null,
    checkActions: null,
    status: null,
    comment: false,
    labelsAdded: [],
    labelsRemoved: [],
    review: null,
    reviewBody: null,
    isMerging: false,
    ...different,
  };
}

/** The reports of a pipeline that shows its runs, as the built-in ones do. */
export const shownRuns = {
  start: aReport({ check: 'in_progress' }),
  success: aReport({ check: 'success' }),
  failure: aReport({ check: 'failure' }),
  dequeue: aReport({ check: 'cancelled' }),
} as const;

/** How an external CI is called. */
export const overHttp = { kind: 'http', url: 'https://ci.example', headers: {} } as const;

let events = 0;

/** The change was opened, as its author would. Each call is another event. */
export function observed(different: Partial<ChangeObserved> = {}): ChangeObserved {
  events += 1;
  const change = different.change ?? aChange();
  return {
    type: 'ChangeObserved',
    id: eventId(`event-${events}`),
    tenant: tenantId('acme'),
    at: 1_000 * events,
    seed: `seed${events}`,
    change,
    trigger: { ...noTrigger, event: 'pull_request', action: 'opened' },
    actor: { login: 'ada', isBot: false, isSelf: false, permission: 'none' },
    trust:
      change.kind === 'ref'
        ? null
        : {
            isHeadInBase: change.isHeadInBase,
            author: change.author,
            authorPermission: 'none',
            headSha: change.headSha,
            approvals: [],
          },
    reviews: null,
    statuses: null,
    pipelines: [{ definition: aPipeline(), takesPart: true }],
    shownPipelines: null,
    button: null,
    enqueueIn: null,
    ...different,
  };
}

/** Facts of an event that has none. */
export const noTrigger = {
  event: 'pull_request',
  action: null,
  comment: null,
  label: null,
  reviewState: null,
  check: null,
  status: null,
  ref: null,
} as const;

/** The item was prepared; by default ready with these jobs. */
export function anItemPrepared(
  item: Item,
  jobs: readonly FrozenJob[],
  different: Partial<Extract<Preparation, { code: 'ready' }>> = {},
): ItemPrepared {
  const state = {
    ref: 'refs/pull/7/merge',
    sha: fakeSha('c'),
    baseSha: fakeSha('b'),
    ownedBranch: null,
  };
  return prepared(item, {
    code: 'ready',
    state,
    jobs,
    selection: [],
    removesAllVoting: false,
    warnings: [],
    ...different,
  });
}

/** The item was prepared, or not. */
export function prepared(item: Item, preparation: Preparation): ItemPrepared {
  events += 1;
  const { tenant, buildset } = item;
  const id = eventId(`event-${events}`);
  return { type: 'ItemPrepared', id, tenant, at: 1_000 * events, buildset, preparation };
}

/** One of the item's jobs started. */
export function aBuildStart(item: Item, job: string, attempt = 1): BuildStarted {
  return { ...reportBase(item, job, attempt), type: 'BuildStarted', logUrl: null, hasLog: true };
}

/** One of the item's jobs ended: with a result, or with more to say. */
export function aBuildReport(
  item: Item,
  job: string,
  report: AttemptResult | (Partial<BuildCompleted> & { readonly result: AttemptResult }),
): BuildCompleted {
  const said = typeof report === 'string' ? { result: report } : report;
  return {
    ...reportBase(item, job, 1),
    type: 'BuildCompleted',
    logUrl: null,
    detail: null,
    data: {},
    ...said,
  };
}

function reportBase(item: Item, job: string, attempt: number) {
  events += 1;
  const build = item.builds.find((one) => one.job.name === job);
  if (build === undefined) throw new Error(`the item has no job ${job}`);
  const { tenant, buildset } = item;
  const id = eventId(`event-${events}`);
  return { id, tenant, at: 1_000 * events, buildset, build: build.id, attempt };
}

/** Folds events into a state, each built from the state so far; gives the last step's result. */
export function runSteps(...makers: readonly ((state: EngineState) => EngineEvent)[]): StepResult {
  let result: StepResult = { state: emptyState, effects: [], reasons: [] };
  for (const make of makers) result = step(result.state, make(result.state));
  return result;
}

/** The only item of a state, or the one of a pipeline, or the newest. */
export function newestItem(state: EngineState): Item {
  const item = Object.values(state.items).at(-1);
  if (item === undefined) throw new Error('the state has no item');
  return item;
}

/** Somebody else who may write. */
export const writer = { login: 'grace', isBot: false, isSelf: false, permission: 'write' } as const;

/** A requirement that asks for nothing. */
export const noRequirement = {
  isOpen: null,
  isMerged: null,
  isDraft: null,
  isCurrentHead: null,
  hasTrustedAuthor: null,
  labels: [],
  statuses: [],
  reviews: [],
} as const;

/** The kinds of effects, in their order. */
export function kinds(effects: readonly Effect[]): string[] {
  return effects.map((effect) => effect.kind);
}

/** The codes of a step's reasons, in their order. */
export function codes(result: StepResult): string[] {
  return result.reasons.map((reason) => reason.code);
}

/** How many items of a state are not over. */
export function live(state: EngineState): number {
  return Object.values(state.items).filter((item) => item.verdict === null).length;
}

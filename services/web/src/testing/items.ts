/** Builders for tests: runs as the engine would have left them. */
import { buildId, buildsetId, commitSha, repositoryKey, tenantOf } from '@gatehouse/model';
import type { Build, Item } from '@gatehouse/pipeline';

/** 2026-01-01T00:00:00Z, where the tests' clocks start. */
export const START = Date.UTC(2026, 0, 1);

const sha = commitSha('a'.repeat(40));

/** An open change of `acme/api`, public unless said otherwise. */
export function change(overrides: Partial<Extract<Item['change'], { kind: 'proposed' }>> = {}) {
  return {
    kind: 'proposed',
    repository: repositoryKey('acme/api'),
    isRepositoryPublic: true,
    number: 7,
    url: 'https://github.example/acme/api/pull/7',
    title: 'Make it faster',
    author: 'ada',
    baseRef: 'main',
    baseSha: sha,
    headSha: sha,
    headRef: 'faster',
    isHeadInBase: true,
    isOpen: true,
    isMerged: false,
    isDraft: false,
    labels: [],
    ...overrides,
  } as const satisfies Item['change'];
}

/** A build of a command job that runs and keeps its log here. */
export function build(overrides: Partial<Build> & { readonly name?: string } = {}): Build {
  const { name = 'unit', ...rest } = overrides;
  return {
    id: buildId('run-1.0'),
    job: {
      name,
      execution: { kind: 'command', preRun: [], run: ['npm test'], postRun: [] },
      isVoting: true,
      timeoutMs: 1_800_000,
      attempts: 3,
      dependencies: [],
      vars: { password: 'hunter2' },
      secrets: ['deploy-key'],
      isAlteredByChange: false,
      successMessage: null,
      failureMessage: null,
    },
    phase: 'running',
    attempt: 1,
    result: null,
    launchedAt: START,
    startedAt: START,
    completedAt: null,
    logUrl: null,
    hasLog: true,
    detail: null,
    data: { returned: 'inner' },
    ...rest,
  };
}

/** A live run of `check` with one running build. */
export function item(overrides: Partial<Item> & { readonly id?: string } = {}): Item {
  const { id = 'run-1', ...rest } = overrides;
  return {
    schema: 1,
    buildset: buildsetId(id),
    tenant: tenantOf(repositoryKey('acme/api')),
    pipeline: checkPipeline,
    change: change(),
    trust: { isTrusted: true, ground: { code: 'head-in-base' } },
    cause: 'pull_request opened by ada',
    phase: 'running',
    state: { ref: 'refs/pull/7/merge', sha, baseSha: sha, ownedBranch: null },
    builds: [build({ id: buildId(`${id}.0`) })],
    selection: [],
    isDebug: false,
    problems: [],
    verdict: null,
    enqueuedAt: START,
    startedAt: START,
    completedAt: null,
    revision: 2,
    ...rest,
  };
}

const checkPipeline: Item['pipeline'] = {
  name: 'check',
  place: null,
  manager: 'independent',
  description: null,
  triggers: [],
  require: null,
  reject: null,
  reports: {},
  messages: {
    success: '',
    failure: '',
    start: '',
    enqueue: '',
    mergeConflict: '',
    noJobs: '',
    dequeue: '',
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
};

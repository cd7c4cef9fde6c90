/** Items and builds as the engine makes them, with plain values where a test says nothing. */
import {
  buildId,
  buildsetId,
  commitSha,
  type Execution,
  type FrozenJob,
  type JsonObject,
  type ProposedChange,
  repositoryKey,
  tenantId,
} from '@gatehouse/model';
import type { Build, Item } from '@gatehouse/pipeline';

/** The change of every test. */
export function changeAt(headSha: string): ProposedChange {
  return {
    kind: 'proposed',
    repository: repositoryKey('Acme/api'),
    isRepositoryPublic: true,
    number: 7,
    url: 'https://github.example/Acme/api/pull/7',
    title: 'Say "hello" & more',
    author: 'ada',
    baseRef: 'main',
    baseSha: commitSha(headSha),
    headSha: commitSha(headSha),
    headRef: 'topic',
    isHeadInBase: true,
    isOpen: true,
    isMerged: false,
    isDraft: false,
    labels: [],
  };
}

/** A build that was just launched. */
export function buildOf(
  job: Partial<FrozenJob> & Pick<FrozenJob, 'execution'>,
  more: Partial<Build> = {},
): Build {
  return {
    id: buildId('run-0.0'),
    job: {
      name: 'unit',
      isVoting: true,
      timeoutMs: 15_000,
      attempts: 3,
      dependencies: [],
      vars: {},
      secrets: [],
      isAlteredByChange: false,
      successMessage: null,
      failureMessage: null,
      ...job,
    },
    phase: 'launched',
    attempt: 1,
    result: null,
    launchedAt: 0,
    startedAt: null,
    completedAt: null,
    logUrl: null,
    hasLog: false,
    detail: null,
    data: {},
    ...more,
  };
}

/** A running item of the pipeline `check` with a trusted head. */
export function itemWith(given: Partial<Item> & Pick<Item, 'change' | 'state' | 'builds'>): Item {
  return {
    schema: 1,
    buildset: buildsetId('run-0'),
    tenant: tenantId('acme'),
    pipeline: pipelineNamed('check'),
    trust: { isTrusted: true, ground: { code: 'head-in-base' } },
    cause: 'pull_request opened by ada',
    phase: 'running',
    selection: [],
    isDebug: false,
    problems: [],
    verdict: null,
    enqueuedAt: 0,
    startedAt: 0,
    completedAt: null,
    revision: 1,
    ...given,
  };
}

function pipelineNamed(name: string): Item['pipeline'] {
  const facts: JsonObject = { name, manager: 'independent' };
  // The runner reads the name alone; a whole definition would say nothing more to these tests.
  return facts as unknown as Item['pipeline'];
}

/** A command job. */
export function command(
  run: readonly string[] | string,
  more: { preRun?: string[]; postRun?: string[] } = {},
): Execution {
  return {
    kind: 'command',
    preRun: more.preRun ?? [],
    run: typeof run === 'string' ? [run] : run,
    postRun: more.postRun ?? [],
  };
}

/** What follows from preparing an item. */
import {
  assertNever,
  branchOf,
  buildId,
  type Change,
  type ConfigurationProblem,
  type FrozenJob,
  type Reason,
} from '@gatehouse/model';
import { releaseState } from '../effects.ts';
import type { ItemPrepared, Preparation } from '../events.ts';
import { type Build, type Item, withWait } from '../state.ts';
import { explain, type Work, want } from '../work.ts';
import { advance } from './advance.ts';
import { conclude } from './conclude.ts';
import { trustVerdict } from './enqueue.ts';
import { nextItemPhase } from './machine.ts';

/** Freezes the jobs and starts the first, or ends the item where nothing may or can run. */
export function takePreparation(work: Work, item: Item, event: ItemPrepared): Work {
  const { preparation } = event;
  if (nextItemPhase(item.phase, 'prepare') === null) {
    const late = explain(work, { code: 'item-is-over', subject: item.buildset });
    const branch = branchIn(preparation);
    // A state that was built for nothing would otherwise stay for ever.
    const isUsed = item.phase === 'running' && item.state?.ownedBranch === branch;
    return branch === null || isUsed ? late : want(late, releaseState(item));
  }
  switch (preparation.code) {
    case 'ready':
      return run(work, item, preparation);
    case 'conflict':
      return end(work, item, { preparation, outcome: 'conflict', code: 'merge-conflict' });
    case 'gone':
      return end(work, item, { preparation, outcome: 'cancelled', code: 'change-moved-on' });
    case 'failed':
      return end(work, item, { preparation, outcome: 'failure', code: 'state-not-built' });
    case 'misconfigured': {
      const broken = { ...withOwnedBranch(item, preparation), problems: preparation.problems };
      const reasons = preparation.problems
        .filter((problem) => problem.level === 'error')
        .map((problem) => ({
          code: 'configuration-error',
          subject: placeOf(problem, item.change),
          seen: problem.message,
        }));
      return conclude(work, broken, { outcome: 'misconfigured', reasons });
    }
    default:
      return assertNever(preparation);
  }
}

type Ready = Extract<Preparation, { code: 'ready' }>;
type Unready = Extract<Preparation, { code: 'conflict' | 'gone' | 'failed' }>;

function run(work: Work, item: Item, ready: Ready): Work {
  const prepared: Item = {
    ...item,
    state: ready.state,
    selection: ready.selection,
    isDebug: ready.isDebug ?? false,
    problems: ready.warnings,
  };
  if (ready.removesAllVoting && !item.trust.isTrusted) {
    const removed = { code: 'removes-all-voting', subject: item.pipeline.name };
    return waitForTrust(work, prepared, [removed]);
  }
  if (ready.jobs.length === 0) {
    const reasons = [{ code: 'no-jobs', subject: item.pipeline.name }, ...ready.selection];
    return conclude(work, prepared, { outcome: 'skipped', reasons });
  }
  if (!item.trust.isTrusted && ready.jobs.some(needsTrust)) {
    return waitForTrust(work, prepared);
  }
  const builds = ready.jobs.map((job, index) => newBuild(item, job, index));
  return advance(work, { ...prepared, phase: 'running', builds, startedAt: work.at });
}

/** Whatever executes what the change brings, or hands it secrets, needs a trusted head. */
export function needsTrust(job: FrozenJob): boolean {
  const { kind } = job.execution;
  if (kind === 'command' || kind === 'workflow') return true;
  return job.isAlteredByChange || job.secrets.length > 0;
}

function waitForTrust(work: Work, item: Item, why: readonly Reason[] = []): Work {
  const { outcome, reasons } = trustVerdict(item);
  const verdict = { outcome, reasons: [...why, ...reasons] };
  return conclude({ ...work, state: withWait(work.state, item) }, item, verdict);
}

interface UnreadyEnd {
  readonly preparation: Unready;
  readonly outcome: 'conflict' | 'cancelled' | 'failure';
  readonly code: string;
}

function end(work: Work, item: Item, { preparation, outcome, code }: UnreadyEnd): Work {
  const reasons = [{ code, subject: item.pipeline.name, seen: preparation.message }];
  return conclude(work, withOwnedBranch(item, preparation), { outcome, reasons });
}

/** Keeps in mind a branch that was made before preparing failed, so that it is removed. */
function withOwnedBranch(item: Item, preparation: Exclude<Preparation, Ready>): Item {
  if (preparation.ownedBranch === null) return item;
  const { headSha } = item.change;
  const state = {
    ref: `refs/heads/${preparation.ownedBranch}`,
    sha: headSha,
    baseSha: null,
    ownedBranch: preparation.ownedBranch,
  };
  return { ...item, state };
}

function branchIn(preparation: Preparation): string | null {
  return preparation.code === 'ready' ? preparation.state.ownedBranch : preparation.ownedBranch;
}

function newBuild(item: Item, job: FrozenJob, index: number): Build {
  return {
    id: buildId(`${item.buildset}.${index}`),
    job,
    phase: 'waiting',
    attempt: 0,
    result: null,
    launchedAt: null,
    startedAt: null,
    completedAt: null,
    logUrl: null,
    hasLog: false,
    detail: null,
    data: {},
  };
}

/** Where a problem stands, with what of it is elsewhere than where people look first. */
function placeOf(
  { repository, branch, path, range }: ConfigurationProblem,
  change: Change,
): string {
  const at = range === null ? path : `${path}:${range.startLine}`;
  if (repository !== change.repository) return `${repository} ${at}`;
  return branch === null || branch === branchOf(change) ? at : `${at} on ${branch}`;
}

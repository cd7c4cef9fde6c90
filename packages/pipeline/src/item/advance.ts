/**
 * Moves an item's job graph on: skips what can no longer run, starts what may, and concludes the
 * item when every build is over. Runs after every change of a build; running it twice changes
 * nothing.
 */
import { invariant, isPassing, type JobDependency, type Reason } from '@gatehouse/model';
import { endBuild } from '../build/end.ts';
import { nextBuildPhase } from '../build/machine.ts';
import { launchBuild, reportItem } from '../effects.ts';
import type { Build, Item, Verdict } from '../state.ts';
import { storeItem, type Work, want } from '../work.ts';
import { conclude } from './conclude.ts';

/** @param item in phase `running`, as it is to be stored. */
export function advance(work: Work, item: Item): Work {
  invariant(item.phase === 'running', 'only a running item advances');
  const settled = settle(item.builds, work.at);
  const launched = settled.filter(
    (build, index) => build.phase === 'launched' && item.builds[index]?.phase === 'waiting',
  );
  const next: Item = { ...item, builds: settled };
  if (settled.every((build) => build.phase === 'completed')) {
    return conclude(work, next, judge(settled));
  }
  const stored = storeItem(work, next);
  const shown = { ...next, revision: next.revision + 1 };
  return want(stored, ...launched.map((build) => launchBuild(shown, build)), reportItem(shown));
}

/** Repeats until nothing moves: a skipped or instant job may free or doom those behind it. */
function settle(builds: readonly Build[], at: number): readonly Build[] {
  let current = builds;
  for (let round = 0; round <= builds.length; round += 1) {
    const next = current.map((build) =>
      build.phase === 'waiting' ? settleOne(build, current, at) : build,
    );
    if (next.every((build, index) => build === current[index])) return next;
    current = next;
  }
  invariant(false, 'a job graph settles in as many rounds as it has jobs');
}

function settleOne(build: Build, all: readonly Build[], at: number): Build {
  const waits = build.job.dependencies
    .map((dependency) => ({ dependency, on: all.find((one) => one.job.name === dependency.name) }))
    .filter((wait): wait is { dependency: JobDependency; on: Build } => wait.on !== undefined);
  const doomed = waits.find(({ on }) => on.phase === 'completed' && on.result !== 'SUCCESS');
  if (doomed !== undefined) {
    const detail = `${doomed.on.job.name} did not succeed (${doomed.on.result ?? 'no result'})`;
    return endBuild(build, 'skip', { result: 'SKIPPED', at, detail });
  }
  if (waits.some(({ on }) => on.phase !== 'completed')) return build;
  return start(build, at);
}

function start(build: Build, at: number): Build {
  const phase = nextBuildPhase(build.phase, 'launch');
  invariant(phase === 'launched', 'a waiting build can be launched');
  const launched: Build = { ...build, phase, attempt: 1, launchedAt: at };
  if (build.job.execution.kind !== 'noop') return launched;
  // The built-in job uses no resources: it is over as soon as it may start.
  return endBuild(launched, 'finish', { result: 'SUCCESS', at, detail: null });
}

/** The verdict over builds that are all over. */
export function judge(builds: readonly Build[]): Verdict {
  const failed = builds.filter((build) => build.job.isVoting && !hasPassed(build));
  if (failed.length === 0) {
    const ran = builds.some((build) => build.result === 'SUCCESS');
    return ran || builds.some((build) => !build.job.isVoting && build.result !== 'SKIPPED')
      ? { outcome: 'success', reasons: [] }
      : { outcome: 'skipped', reasons: [{ code: 'all-jobs-skipped', subject: 'jobs' }] };
  }
  const reasons = failed.map(
    (build): Reason => ({ code: 'job-failed', subject: build.job.name, seen: build.result }),
  );
  const isOnlyTimeouts = failed.every((build) => build.result === 'TIMED_OUT');
  return { outcome: isOnlyTimeouts ? 'timed-out' : 'failure', reasons };
}

function hasPassed(build: Build): boolean {
  return build.result !== null && isPassing(build.result);
}

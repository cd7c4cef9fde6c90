/**
 * Reports about attempts. What speaks of an attempt that does not count any more is refused here,
 * by its number and never by when it arrived.
 */

import { eventId, invariant } from '@gatehouse/model';
import {
  cancelBuild,
  launchBuild,
  reportItem,
  type SetTimer,
  setTimeoutTimer,
} from '../effects.ts';
import type { BuildCompleted, BuildStarted, BuildTimedOut } from '../events.ts';
import { advance } from '../item/advance.ts';
import { nextItemPhase } from '../item/machine.ts';
import type { Build, Item } from '../state.ts';
import { explain, storeItem, type Work, want } from '../work.ts';
import { endBuild } from './end.ts';
import { nextBuildPhase } from './machine.ts';

/** Either kind of report, or the end of an attempt's time. */
export type BuildReportEvent = BuildStarted | BuildCompleted | BuildTimedOut;

interface Subject {
  readonly item: Item;
  readonly build: Build;
}

/** Takes a report about one of the item's builds. */
export function takeBuildReport(work: Work, item: Item, event: BuildReportEvent): Work {
  if (item.phase !== 'preparing' && nextItemPhase(item.phase, 'progress') === null) {
    return explain(work, { code: 'item-is-over', subject: item.buildset });
  }
  const build = item.builds.find((one) => one.id === event.build);
  if (build === undefined) return explain(work, { code: 'unknown-build', subject: event.build });
  if (build.attempt !== event.attempt || build.phase === 'completed') {
    return explain(work, { code: 'stale-report', subject: event.build, seen: event.attempt });
  }
  switch (event.type) {
    case 'BuildStarted':
      return takeStart(work, { item, build }, event);
    case 'BuildCompleted':
      return event.result === 'RETRY'
        ? takeRetry(work, { item, build }, event)
        : takeResult(work, { item, build }, event);
    case 'BuildTimedOut':
      return takeTimeout(work, { item, build }, event);
  }
}

function takeStart(work: Work, { item, build }: Subject, event: BuildStarted): Work {
  const phase = nextBuildPhase(build.phase, 'start');
  invariant(phase === 'running', 'an attempt that counts can start');
  const isFirst = build.phase === 'launched';
  const started: Build = {
    ...build,
    phase,
    startedAt: build.startedAt ?? event.at,
    logUrl: event.logUrl ?? build.logUrl,
    hasLog: event.hasLog || build.hasLog,
  };
  const next = replaceBuild(item, started);
  const stored = storeItem(work, next);
  const shown = { ...next, revision: next.revision + 1 };
  const timers =
    isFirst && build.job.execution.kind === 'http' ? [timeoutOf(shown, started, work.at)] : [];
  return want(stored, ...timers, reportItem(shown));
}

function timeoutOf(item: Item, build: Build, now: number): SetTimer {
  const timedOut: BuildTimedOut = {
    type: 'BuildTimedOut',
    id: eventId(`${build.id}/${build.attempt}/timed-out`),
    tenant: item.tenant,
    at: now + build.job.timeoutMs,
    buildset: item.buildset,
    build: build.id,
    attempt: build.attempt,
  };
  return setTimeoutTimer(item, build, timedOut);
}

function takeResult(work: Work, { item, build }: Subject, event: BuildCompleted): Work {
  invariant(event.result !== 'RETRY', 'a retry is no result');
  const ended = endBuild(build, 'finish', {
    result: event.result,
    at: event.at,
    detail: event.detail,
  });
  const kept = { ...ended, logUrl: event.logUrl ?? build.logUrl, data: event.data };
  return advance(work, replaceBuild(item, kept));
}

function takeRetry(work: Work, { item, build }: Subject, event: BuildCompleted): Work {
  if (build.attempt >= build.job.attempts) {
    const end = { result: 'RETRY_LIMIT' as const, at: event.at, detail: event.detail };
    const given = { ...endBuild(build, 'finish', end), logUrl: event.logUrl ?? build.logUrl };
    return advance(work, replaceBuild(item, given));
  }
  const phase = nextBuildPhase(build.phase, 'retry');
  invariant(phase === 'launched', 'an attempt that counts can be followed by another');
  const again: Build = {
    ...build,
    phase,
    attempt: build.attempt + 1,
    launchedAt: event.at,
    startedAt: null,
    detail: event.detail,
  };
  const next = replaceBuild(item, again);
  const shown = { ...next, revision: next.revision + 1 };
  return want(storeItem(work, next), launchBuild(shown, again), reportItem(shown));
}

function takeTimeout(work: Work, { item, build }: Subject, event: BuildTimedOut): Work {
  const detail = `no result within ${Math.round(build.job.timeoutMs / 1000)} s`;
  const ended = endBuild(build, 'time-out', { result: 'TIMED_OUT', at: event.at, detail });
  const cancelled = want(work, cancelBuild(item, build));
  return advance(cancelled, replaceBuild(item, ended));
}

function replaceBuild(item: Item, build: Build): Item {
  return {
    ...item,
    builds: item.builds.map((one) => (one.id === build.id ? build : one)),
  };
}

/** Everything that people read in a check run or a commit status. Reasons come from the engine. */
import type { CheckAction } from '@gatehouse/layout';
import type { BuildResult, ConfigurationProblem } from '@gatehouse/model';
import {
  type Build,
  type Item,
  outcomeText,
  reasonText,
  resultText,
  trustText,
} from '@gatehouse/pipeline';
import { clip, link, plain, table } from './render/markdown.ts';

/** Of a summary's 65,535 bytes, what a project's `debug` may take from the table of its jobs. */
const DEBUG_BYTES_MAX = 8 * 1024;

/** The buttons. GitHub's limits: label 20, description 40, identifier 20 characters. */
export const actionTexts = {
  abort: { label: 'Abort', description: 'Stop this run', identifier: 'abort' },
  rerun: { label: 'Run again', description: 'Run all jobs again', identifier: 'rerun' },
  approve: {
    label: 'Approve and run',
    description: 'Let this commit run here',
    identifier: 'approve',
  },
} as const satisfies Record<string, CheckAction>;

/** What happened, in one line. */
export function runTitle(item: Item): string {
  const { builds, verdict } = item;
  if (verdict === null) {
    if (item.phase !== 'running') return 'Queued: preparing the state to test';
    const done = builds.filter((build) => build.phase === 'completed').length;
    return `Running: ${done} of ${count(builds.length, 'job')} done`;
  }
  const voting = builds.filter((build) => build.job.isVoting);
  const failed = voting.filter((build) => !isGood(build));
  switch (verdict.outcome) {
    case 'success':
      return passedOf(builds);
    case 'failure':
      return builds.length === 0 ? outcomeText('failure') : `${failedOf(failed, builds)} failed`;
    case 'timed-out':
      return `${failedOf(failed, builds)} timed out`;
    default:
      return outcomeText(verdict.outcome);
  }
}

/** The body: the pipeline's message, why, and a row for each job. Markdown. */
export function runSummary(item: Item, publicUrl: string): string {
  const parts = [
    introOf(item),
    whyOf(item),
    trustOf(item),
    jobTable(item, publicUrl),
    debugOf(item),
    footOf(item),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** How jobs were chosen; null when there is nothing to say. Markdown. */
export function selectionText(item: Item): string | null {
  if (item.selection.length === 0) return null;
  const lines = item.selection.map((reason) => `- ${plain(reasonText(reason))}`);
  return ['### Why these jobs', ...lines].join('\n');
}

/** For a project with `debug`; a run without jobs has told it above. */
function debugOf(item: Item): string {
  if (!item.isDebug || item.verdict?.outcome === 'skipped') return '';
  return clip(selectionText(item) ?? '', DEBUG_BYTES_MAX);
}

/** One problem of a configuration file, for its annotation. Plain text. */
export function problemText(problem: ConfigurationProblem): string {
  return problem.remedy === null ? problem.message : `${problem.message}\n${problem.remedy}`;
}

function introOf(item: Item): string {
  const { messages } = item.pipeline;
  switch (item.verdict?.outcome) {
    case undefined:
      // GitHub wants a summary; before the jobs are known this is all there is to say.
      return item.phase === 'running' ? plain(messages.start) : plain(`Started: ${item.cause}.`);
    case 'success':
      return plain(messages.success);
    case 'failure':
    case 'timed-out':
      return plain(messages.failure);
    case 'conflict':
      return plain(messages.mergeConflict);
    case 'cancelled':
      return plain(messages.dequeue);
    case 'skipped':
      return plain(messages.noJobs);
    default:
      return '';
  }
}

function whyOf({ verdict }: Item): string {
  if (verdict === null) return '';
  return verdict.reasons.map((reason) => `- ${plain(reasonText(reason))}`).join('\n');
}

function trustOf({ trust, verdict }: Item): string {
  const isApproved = trust.isTrusted && trust.ground.code === 'approved';
  return isApproved && verdict?.outcome !== 'action-required' ? plain(trustText(trust)) : '';
}

function jobTable(item: Item, publicUrl: string): string {
  if (item.builds.length === 0) return '';
  const rows = item.builds.map((build) => [
    `${plain(build.job.name)}${build.job.isVoting ? '' : ' (non-voting)'}`,
    resultOf(build),
    durationOf(build),
    logOf(build, publicUrl),
  ]);
  return table(['Job', 'Result', 'Time', 'Log'], rows);
}

function resultOf(build: Build): string {
  const detail = build.detail === null ? '' : `: ${plain(build.detail)}`;
  const again = build.attempt > 1 ? ` (try ${build.attempt} of ${build.job.attempts})` : '';
  return `${plain(wordsOf(build))}${again}${detail}`;
}

function wordsOf({ job, phase, result }: Build): string {
  if (result === null) return phaseWords[phase];
  const own = result === 'SUCCESS' ? job.successMessage : job.failureMessage;
  const isOwnUsed = own !== null && result !== 'SKIPPED' && result !== 'CANCELED';
  return `${resultMarks[result]} ${isOwnUsed ? own : resultText(result)}`;
}

const phaseWords = {
  waiting: 'waiting',
  launched: 'starting',
  running: 'running',
  completed: 'done',
} as const satisfies Record<Build['phase'], string>;

const resultMarks = {
  SUCCESS: '✅',
  FAILURE: '❌',
  TIMED_OUT: '⌛',
  POST_FAILURE: '❌',
  RETRY_LIMIT: '❌',
  NODE_FAILURE: '❌',
  SKIPPED: '➖',
  CANCELED: '⏹',
  DISK_FULL: '❌',
  ERROR: '❌',
} as const satisfies Record<BuildResult, string>;

function durationOf(build: Build): string {
  const from = build.startedAt ?? build.launchedAt;
  if (from === null || build.completedAt === null) return '';
  return duration(build.completedAt - from);
}

/** `0.4 s`, `59 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function logOf(build: Build, publicUrl: string): string {
  if (build.logUrl !== null) return link('log', build.logUrl);
  return build.hasLog ? link('log', `${publicUrl}/builds/${build.id}`) : '';
}

function footOf({ pipeline }: Item): string {
  return pipeline.messages.footer === '' ? '' : plain(pipeline.messages.footer);
}

function isGood(build: Build): boolean {
  return build.result === 'SUCCESS' || build.result === 'SKIPPED';
}

/** Only what passed is called passed: a run can succeed with jobs that failed or did not run. */
function passedOf(builds: readonly Build[]): string {
  const passed = builds.filter((build) => build.result === 'SUCCESS').length;
  const skipped = builds.filter((build) => build.result === 'SKIPPED').length;
  const failed = builds.length - passed - skipped;
  const all = failed + skipped === 0 ? '' : `${passed} of `;
  const others = [
    ...(failed === 0 ? [] : [`${failed} non-voting failed`]),
    ...(skipped === 0 ? [] : [`${skipped} skipped`]),
  ];
  return [`${all}${count(builds.length, 'job')} passed`, ...others].join(', ');
}

function failedOf(failed: readonly Build[], builds: readonly Build[]): string {
  return `${failed.length} of ${count(builds.length, 'job')}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

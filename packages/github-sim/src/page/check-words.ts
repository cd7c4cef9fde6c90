/** How a check run or a commit status looks and reads. */
import type { CheckRunSummary, CheckRunView, PullRequestView } from '../read-model.ts';
import { type Html, html } from './html.ts';
import { count, durationText, type Icon, icon, since } from './words.ts';

/** What a state means to whoever waits for it. */
export type Tone = 'good' | 'bad' | 'wait' | 'muted' | 'attention';

/** The drawing that stands for a tone where many checks are told at once. */
export const toneIcons = {
  good: 'check',
  bad: 'cross',
  wait: 'wait',
  muted: 'dot',
  attention: 'alert',
} as const satisfies Record<Tone, Icon>;

interface Look {
  readonly icon: Icon;
  readonly tone: Tone;
  /** `Successful in 4s`: what stands before the time. */
  readonly words: string;
}

const UNKNOWN: Look = { icon: 'dot', tone: 'muted', words: 'Completed in' };
const WAITING = {
  queued: { icon: 'clock', tone: 'wait', words: 'Queued' },
  in_progress: { icon: 'wait', tone: 'wait', words: 'In progress' },
} as const satisfies Record<string, Look>;
const CONCLUDED: Readonly<Record<string, Look>> = {
  success: { icon: 'check', tone: 'good', words: 'Successful in' },
  failure: { icon: 'cross', tone: 'bad', words: 'Failing after' },
  timed_out: { icon: 'cross', tone: 'bad', words: 'Timed out after' },
  action_required: { icon: 'alert', tone: 'attention', words: 'Action required' },
  cancelled: { icon: 'stop', tone: 'muted', words: 'Cancelled after' },
  stale: { icon: 'stop', tone: 'muted', words: 'Stale after' },
  neutral: { icon: 'dot', tone: 'muted', words: 'Completed in' },
  skipped: { icon: 'skip', tone: 'muted', words: 'Skipped' },
};
const STATUSES: Readonly<Record<string, Look>> = {
  success: { icon: 'check', tone: 'good', words: 'Successful' },
  failure: { icon: 'cross', tone: 'bad', words: 'Failing' },
  error: { icon: 'cross', tone: 'bad', words: 'Broken' },
  pending: { icon: 'clock', tone: 'wait', words: 'Pending' },
};

/** Picture and words of a check run. */
export function lookOf(run: Pick<CheckRunSummary, 'status' | 'conclusion'>): Look {
  if (run.status !== 'completed') return WAITING[run.status];
  return CONCLUDED[run.conclusion ?? ''] ?? UNKNOWN;
}

/** The drawing of a check run, with its state for screen readers. */
export function checkIcon(run: Pick<CheckRunSummary, 'status' | 'conclusion'>): Html {
  const look = lookOf(run);
  const state = (run.conclusion ?? run.status).replaceAll('_', ' ');
  return html`${icon(look.icon, look.tone)}<span class="hidden-text">${state}</span>`;
}

/** The drawing of a commit status. */
export function statusIcon(state: string): Html {
  const look = STATUSES[state] ?? UNKNOWN;
  return html`${icon(look.icon, look.tone)}<span class="hidden-text">${state}</span>`;
}

/** `Successful in 4s`, `In progress — 3s`. */
export function checkTime(run: CheckRunView, nowMs: number): Html {
  const look = lookOf(run);
  const { startedAt, completedAt } = run;
  if (run.status === 'in_progress' && startedAt !== null) {
    return html`${look.words} — ${since(startedAt, nowMs)}`;
  }
  if (run.status !== 'completed') return html`${look.words}`;
  const isTimed = / (?:in|after)$/.test(look.words);
  if (!isTimed || startedAt === null || completedAt === null) {
    return html`${look.words.replace(/ (?:in|after)$/, '')}`;
  }
  return html`${look.words} ${durationText(Date.parse(completedAt) - Date.parse(startedAt))}`;
}

/** The newest run of each name in each suite, in the order of their suites. */
export function newestRuns(suites: PullRequestView['suites']): readonly CheckRunView[] {
  return suites.flatMap((suite) => {
    const seen = new Set<string>();
    // Newest first: the first of a name is the one that counts.
    return suite.runs.filter((run) => !seen.has(run.name) && seen.add(run.name));
  });
}

/** All checks of a commit in one sentence. */
export interface CheckTotal {
  readonly tone: Tone;
  readonly headline: string;
  /** `1 failing, 2 successful checks`. */
  readonly counts: string;
}

/** Judges check runs and statuses together; null when there are none. */
export function totalOf(
  runs: readonly Pick<CheckRunSummary, 'status' | 'conclusion'>[],
  statuses: PullRequestView['statuses'],
): CheckTotal | null {
  const tones = [
    ...runs.map((run) => lookOf(run).tone),
    ...statuses.map((status) => (STATUSES[status.state] ?? UNKNOWN).tone),
  ];
  if (tones.length === 0) return null;
  const parts = TOTALS.map(({ tone, word }) => ({
    word,
    number: tones.filter((each) => each === tone).length,
  })).filter(({ number }) => number > 0);
  const list = parts.map(({ word, number }) => `${number} ${word}`).join(', ');
  const noun = count(tones.length, 'check').replace(/^\d+ /, '');
  const worst = TOTALS.find(({ tone }) => tones.includes(tone)) ?? ALL_PASSED;
  return { tone: worst.tone, headline: worst.headline, counts: `${list} ${noun}` };
}

const ALL_PASSED = {
  tone: 'good',
  word: 'successful',
  headline: 'All checks have passed',
} as const;
/** Worst first. */
const TOTALS: readonly { tone: Tone; word: string; headline: string }[] = [
  { tone: 'bad', word: 'failing', headline: 'Some checks were not successful' },
  { tone: 'attention', word: 'waiting', headline: 'Some checks wait for a decision' },
  { tone: 'wait', word: 'in progress', headline: 'Some checks haven’t completed yet' },
  ALL_PASSED,
  { tone: 'muted', word: 'neutral', headline: 'All checks have completed' },
];

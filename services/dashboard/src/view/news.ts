/** What has become of runs since the last look, in sentences to be read aloud. */
import type { BuildsetView, OverviewBody } from '@gatehouse/contracts';
import { changeName } from './change.ts';
import { statusOfRun } from './status.ts';

/** Read aloud one after the other at most; the rest is counted. */
const SENTENCES_MAX = 3;

/**
 * Verdicts that were not there before.
 *
 * @param before null: the first look, which is no news
 */
export function newsOf(before: OverviewBody | null, now: OverviewBody): string {
  if (before === null) return '';
  const known = new Set(before.recent.map(({ id }) => id));
  const fresh = now.recent.filter(({ id }) => !known.has(id));
  const sentences = fresh.slice(0, SENTENCES_MAX).map(verdictSentence);
  const rest = fresh.length - sentences.length;
  return [...sentences, ...(rest > 0 ? [`And ${rest} more.`] : [])].join(' ');
}

/** `check of acme/api#7: Passed.` */
export function verdictSentence(run: BuildsetView): string {
  return `${run.pipeline} of ${changeName(run.change)}: ${statusOfRun(run).word}.`;
}

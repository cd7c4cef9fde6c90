/** How changes and their state are named on pages. */
import type { Change } from '@gatehouse/model';
import { type Item, type Outcome, outcomeText } from '@gatehouse/pipeline';
import { text } from '../text.ts';
import { type Html, html } from './html.ts';

/** `acme/api#7` or `acme/api@main`. */
export function changeName(change: Change): string {
  return change.kind === 'proposed'
    ? `${change.repository}#${change.number}`
    : `${change.repository}@${change.ref.replace(/^refs\/(?:heads|tags)\//, '')}`;
}

/** The change's title; for a ref its commit. A stranger's text. */
export function changeTitle(change: Change): string {
  return change.kind === 'proposed' ? change.title : change.headSha.slice(0, 12);
}

/** Where a run stands, as a coloured word. */
export function statusBadge(item: Item): Html {
  const { verdict, phase } = item;
  if (verdict === null) return html`<span class="badge running">${text.phases[phase]}</span>`;
  return html`<span class="badge ${tones[verdict.outcome]}">${outcomeText(verdict.outcome)}</span>`;
}

const tones: Readonly<Record<Outcome, string>> = {
  success: 'good',
  failure: 'bad',
  'timed-out': 'bad',
  cancelled: 'still',
  skipped: 'still',
  'action-required': 'wait',
  misconfigured: 'bad',
  conflict: 'bad',
  'internal-error': 'bad',
};

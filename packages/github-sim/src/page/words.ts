/** Small pieces that every page uses: icons, times, people, the state of a pull request. */
import type { PullRequestSummary } from '../read-model.ts';
import { type Html, html } from './html.ts';

/** Names of the drawings in `assets/icons.svg`. */
export type Icon =
  | 'alert'
  | 'branch'
  | 'check'
  | 'comment'
  | 'commit'
  | 'cross'
  | 'dot'
  | 'eye'
  | 'file'
  | 'gear'
  | 'merge'
  | 'pull'
  | 'pull-closed'
  | 'pull-draft'
  | 'repository'
  | 'skip'
  | 'stop'
  | 'clock'
  | 'wait';

/** A drawing; screen readers pass over it, so the words beside it say the same. */
export function icon(name: Icon, tone = ''): Html {
  return html`<svg class="icon tone-${tone || 'plain'} icon-${name}" aria-hidden="true" width="16"
    height="16" viewBox="0 0 16 16"><use href="/_page/icons.svg#${name}"></use></svg>`;
}

/** A person's round picture; their name stands beside it. */
export function avatar(login: string, size = 20): Html {
  const source = `/_sim/avatar/${encodeURIComponent(login)}`;
  return html`<img class="avatar" src="${source}" alt="" width="${size}" height="${size}">`;
}

/** How long ago something was, kept up to date by the browser. */
export function ago(iso: string, nowMs: number): Html {
  const at = Date.parse(iso);
  return html`<time datetime="${iso}" title="${longTime(iso)}" data-ago="${at}">${agoText(
    nowMs - at,
  )}</time>`;
}

/** A stopwatch that runs in the browser. */
export function since(iso: string, nowMs: number): Html {
  const at = Date.parse(iso);
  return html`<time class="watch" datetime="${iso}" data-since="${at}">${durationText(
    nowMs - at,
  )}</time>`;
}

/** `just now`, `5 minutes ago`, `2 days ago`. The browser says the same, in `page.mjs`. */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${seconds} seconds ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${count(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${count(hours, 'hour')} ago`;
  return `${count(Math.floor(hours / 24), 'day')} ago`;
}

/** `4s`, `2m 05s`, `1h 02m`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}m ${two(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}

/** `1 commit`, `2 commits`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The coloured word at the top of a pull request. */
export function stateBadge(pull: Pick<PullRequestSummary, 'state' | 'draft'>): Html {
  const [name, text, tone] = stateWords(pull);
  return html`<span class="badge badge-${tone}">${icon(name)} ${text}</span>`;
}

/** The drawing of a pull request's state, with the word for screen readers. */
export function stateIcon(pull: Pick<PullRequestSummary, 'state' | 'draft'>): Html {
  const [name, text, tone] = stateWords(pull);
  return html`${icon(name, tone)}<span class="hidden-text">${text} pull request</span>`;
}

/** A label in a colour of its own; eight colours, chosen by its name. */
export function label(name: string): Html {
  const hue = [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % 8;
  return html`<span class="label label-${hue}">${name}</span>`;
}

/** The first seven digits. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

function stateWords(
  pull: Pick<PullRequestSummary, 'state' | 'draft'>,
): readonly [Icon, string, string] {
  if (pull.state === 'merged') return ['merge', 'Merged', 'merged'];
  if (pull.state === 'closed') return ['pull-closed', 'Closed', 'bad'];
  return pull.draft ? ['pull-draft', 'Draft', 'muted'] : ['pull', 'Open', 'good'];
}

function longTime(iso: string): string {
  return iso.replace('T', ' ').replace('Z', ' UTC');
}

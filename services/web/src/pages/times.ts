/** Times and durations for people. */
import { type Html, html } from './html.ts';

/** `1 h 02 min`, `3 min 20 s` or `45 s`. @param ms at least 0; less counts as 0 */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** A moment in UTC, to the second. @param at milliseconds since 1970 */
export function moment(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

function pad(count: number): string {
  return String(count).padStart(2, '0');
}

/** How far a run is, counted in jobs. */
import type { BuildView } from '@gatehouse/contracts';
import { statusOfBuild, type Tone } from './status.ts';

/** Jobs by where they stand. */
export interface Progress {
  readonly total: number;
  readonly done: number;
  /** In the order in which the bar shows them; only what is not 0. */
  readonly parts: readonly { readonly tone: Tone; readonly count: number }[];
  /** `2 of 3 jobs done, 1 failed`. */
  readonly text: string;
}

const order: readonly Tone[] = ['bad', 'good', 'running', 'still'];

/** Counts the jobs of a run. Skipped and waiting jobs are both still. */
export function progressOf(builds: readonly BuildView[]): Progress {
  const tones = builds.map((build) => statusOfBuild(build).tone);
  const total = builds.length;
  const done = builds.filter(({ phase }) => phase === 'completed').length;
  const parts = order
    .map((tone) => ({ tone, count: tones.filter((one) => one === tone).length }))
    .filter(({ count }) => count > 0);
  const failed = tones.filter((tone) => tone === 'bad').length;
  const jobs = `${done} of ${total} ${total === 1 ? 'job' : 'jobs'} done`;
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  return { total, done, parts, text: total === 0 ? 'Choosing jobs' : `${jobs}${failures}` };
}

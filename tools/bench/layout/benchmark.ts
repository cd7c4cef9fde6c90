/**
 * What configuration costs in processor time (compiling and collecting included): a tenant of 2,000
 * items from text, again after one file of it changed, and the jobs of one change.
 */
import { freezeJobs, type Layout, type LayoutSource, loadLayout } from '@gatehouse/layout';
import { type BenchResult, spreadText } from '../kit/result.ts';
import { ratioOf, spreadOf } from '../kit/stats.ts';
import type { BenchOptions } from '../options.ts';
import { afresh, firstRepository, tenant, withOneChange } from './tenant.ts';

/** Rounds that nobody counts: they compile. */
const WARM_UP = 3;
const FREEZES = 50;

/** Loads, reloads and freezes. */
export async function layoutBenchmark({ rounds, isQuick }: BenchOptions): Promise<BenchResult> {
  const [repositories, itemsEach] = isQuick ? [2, 50] : [20, 100];
  const sources = tenant(repositories, itemsEach);
  const items = (repositories * itemsEach).toLocaleString('en');
  const many = loadLayout(tenant(1, isQuick ? 50 : 200)).layout;
  const [cold = Number.NaN, ...warm] = loads(sources, rounds + WARM_UP);
  const load = warm.slice(WARM_UP - 1);
  const reload = reloads(sources, rounds + WARM_UP).slice(WARM_UP);
  const freeze = freezes(many, FREEZES * (rounds + WARM_UP)).slice(FREEZES * WARM_UP);
  const share = ratioOf(reload, load);
  const characters = sources.flatMap(({ files }) => files).reduce(added, 0);
  const row = (figure: string, text: string) => ({ figure, 'median [min–max]': text });
  return {
    name: 'layout',
    title: `Layout: ${items} items in ${(characters / 1e6).toFixed(2)} MB of YAML, ${rounds} rounds`,
    rows: [
      row('load from text, first in its process, ms', cold.toFixed(0)),
      row('load from text, ms', spreadText(spreadOf(load), 0)),
      row('reload after one changed file, ms', spreadText(spreadOf(reload), 1)),
      row('reload / load', spreadText(share, 3)),
      row('freeze 200 jobs, ms', spreadText(spreadOf(freeze))),
    ],
    goals: [
      { name: 'load, ms', measured: spreadOf(load).median, wanted: { atMost: 400 } },
      { name: 'reload / load', measured: share.median, wanted: { atMost: 0.05 } },
      { name: 'freeze, ms', measured: spreadOf(freeze).median, wanted: { atMost: 2 } },
    ],
    data: { cold, load, reload, freeze },
  };
}

function added(sum: number, { text }: { readonly text: string }): number {
  return sum + text.length;
}

/** Milliseconds of processor time: a busy machine must not look like slow code. */
function timed(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function loads(sources: readonly LayoutSource[], rounds: number): readonly number[] {
  return Array.from({ length: rounds }, () => {
    const fresh = afresh(sources);
    return timed(() => loadLayout(fresh));
  });
}

function reloads(sources: readonly LayoutSource[], rounds: number): readonly number[] {
  loadLayout(sources);
  return Array.from({ length: rounds }, (_, round) => {
    const changed = withOneChange(sources, round);
    return timed(() => loadLayout(changed));
  });
}

function freezes(layout: Layout, rounds: number): readonly number[] {
  const subject = { repository: firstRepository, branch: 'main', pipeline: 'gate' };
  return Array.from({ length: rounds }, (_, round) => {
    // Another file in each round, as each change has its own.
    const changedFiles = ['package.json', `src/part-${round}/index.ts`];
    return timed(() => freezeJobs(layout, { ...subject, changedFiles, base: layout }));
  });
}

/** Each benchmark, from its measuring to its result. Goals stand here and nowhere else. */
import { measureDemo } from './demo/benchmark.ts';
import { measureEngine } from './engine/benchmark.ts';
import { type IngressFigures, measureIngress } from './ingress/benchmark.ts';
import { measureFlood } from './ingress/flood.ts';
import { type BenchResult, spreadText } from './kit/result.ts';
import { ratioOf, spreadOf } from './kit/stats.ts';
import { measureLatency } from './latency/benchmark.ts';
import { layoutBenchmark } from './layout/benchmark.ts';
import type { BenchmarkName, BenchOptions } from './options.ts';

/** By name. */
export const benchmarks: Readonly<
  Record<BenchmarkName, (options: BenchOptions) => Promise<BenchResult>>
> = { ingress, flood, engine, layout: layoutBenchmark, latency, demo };

async function ingress({ rounds, isQuick }: BenchOptions): Promise<BenchResult> {
  const variants = ['stock', 'gatehouse', 'probot'];
  const data = await measureIngress({
    rounds,
    variants,
    connections: 64,
    durationMs: isQuick ? 300 : 4_000,
    warmUpRequests: isQuick ? 500 : 15_000,
  });
  const of = (variant: string) => data.get(variant) ?? [];
  const each = (variant: string, name: keyof IngressFigures) =>
    of(variant).map((figures) => figures[name]);
  const rate = (of: string, to: string) => ratioOf(each(of, 'perSecond'), each(to, 'perSecond'));
  const rows = variants.map((variant) => ({
    server: variant,
    'requests/s': spreadText(spreadOf(each(variant, 'perSecond')), 0),
    'p50 ms': spreadOf(each(variant, 'p50Ms')).median.toFixed(2),
    'p99 ms': spreadOf(each(variant, 'p99Ms')).median.toFixed(1),
    'server µs/request': spreadText(spreadOf(each(variant, 'serverUs')), 1),
    'Redis µs/request': spreadOf(each(variant, 'redisUs')).median.toFixed(1),
    'rate / stock': spreadText(rate(variant, 'stock')),
    'rate / probot': spreadText(rate(variant, 'probot')),
  }));
  const { median: toStock } = rate('gatehouse', 'stock');
  const { median: toProbot } = rate('gatehouse', 'probot');
  return {
    name: 'ingress',
    title: `Ingress: a signed pull_request of 24,261 bytes, ${rounds} rounds, median [min–max]`,
    rows,
    goals: [
      { name: 'rate / stock', measured: toStock, wanted: { atLeast: 0.65 } },
      { name: 'rate / probot', measured: toProbot, wanted: { atLeast: 1.2 } },
    ],
    data: Object.fromEntries(data),
  };
}

async function flood({ isQuick }: BenchOptions): Promise<BenchResult> {
  const requests = isQuick ? 1_000 : 50_000;
  const counts = { gatehouse: requests, probot: Math.min(requests, 5_000) };
  const rows: Record<string, string>[] = [];
  const data: Record<string, unknown> = {};
  let growth = Number.NaN;
  let logBytes = Number.NaN;
  for (const [server, count] of Object.entries(counts)) {
    const figures = await measureFlood(server, count);
    const grown = figures.heapBytesAfter - figures.heapBytesBefore;
    data[server] = figures;
    rows.push({
      server,
      forged: String(figures.requests),
      'refused/s': figures.perSecond.toFixed(0),
      'heap before MB': (figures.heapBytesBefore / 1e6).toFixed(2),
      'heap after MB': (figures.heapBytesAfter / 1e6).toFixed(2),
      'heap bytes each': (grown / figures.requests).toFixed(1),
      'log bytes each': (figures.logBytes / figures.requests).toFixed(2),
    });
    if (server === 'gatehouse') [growth, logBytes] = [grown / 1e6, figures.logBytes / 1e3];
  }
  return {
    name: 'flood',
    title: 'Flood: webhooks with wrong signatures, memory after a collection and bytes of log',
    rows,
    goals: [
      { name: 'heap growth, MB', measured: growth, wanted: { atMost: 2 } },
      { name: 'log, kB', measured: logBytes, wanted: { atMost: 10 } },
    ],
    data,
  };
}

async function engine({ rounds, isQuick }: BenchOptions): Promise<BenchResult> {
  const sizes = isQuick ? [10, 100] : [10, 1_000, 10_000];
  const turns = isQuick ? 10 : 200;
  const data = await measureEngine({ rounds, sizes, turns, steps: turns * 5 });
  const [smallest = ''] = data.keys();
  const turnsOf = (size: string) => (data.get(size) ?? []).map(({ turnUs }) => turnUs);
  const stepsOf = (size: string) => (data.get(size) ?? []).map(({ stepUs }) => stepUs);
  const rows = [...data.keys()].map((size) => ({
    'live runs': size,
    'turn µs': spreadText(spreadOf(turnsOf(size)), 0),
    'turns/s': (1e6 / spreadOf(turnsOf(size)).median).toFixed(0),
    [`turn / ${smallest} live`]: spreadText(ratioOf(turnsOf(size), turnsOf(smallest))),
    'step µs': spreadText(spreadOf(stepsOf(size)), 1),
    [`step / ${smallest} live`]: spreadText(ratioOf(stepsOf(size), stepsOf(smallest))),
  }));
  const largest = [...data.keys()].at(-1) ?? '';
  const name = (what: string) => `${what} with ${largest} live / with ${smallest}`;
  const turnRatio = ratioOf(turnsOf(largest), turnsOf(smallest)).median;
  const stepRatio = ratioOf(stepsOf(largest), stepsOf(smallest)).median;
  return {
    name: 'engine',
    title: `Engine: one event, a new head of a live change, ${rounds} rounds, median [min–max]`,
    rows,
    goals: [
      { name: name('turn'), measured: turnRatio, wanted: { atMost: 1.5 } },
      { name: name('step'), measured: stepRatio, wanted: { atMost: 1.5 } },
    ],
    data: Object.fromEntries(data),
  };
}

async function latency({ rounds, isQuick }: BenchOptions): Promise<BenchResult> {
  const pulls = isQuick ? 1 : rounds * 2;
  const data = await measureLatency(pulls);
  const createMs = spreadOf(data.map((one) => one.createMs));
  const answeringMs = spreadOf(data.map((one) => one.answeringMs));
  const before = spreadOf(data.map((one) => one.callsBefore));
  const inAll = spreadOf(data.map((one) => one.callsInAll));
  const row = (figure: string, text: string) => ({ figure, 'median [min–max]': text });
  return {
    name: 'latency',
    title: `Latency: an idle service, ${pulls} pull requests one after the other`,
    rows: [
      row('webhook received → check run create call, ms', spreadText(createMs, 0)),
      row('of that, the simulated GitHub answering, ms', spreadText(answeringMs, 0)),
      row('calls to GitHub before it', spreadText(before, 0)),
      row('calls to GitHub for the whole run', spreadText(inAll, 0)),
    ],
    goals: [
      { name: 'webhook → create, ms', measured: createMs.median, wanted: { atMost: 150 } },
      { name: 'calls before it', measured: before.median, wanted: { atMost: 3 } },
    ],
    data,
  };
}

async function demo(): Promise<BenchResult> {
  const data = await measureDemo();
  return {
    name: 'demo',
    title: 'Demo: npm run demo until it says that it runs',
    rows: [
      { start: 'cold (fresh clone)', seconds: data.coldS.toFixed(1) },
      { start: 'warm', seconds: data.warmS.toFixed(1) },
    ],
    goals: [{ name: 'cold start, s', measured: data.coldS, wanted: { atMost: 120 } }],
    data,
  };
}

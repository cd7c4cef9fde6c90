/** What `npm run bench` can be asked. */
import { parseArgs } from 'node:util';

/** Every benchmark, in the order in which they are run. */
export const benchmarkNames = ['ingress', 'flood', 'engine', 'layout', 'latency', 'demo'] as const;

/** One of them. */
export type BenchmarkName = (typeof benchmarkNames)[number];

/** How to run. */
export interface BenchOptions {
  readonly names: readonly BenchmarkName[];
  readonly rounds: number;
  /** Short rounds: to see that it runs, not to quote. */
  readonly isQuick: boolean;
}

/** Rounds that a figure to quote is the median of. */
const ROUNDS = 7;
const QUICK_ROUNDS = 2;

/** What it prints for `--help`, and when it was asked something else. */
export const usage = `npm run bench -- [options] [benchmark ...]

benchmarks (all but demo, unless some are named):
  ingress   requests per second of the durable 202, beside servers that store nothing
  flood     what 50,000 forged webhooks leave in memory and log
  engine    one event with 10, 1,000 and 10,000 live runs
  layout    configuration of 2,000 items: load, reload, freeze
  latency   webhook to check run, and calls to GitHub for one run
  demo      npm run demo on a fresh clone, cold and warm (minutes)

options:
  --rounds N   rounds that the median is taken of (default ${ROUNDS})
  --quick      short rounds, to see that it works; not to quote
  --help`;

/** What was asked: to run, or to be shown the usage, perhaps because of a problem. */
export type Asked =
  | { readonly kind: 'run'; readonly options: BenchOptions }
  | { readonly kind: 'usage'; readonly problem: string | null };

/** Reads the command line. */
export function readOptions(words: readonly string[]): Asked {
  try {
    const { values, positionals } = parse(words);
    if (values.help) return { kind: 'usage', problem: null };
    const isQuick = values.quick;
    const rounds = Number(values.rounds ?? (isQuick ? QUICK_ROUNDS : ROUNDS));
    if (!Number.isInteger(rounds) || rounds < 1) {
      return { kind: 'usage', problem: '--rounds takes a whole number from 1 on' };
    }
    const unknown = positionals.find((word) => !benchmarkNames.some((name) => name === word));
    if (unknown !== undefined) {
      return { kind: 'usage', problem: `there is no benchmark "${unknown}"` };
    }
    const named = benchmarkNames.filter((name) => positionals.includes(name));
    const names = named.length > 0 ? named : benchmarkNames.filter((name) => name !== 'demo');
    return { kind: 'run', options: { names, rounds, isQuick } };
  } catch (error) {
    // parseArgs throws for what it does not know, in words for people.
    return { kind: 'usage', problem: error instanceof Error ? error.message : String(error) };
  }
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

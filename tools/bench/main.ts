/** `npm run bench`: runs benchmarks one after the other, prints them, and writes their figures. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { benchmarks } from './benchmarks.ts';
import { startBenchRedis } from './kit/bench-redis.ts';
import { canPin } from './kit/child.ts';
import { type BenchResult, isReached, resultText } from './kit/result.ts';
import { type BenchOptions, readOptions, usage } from './options.ts';

const artifacts = resolve(import.meta.dirname, '../../artifacts');

const asked = readOptions(process.argv.slice(2));
if (asked.kind === 'run') {
  await run(asked.options);
} else {
  if (asked.problem !== null) console.error(`gatehouse: ${asked.problem}\n`);
  console.log(usage);
  process.exitCode = asked.problem === null ? 0 : 1;
}

async function run(options: BenchOptions): Promise<void> {
  const machine = {
    date: new Date().toISOString(),
    node: process.version,
    redis: await redisVersion(),
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    isPinned: canPin,
  };
  console.log(
    `Node.js ${machine.node}, Redis ${machine.redis}, ${machine.processors} × ${machine.model}`,
  );
  if (!canPin) console.log('Processes cannot be pinned here: expect a wider spread.');
  const results: BenchResult[] = [];
  for (const name of options.names) {
    const measured = await benchmarks[name](options);
    // What ran for a moment says that it runs, and nothing about a goal.
    const result = options.isQuick ? { ...measured, goals: [] } : measured;
    results.push(result);
    console.log(resultText(result));
  }
  await mkdir(artifacts, { recursive: true });
  const file = join(artifacts, 'bench.json');
  await writeFile(file, `${JSON.stringify({ machine, options, results }, null, 2)}\n`);
  const missed = results.flatMap(({ goals }) => goals).filter((goal) => !isReached(goal));
  const verdict = options.isQuick ? 'A quick run judges no goal' : `${missed.length} goals missed`;
  console.log(`\n${verdict}. Every round is in ${file}.`);
}

async function redisVersion(): Promise<string> {
  await using redis = await startBenchRedis({ hasFile: false });
  return redis.version;
}

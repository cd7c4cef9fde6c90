// `pnpm check <path> …`: everything `npm test` asks, of one path. Types are checked for the whole
// program, because that is how they fit together, but only errors below the path are shown.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { checkWithBiome } from './checks/biome.ts';
import { renderSummary } from './checks/outcome.ts';
import { createRunner, root } from './checks/runner.ts';
import { checkTidiness } from './checks/tidiness.ts';
import { checkTypes } from './checks/type-check.ts';
import { runTests } from './checks/vitest-run.ts';

/**
 * Paths relative to the root, with forward slashes and without a slash at the end.
 *
 * @param from the folder in which the command was typed
 */
function resolvePaths(args: readonly string[], from: string): string[] | string {
  if (args.length === 0) return 'name a path to check, for example: pnpm check packages/model';
  const resolved: string[] = [];
  for (const arg of args) {
    const absolute = path.resolve(from, arg);
    const relative = path.relative(root, absolute);
    if (relative.startsWith('..')) return `${arg} lies outside this working copy (${root})`;
    if (!existsSync(absolute)) return `${arg} does not exist (looked in ${from})`;
    resolved.push(relative.split(path.sep).join('/'));
  }
  return resolved;
}

const paths = resolvePaths(process.argv.slice(2), process.env.INIT_CWD ?? root);

if (typeof paths === 'string') {
  process.stderr.write(`gatehouse: ${paths}\n`);
  process.exitCode = 1;
} else {
  const runner = createRunner();
  const biomePaths = paths.map((at) => (at === '' ? '.' : at));
  // A folder is named by its absolute path and a slash, so that `github` does not mean `github-sim`.
  const filters = paths.map((at) => (/\.\w+$/.test(at) ? at : `${path.join(root, at)}/`));
  const outcomes = [
    await checkWithBiome(runner, biomePaths),
    await checkTypes(runner, paths),
    checkTidiness(paths),
    await runTests(runner, filters, true),
  ];
  process.stdout.write(renderSummary(outcomes));
  process.exitCode = outcomes.every(({ failed }) => failed === 0) ? 0 : 1;
}

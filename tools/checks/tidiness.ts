import { findAll, render } from '../tidy/tidy.ts';
import { readTree } from '../tidy/tree.ts';
import type { Outcome } from './outcome.ts';
import { root } from './runner.ts';
import { isBelow } from './type-check.ts';

/**
 * Checks arrows, bans and sizes over the whole tree; prints and counts what lies below the paths.
 *
 * @param paths relative to the root
 */
export function checkTidiness(paths: readonly string[]): Outcome {
  const all = findAll(readTree(root));
  const here = all.filter(({ file }) => paths.some((at) => isBelow(file, at)));
  for (const finding of here) process.stdout.write(`${render(finding)}\n`);
  const elsewhere = all.length - here.length;
  const rest = elsewhere === 0 ? '' : ` (and ${elsewhere} elsewhere, not shown)`;
  return {
    name: 'tidy',
    passed: 0,
    failed: here.length === 0 ? 0 : 1,
    summary: `${here.length} findings${rest}`,
  };
}

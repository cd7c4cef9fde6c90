import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Outcome } from './outcome.ts';
import { type Runner, root } from './runner.ts';

/**
 * Type checks the whole program, because a change may break what stands elsewhere; shows and
 * counts the errors below the given paths alone.
 *
 * @param paths relative to the root; all files when empty
 */
export async function checkTypes(runner: Runner, paths: readonly string[]): Promise<Outcome> {
  let shown = 0;
  let elsewhere = 0;
  let broken = false;
  for (const project of projects()) {
    const isShown = errorFilter(paths);
    const { code, lines } = await runner.run(
      `Checking types with tsc (${project})`,
      ['node_modules/typescript/bin/tsc', '-p', project, '--pretty', 'false'],
      isShown,
    );
    const errors = lines.filter((line) => /\berror TS\d+:/.test(line));
    const here = errors.filter(errorFilter(paths)).length;
    shown += here;
    elsewhere += errors.length - here;
    // A compiler that fails without naming an error has not checked anything.
    broken ||= code !== 0 && errors.length === 0;
  }
  const rest = elsewhere === 0 ? '' : ` (and ${elsewhere} elsewhere, not shown)`;
  const summary = broken ? 'tsc itself failed, see above' : `${shown} type errors${rest}`;
  return { name: 'tsc', passed: 0, failed: shown > 0 || broken ? 1 : 0, summary };
}

/** The program of the root, and each room that needs compiler options of its own. */
function projects(): string[] {
  const own = ['packages', 'services'].flatMap((folder) =>
    existsSync(path.join(root, folder))
      ? readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}/tsconfig.json`)
      : [],
  );
  return ['tsconfig.json', ...own.filter((file) => existsSync(path.join(root, file)))];
}

/**
 * Keeps error lines below the given paths, with the indented lines that explain them, and errors
 * that belong to no file.
 */
export function errorFilter(paths: readonly string[]): (line: string) => boolean {
  let isKept = true;
  return (line) => {
    if (/^\s/.test(line)) return isKept;
    const file = /^(.+?)\(\d+,\d+\): /.exec(line)?.[1];
    isKept = file === undefined || paths.length === 0 || paths.some((at) => isBelow(file, at));
    return isKept;
  };
}

/** Whether `file` is `at` or lies below it; both relative to the root. */
export function isBelow(file: string, at: string): boolean {
  return at === '' || file === at || file.startsWith(`${at}/`);
}

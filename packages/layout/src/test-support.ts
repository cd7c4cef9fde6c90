/** For the tests of this package: short ways to a layout, and problems in one line each. */
import type { ConfigurationProblem } from '@gatehouse/model';
import type { LayoutOptions } from './define/context.ts';
import type { LayoutSource } from './layout.ts';
import { freezeJobs } from './resolve/freeze.ts';
import { type LoadedLayout, loadLayout } from './resolve/load.ts';
import type { FreezeRequest, FreezeResult } from './resolve/request.ts';

/** The repository that the tests are about. */
export const api = 'acme/api';
/** Its owner's configuration repository. */
export const configuration = 'acme/.gatehouse';

/** One source with one file; `changes` says what is not as usual. */
export function source(text: string, changes: Partial<LayoutSource> = {}): LayoutSource {
  const files = [{ path: '.gatehouse.yaml', text }];
  return { repository: api, branch: 'main', role: 'repository', files, ...changes };
}

/** The same for the owner's configuration repository. */
export function ownerSource(text: string, changes: Partial<LayoutSource> = {}): LayoutSource {
  return source(text, { repository: configuration, role: 'owner', ...changes });
}

/** A layout from one file of the repository. */
export function load(text: string, options: LayoutOptions = {}): LoadedLayout {
  return loadLayout([source(text)], options);
}

/** `level code line:column message`. */
export function line(problem: ConfigurationProblem): string {
  const { level, code, range, message } = problem;
  const place = range === null ? '-' : `${range.startLine}:${range.startColumn}`;
  return `${level} ${code} ${place} ${message}`;
}

/** The problems of one file, a line each. */
export function problemsOf(text: string, options: LayoutOptions = {}): readonly string[] {
  return load(text, options).problems.map(line);
}

/** The errors of one file by code and place. */
export function errorsOf(text: string): readonly string[] {
  return load(text)
    .problems.filter(({ level }) => level === 'error')
    .map(({ code, range }) => `${code} ${range?.startLine}:${range?.startColumn}`);
}

/** Freezes the jobs of the repository in `check` on `main`, unless `request` says otherwise. */
export function freeze(
  sources: readonly LayoutSource[],
  request: Partial<FreezeRequest> = {},
): FreezeResult {
  const { layout } = loadLayout(sources);
  return freezeJobs(layout, {
    repository: api,
    branch: 'main',
    pipeline: 'check',
    changedFiles: null,
    base: null,
    ...request,
  });
}

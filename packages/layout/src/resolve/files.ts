import type { Reason } from '@gatehouse/model';
import type { Pattern } from '../layout.ts';
import { matchesAtStart } from '../patterns.ts';
import type { CombinedJob } from './inherit.ts';

/**
 * Why the file filters leave a job out; null when it runs. Both filters have to allow it. Without
 * a list of changed files, or with an empty one, nothing is known and the job runs.
 */
export function judgeFiles(
  job: CombinedJob,
  changedFiles: readonly string[] | null,
): Reason | null {
  if (changedFiles === null || changedFiles.length === 0) return null;
  const matches = (patterns: readonly Pattern[], file: string) =>
    patterns.some((pattern) => matchesAtStart(pattern, file));
  if (job.files.length > 0 && !changedFiles.some((file) => matches(job.files, file))) {
    return {
      code: 'job-files-not-matched',
      subject: job.name,
      seen: shown(changedFiles),
      expected: job.files.map(patternText),
    };
  }
  const { irrelevantFiles } = job;
  const isIrrelevant =
    irrelevantFiles.length > 0 && changedFiles.every((file) => matches(irrelevantFiles, file));
  if (!isIrrelevant) return null;
  return {
    code: 'job-files-irrelevant',
    subject: job.name,
    seen: shown(changedFiles),
    expected: irrelevantFiles.map(patternText),
  };
}

/** Files that a reason names; the count of all of them says the rest. */
const filesShown = 5;

function shown(files: readonly string[]) {
  return { count: files.length, first: files.slice(0, filesShown) };
}

/** A pattern as a reason names it. */
export function patternText(pattern: Pattern): string {
  return pattern.isNegated ? `not ${pattern.source}` : pattern.source;
}

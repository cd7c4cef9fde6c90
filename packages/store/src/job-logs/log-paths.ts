/** Where logs are on disk: `DIR/BUILD/ATTEMPT.part` while it is written, `ATTEMPT.log` after. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildId, invariant } from '@gatehouse/model';

/**
 * A build's id becomes the name of a folder, and ids come back from URLs, so that the form is
 * checked here again: no separator, nothing that starts with a dot.
 */
const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The two names of one attempt's log. */
export interface LogPaths {
  readonly folder: string;
  readonly part: string;
  readonly complete: string;
}

/** True when `build` can name a folder. */
export function isSafeSegment(build: string): boolean {
  return SEGMENT.test(build);
}

/** @throws invariant when the id is no plain word or the attempt no count. */
export function logPaths(dir: string, build: BuildId, attempt: number): LogPaths {
  invariant(isSafeSegment(build), 'a build id is one plain word');
  invariant(Number.isSafeInteger(attempt) && attempt > 0, 'attempts count from 1');
  const folder = join(dir, build);
  return {
    folder,
    part: join(folder, `${attempt}.part`),
    complete: join(folder, `${attempt}.log`),
  };
}

/** The newest attempt that has a log; null: none has. */
export async function newestAttempt(dir: string, build: BuildId): Promise<number | null> {
  const names = await readdir(join(dir, build)).catch(whenMissing);
  const attempts = (names ?? []).map((name) => /^(\d+)\.(?:part|log)$/.exec(name)?.[1]);
  const numbers = attempts.filter((text) => text !== undefined).map(Number);
  return numbers.length === 0 ? null : Math.max(...numbers);
}

/** For `catch`: null when there is no such file, else the error goes on. */
export function whenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

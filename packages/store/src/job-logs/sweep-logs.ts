/**
 * Removes old job logs, so that the folder has a bound as each log in it has.
 *
 * It owns no state: the files' times say how old a log is, so that every process that shares the
 * folder may sweep it at any time, also two at once. A log that may still be written is left alone:
 * its writer renames it in the end and would find nothing to rename.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSafeSegment, whenMissing } from './log-paths.ts';

/** How much is kept. */
export interface LogRetention {
  /** Milliseconds after its last byte. */
  readonly keepMs: number;
  /** Of all logs together; beyond it the oldest go first. */
  readonly totalBytesMax: number;
}

/** No job is silent for so long and goes on: a timeout ends it, or its runner is dead. */
const writtenMs = 24 * 60 * 60 * 1_000;

/** @param now ms since 1970. @returns how many builds' logs were removed. */
export async function sweepLogs(
  dir: string,
  { keepMs, totalBytesMax }: LogRetention,
  now: number,
): Promise<number> {
  const found = await foldersOf(dir);
  const oldestFirst = found.sort((a, b) => a.changedAt - b.changedAt || (a.path < b.path ? -1 : 1));
  let bytes = found.reduce((sum, folder) => sum + folder.bytes, 0);
  let removed = 0;
  for (const folder of oldestFirst) {
    const ageMs = now - folder.changedAt;
    if (ageMs <= keepMs && bytes <= totalBytesMax) break;
    if (folder.isOpen && ageMs <= writtenMs) continue;
    await rm(folder.path, { recursive: true, force: true });
    bytes -= folder.bytes;
    removed += 1;
  }
  return removed;
}

interface Folder {
  readonly path: string;
  /** Of its newest file, ms since 1970. */
  readonly changedAt: number;
  readonly bytes: number;
  /** An attempt in it was not closed. */
  readonly isOpen: boolean;
}

/** The builds' folders; what does not look like one is not touched. */
async function foldersOf(dir: string): Promise<Folder[]> {
  const names = (await readdir(dir).catch(whenMissing)) ?? [];
  const folders: Folder[] = [];
  // One after the other: a sweep must not take the disk away from jobs.
  for (const name of names.filter(isSafeSegment)) {
    const folder = await folderAt(join(dir, name));
    if (folder !== null) folders.push(folder);
  }
  return folders;
}

async function folderAt(path: string): Promise<Folder | null> {
  const files = await readdir(path).catch(whenMissing);
  const facts = await stat(path).catch(whenMissing);
  if (files === null || facts === null) return null;
  let { mtimeMs: changedAt } = facts;
  let bytes = 0;
  for (const file of files) {
    const { mtimeMs, size } = (await stat(join(path, file)).catch(whenMissing)) ?? facts;
    changedAt = Math.max(changedAt, mtimeMs);
    bytes += size;
  }
  return { path, changedAt, bytes, isOpen: files.some((file) => file.endsWith('.part')) };
}

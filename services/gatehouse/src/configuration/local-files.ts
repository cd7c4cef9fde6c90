/** Configuration files on this machine, found as they are found in a repository. */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A file: its path as it is shown, and its text. */
export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

/** The first name that exists is the whole configuration. */
const names = [
  { name: '.gatehouse.yaml', isDirectory: false },
  { name: '.gatehouse.d', isDirectory: true },
  { name: 'zuul.yaml', isDirectory: false },
  { name: 'zuul.d', isDirectory: true },
  { name: '.zuul.yaml', isDirectory: false },
  { name: '.zuul.d', isDirectory: true },
] as const;

/** A file that keeps Zuul out of the directory it lies in. */
const ignoreMark = '.zuul.ignore';

/**
 * The configuration files of a directory; none: it has no configuration.
 * @param shownAs what paths begin with; empty for the working directory itself
 * @throws Error of node:fs when something cannot be read
 */
export async function findFiles(directory: string, shownAs: string): Promise<readonly FoundFile[]> {
  for (const { name, isDirectory } of names) {
    const path = join(directory, name);
    const found = await lstat(path).catch(ignoreMissing);
    if (found === null || found.isDirectory() !== isDirectory) continue;
    if (!isDirectory && !found.isFile()) continue;
    const paths = isDirectory ? await yamlBelow(path, name.startsWith('.gatehouse')) : [path];
    const shown = (file: string) => join(shownAs, relative(directory, file));
    return Promise.all(paths.map(async (file) => readText(file, shown(file))));
  }
  return [];
}

/** One file. @throws Error of node:fs when it cannot be read */
export async function readText(path: string, shownAs: string): Promise<FoundFile> {
  return { path: shownAs.replaceAll('\\', '/'), text: await readFile(path, 'utf8') };
}

async function yamlBelow(directory: string, isOurs: boolean): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isFile() && entry.name.endsWith('.yaml')) paths.push(path);
    if (!entry.isDirectory()) continue;
    const isIgnored =
      !isOurs && (await lstat(join(path, ignoreMark)).catch(ignoreMissing)) !== null;
    if (!isIgnored) paths.push(...(await yamlBelow(path, isOurs)));
  }
  return paths.sort((a, b) => (a < b ? -1 : 1));
}

function ignoreMissing(error: unknown): null {
  const isMissing =
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR');
  if (isMissing) return null;
  throw error;
}

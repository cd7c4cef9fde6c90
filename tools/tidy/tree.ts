import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Text files by path, relative to the root, with forward slashes. */
export type Tree = ReadonlyMap<string, string>;

/** Folders that git ignores, or that hold what nobody here wrote. */
const skippedFolders = new Set([
  '.gatehouse',
  '.git',
  '.tools',
  'artifacts',
  'coverage',
  'dist',
  'node_modules',
]);

const textEndings = /\.(ts|tsx|mts|mjs|js|json|md|ya?ml|toml|sh|lua|html|css|sql|tpl|txt)$/;
const textNames = new Set(['run', 'Dockerfile', '.gitignore', '.npmrc', '.dockerignore']);

/** Larger files are data, not text that somebody keeps tidy; in bytes. */
const fileBytesMax = 1_000_000;

/** Reads the text files of a working copy. */
export function readTree(root: string): Tree {
  const tree = new Map<string, string>();
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: false })) {
    collect(root, entry.name, { isFolder: entry.isDirectory(), tree });
  }
  return tree;
}

function collect(
  root: string,
  at: string,
  { isFolder, tree }: { isFolder: boolean; tree: Map<string, string> },
): void {
  const name = path.posix.basename(at);
  if (isFolder) {
    if (skippedFolders.has(name)) return;
    for (const entry of readdirSync(path.join(root, at), { withFileTypes: true })) {
      collect(root, `${at}/${entry.name}`, { isFolder: entry.isDirectory(), tree });
    }
    return;
  }
  if (!textEndings.test(name) && !textNames.has(name)) return;
  const text = readFileSync(path.join(root, at), 'utf8');
  if (text.length <= fileBytesMax) tree.set(at, text);
}

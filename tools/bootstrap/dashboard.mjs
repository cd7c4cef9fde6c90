/**
 * The browser part, built from its sources when they are other than those of the last build. A
 * stamp remembers which those were, so that a start without changes costs a few milliseconds.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { relay } from './relay.mjs';
import { readStamp, writeStamp } from './stamp.mjs';
import { toolPaths } from './tool-paths.mjs';

/** What decides about the build, besides what lies in its folder: the versions of its tools. */
const sharedFiles = ['pnpm-workspace.yaml'];

/** Neither sources nor made by hand. */
const skipped = new Set(['dist', 'node_modules']);

/**
 * @param {string} root
 * @returns {boolean} whether the build fits the sources; also where there are none to build
 */
export function hasDashboard(root) {
  if (!exists(folderOf(root))) return true;
  if (!exists(path.join(folderOf(root), 'dist', 'index.html'))) return false;
  return readStamp(stampFile(root)) === sourcesDigest(root);
}

/**
 * @param {Pick<import('./steps.mjs').Context, 'root' | 'env' | 'onLine' | 'signal'> &
 *   { node: string, steps: Pick<import('./steps.mjs').Steps, 'step'> }} context `node` runs it
 */
export async function ensureDashboard({ root, env, steps, onLine, signal, node }) {
  if (hasDashboard(root)) return;
  // Before the build: a source that changes meanwhile must not count as built.
  const digest = sourcesDigest(root);
  const cwd = folderOf(root);
  await steps.step('Building the dashboard', async () => {
    const vite = path.join(cwd, 'node_modules', 'vite', 'bin', 'vite.js');
    const command = [node, vite, 'build', '--logLevel', 'warn'];
    const { code, tail } = await relay(command, { cwd, env, onLine, signal });
    signal?.throwIfAborted();
    if (code === 0) return;
    throw new Failure({
      what: `the dashboard could not be built: vite ended with exit code ${code}.`,
      where: cwd,
      remedy: tail.includes('Cannot find module')
        ? 'delete the node_modules folder, and run the command again'
        : 'repair what is said above, or check the sources out again, and run the command again',
    });
  });
  writeStamp(stampFile(root), digest);
}

/** @param {string} root */
function sourcesDigest(root) {
  const digest = createHash('sha256');
  const files = [
    ...filesBelow(folderOf(root)),
    ...sharedFiles.map((file) => path.join(root, file)),
  ];
  for (const file of files) {
    if (!exists(file)) continue;
    const content = readFileSync(file);
    digest.update(`\0${path.relative(root, file)}\0${content.length}\0`).update(content);
  }
  return digest.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]} in an order that is the same everywhere
 */
function filesBelow(folder) {
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !skipped.has(name) && !/\.test\.tsx?$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const at = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(at) : [at];
  });
}

/** @param {string} root */
function folderOf(root) {
  return path.join(root, 'services', 'dashboard');
}

/** @param {string} root */
function stampFile(root) {
  return path.join(toolPaths(root).folder, 'dashboard.stamp');
}

/** @param {string} file */
function exists(file) {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

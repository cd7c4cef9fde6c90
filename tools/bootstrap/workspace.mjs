/**
 * The packages of this workspace, installed exactly as the lockfile says. A stamp remembers for
 * which lockfile and manifests that was last done, so that a second run does not ask pnpm.
 */
import { mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { throwWriteFailure } from './failure.mjs';
import { fetchFailure } from './fetch-failure.mjs';
import { relay } from './relay.mjs';
import { readStamp, workspaceDigest, writeStamp } from './stamp.mjs';
import { toolPaths } from './tool-paths.mjs';

/**
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 * @returns {boolean} whether the installed packages fit the lockfile and the manifests
 */
export function hasPackages(root, pins) {
  const marks = [path.join(root, 'node_modules', '.modules.yaml'), nodeLink(root)];
  if (marks.some((mark) => statSync(mark, { throwIfNoEntry: false }) === undefined)) return false;
  return readStamp(stampFile(root)) === workspaceDigest(root, pins);
}

/**
 * @param {import('./steps.mjs').Context} context
 */
export async function ensurePackages({ root, pins, env, steps, onLine, signal }) {
  if (hasPackages(root, pins)) return;
  // Before the install: a manifest that changes meanwhile must not count as installed.
  const digest = workspaceDigest(root, pins);
  await steps.step('Installing packages with pnpm', async () => {
    const command = [
      toolPaths(root).pnpm,
      'install',
      '--frozen-lockfile',
      '--reporter=append-only',
    ];
    // CI makes pnpm replace an outdated node_modules folder instead of asking about it.
    const outcome = await relay(command, {
      cwd: root,
      env: { ...env, CI: 'true' },
      onLine,
      signal,
    });
    signal?.throwIfAborted();
    if (outcome.code !== 0) {
      throw fetchFailure({ doing: 'installing packages with pnpm', where: root, ...outcome })
        .failure;
    }
  });
  linkNode(root);
  writeStamp(stampFile(root), digest);
}

/**
 * The commands that pnpm puts into `node_modules/.bin` run on the Node.js beside them, if there is
 * one: so `pnpm exec gatehouse` and `npx gatehouse` get the pinned one whatever is on PATH.
 *
 * @param {string} root
 */
function linkNode(root) {
  const link = nodeLink(root);
  try {
    mkdirSync(path.dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(path.relative(path.dirname(link), toolPaths(root).node), link);
  } catch (error) {
    throwWriteFailure(error, link);
  }
}

/** @param {string} root */
function nodeLink(root) {
  return path.join(root, 'node_modules', '.bin', 'node');
}

/** @param {string} root */
function stampFile(root) {
  return path.join(toolPaths(root).folder, 'packages.stamp');
}

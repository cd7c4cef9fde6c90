/**
 * The packages of this workspace, installed exactly as the lockfile says. A stamp remembers for
 * which lockfile and manifests that was last done, so that a second run does not ask pnpm.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { fetchFailure } from './fetch-failure.mjs';
import { relay } from './relay.mjs';
import { readStamp, workspaceDigest, writeStamp } from './stamp.mjs';
import { toolPaths } from './toolchain.mjs';

/**
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 * @returns {boolean} whether the installed packages fit the lockfile and the manifests
 */
export function hasPackages(root, pins) {
  const marker = path.join(root, 'node_modules', '.modules.yaml');
  if (statSync(marker, { throwIfNoEntry: false }) === undefined) return false;
  return readStamp(stampFile(root)) === workspaceDigest(root, pins);
}

/**
 * @param {{ root: string, pins: import('./pins.mjs').Pins, env: NodeJS.ProcessEnv,
 *   steps: import('./steps.mjs').Steps, onLine: (line: string) => void,
 *   signal?: AbortSignal | undefined }} context
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
  writeStamp(stampFile(root), digest);
}

/** @param {string} root */
function stampFile(root) {
  return path.join(toolPaths(root).folder, 'packages.stamp');
}

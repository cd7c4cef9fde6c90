import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { throwWriteFailure } from './failure.mjs';
import { isFile, toolPaths } from './tool-paths.mjs';

/**
 * Points `.tools/bin/` at the first copy of each tool that runs and is of the pinned version.
 *
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 * @returns {boolean} whether both were found
 */
export function linkTools(root, pins) {
  const paths = toolPaths(root);
  const modules = path.join(paths.folder, 'node_modules');
  const node = [
    path.join(modules, 'node/bin/node'),
    path.join(modules, platformPackage(), 'bin/node'),
  ];
  const pnpm = [path.join(modules, 'pnpm/pnpm'), ...nativePnpms(modules)];
  return linkFirst(paths.node, node, `v${pins.node}`) && linkFirst(paths.pnpm, pnpm, pins.pnpm);
}

/**
 * @param {string} link
 * @param {string[]} candidates
 * @param {string} version what the right one prints for `--version`
 * @returns {boolean}
 */
function linkFirst(link, candidates, version) {
  const found = candidates.find(
    (candidate) => isFile(candidate) && versionOf(candidate) === version,
  );
  if (found === undefined) return false;
  try {
    mkdirSync(path.dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(path.relative(path.dirname(link), found), link);
  } catch (error) {
    throwWriteFailure(error, link);
  }
  return true;
}

/**
 * pnpm's native program also lies in a package of its own, which needs no install script.
 *
 * @param {string} modules
 * @returns {string[]}
 */
function nativePnpms(modules) {
  const scope = path.join(modules, '@pnpm');
  if (statSync(scope, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(scope).map((name) => path.join(scope, name, 'pnpm'));
}

/**
 * @param {string} program
 * @returns {string} empty when it does not run
 */
function versionOf(program) {
  // From `/`, so that no manifest of a surrounding folder makes pnpm answer for another version.
  const { stdout } = spawnSync(program, ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    timeout: 20_000,
  });
  return stdout?.trim() ?? '';
}

/**
 * The name under which Node.js for this platform is published.
 *
 * @returns {string}
 */
export function platformPackage() {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

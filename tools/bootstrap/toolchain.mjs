/**
 * The pinned Node.js and pnpm of this working copy. They live in `.tools/` and are reached through
 * `.tools/bin/`, whatever way npm put them there; nothing is installed outside the working copy.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, Failure, throwWriteFailure } from './failure.mjs';
import { fetchFailure } from './fetch-failure.mjs';
import { relay } from './relay.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

/**
 * @param {string} root
 * @returns {{ folder: string, bin: string, node: string, pnpm: string, stamp: string }}
 */
export function toolPaths(root) {
  const folder = path.join(root, '.tools');
  const bin = path.join(folder, 'bin');
  return {
    folder,
    bin,
    node: path.join(bin, 'node'),
    pnpm: path.join(bin, 'pnpm'),
    stamp: path.join(folder, 'toolchain.stamp'),
  };
}

/**
 * Whether the pinned tools stand ready. Cheap (a few file system calls), because every command
 * asks it.
 *
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 * @returns {boolean}
 */
export function hasToolchain(root, pins) {
  const { node, pnpm, stamp } = toolPaths(root);
  return readStamp(stamp) === stampText(pins) && isFile(node) && isFile(pnpm);
}

/**
 * Fetches what is missing and verifies each tool by running it.
 *
 * @param {{ root: string, pins: import('./pins.mjs').Pins, env: NodeJS.ProcessEnv,
 *   steps: import('./steps.mjs').Steps, onLine: (line: string) => void,
 *   signal?: AbortSignal | undefined }} context
 */
export async function ensureToolchain(context) {
  const { root, pins, steps } = context;
  if (hasToolchain(root, pins)) return;
  if (!linkTools(root, pins)) {
    const title = `Fetching pnpm ${pins.pnpm} and Node.js ${pins.node} into .tools/`;
    await steps.step(title, () => fetchTools(context));
  }
  writeStamp(toolPaths(root).stamp, stampText(pins));
}

/**
 * The npm package `node` fetches the platform's package from an install script. Where scripts are
 * switched off or refused, that package is asked for by its own name instead.
 *
 * @param {Parameters<typeof ensureToolchain>[0]} context
 */
async function fetchTools(context) {
  const { root, pins, steps } = context;
  prepareFolder(root);
  const viaScript = await npmInstall(context, `node@${pins.node}`);
  if (linkTools(root, pins)) return;
  if (viaScript?.isFinal) throw viaScript.failure;
  steps.say('  Node.js did not arrive that way; trying its platform package');
  const direct = await npmInstall(context, `${platformPackage()}@${pins.node}`);
  if (linkTools(root, pins)) return;
  throw direct?.failure ?? unusable(root, pins);
}

/**
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 */
function unusable(root, { node, pnpm }) {
  return new Failure({
    what: `npm reported success, but pnpm ${pnpm} or Node.js ${node} does not run here.`,
    where: toolPaths(root).folder,
    remedy: `check that Node.js ${node} supports this system (${process.platform} ${process.arch}),\nremove the folder, and run the command again`,
  });
}

/** @param {string} root */
function prepareFolder(root) {
  const { folder } = toolPaths(root);
  const manifest = {
    name: 'gatehouse-toolchain',
    private: true,
    // npm announces to run install scripts only for packages that are named here
    allowScripts: { node: true, pnpm: true },
  };
  try {
    writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  } catch (error) {
    throwWriteFailure(error, folder);
  }
}

/**
 * @param {Parameters<typeof ensureToolchain>[0]} context
 * @param {string} nodePackage asked for together with pnpm: npm removes what it is not asked for
 * @returns {Promise<ReturnType<typeof fetchFailure> | undefined>} undefined when npm is content
 */
async function npmInstall({ root, pins, env, onLine, signal }, nodePackage) {
  const { folder } = toolPaths(root);
  const options = [
    ...['--no-save', '--no-audit', '--no-fund', '--no-package-lock', '--no-progress'],
    '--loglevel=error',
    // npm's own pauses between tries add up to minutes before it admits that there is no network
    ...['--fetch-retries=3', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'],
  ];
  const command = [
    ...npmCommand(env),
    'install',
    '--prefix',
    folder,
    ...options,
    `pnpm@${pins.pnpm}`,
    nodePackage,
  ];
  try {
    const { code, tail } = await relay(command, { cwd: folder, env, onLine, signal });
    signal?.throwIfAborted();
    if (code === 0) return undefined;
    return fetchFailure({ doing: 'fetching pnpm and Node.js with npm', where: folder, code, tail });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new Failure({
      what: 'npm was not found.',
      where: 'PATH',
      remedy:
        'install npm (it comes with Node.js; on Debian and Ubuntu: `apt install npm`),\nand run the command again',
    });
  }
}

/**
 * The npm that started us, or the one on PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function npmCommand(env) {
  const starter = env.npm_execpath ?? '';
  if (path.basename(starter) === 'npm-cli.js' && isFile(starter))
    return [process.execPath, starter];
  return ['npm'];
}

/**
 * Points `.tools/bin/` at the first copy of each tool that runs and is of the pinned version.
 *
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 * @returns {boolean} whether both were found
 */
function linkTools(root, pins) {
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
function platformPackage() {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

/** @param {import('./pins.mjs').Pins} pins */
function stampText(pins) {
  return `node ${pins.node} pnpm ${pins.pnpm} ${process.platform} ${process.arch}`;
}

/** @param {string} file */
function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

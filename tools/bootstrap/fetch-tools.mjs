import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, Failure, throwWriteFailure } from './failure.mjs';
import { fetchFailure } from './fetch-failure.mjs';
import { linkTools, platformPackage } from './link-tools.mjs';
import { relay } from './relay.mjs';
import { isFile, toolPaths } from './tool-paths.mjs';

/**
 * The npm package `node` fetches the platform's package from an install script. Where scripts are
 * switched off or refused, that package is asked for by its own name instead.
 *
 * @param {import('./steps.mjs').Context} context
 */
export async function fetchTools(context) {
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
 * @param {import('./steps.mjs').Context} context
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

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, throwWriteFailure } from './failure.mjs';

/**
 * What decides whether the installed packages are still the right ones: a digest over the pins,
 * the platform, the lockfile and every manifest of the workspace. Sources do not count.
 *
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 * @returns {string}
 */
export function workspaceDigest(root, pins) {
  const digest = createHash('sha256');
  digest.update(JSON.stringify([pins, process.platform, process.arch]));
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'];
  for (const folder of ['packages', 'services']) {
    for (const name of namesIn(path.join(root, folder))) {
      files.push(path.join(folder, name, 'package.json'));
    }
  }
  files.push(path.join('tests', 'package.json'), path.join('tools', 'package.json'));
  for (const file of files) {
    const text = readOrUndefined(path.join(root, file));
    if (text !== undefined) digest.update(`\0${file}\0${text.length}\0${text}`);
  }
  return digest.digest('hex');
}

/**
 * @param {string} file
 * @returns {string | undefined} undefined when nothing was stamped yet
 */
export function readStamp(file) {
  return readOrUndefined(file)?.trim();
}

/**
 * Written by rename, so that a crash leaves the old stamp or the new one, never half of one.
 *
 * @param {string} file
 * @param {string} text
 */
export function writeStamp(file, text) {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const draft = `${file}.${process.pid}.draft`;
    writeFileSync(draft, `${text}\n`);
    renameSync(draft, file);
  } catch (error) {
    throwWriteFailure(error, file);
  }
}

/**
 * @param {string} folder
 * @returns {string[]} sorted; empty when the folder does not exist
 */
function namesIn(folder) {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function readOrUndefined(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

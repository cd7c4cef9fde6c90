/**
 * One set-up at a time per working copy. Two at once would install into the same folder and leave
 * it half written.
 *
 * The lock is a numbered file: whoever creates number n+1 while n is released or its owner is dead
 * holds the lock, provided that no higher number exists. Creation is exclusive, so there is exactly
 * one winner per number, and the highest number is never deleted, so a slow process that saw an
 * old number dead can never win behind the back of the present owner. (Deleting and re-creating
 * one fixed name has that hole: two processes see a dead owner, and the second deletes the lock
 * that the first has just made.)
 *
 * States: free (no file, or the highest says `released`) → held (the highest names a live owner)
 * → free (released) or dead (the owner is gone; the next one takes over).
 */
import { randomUUID } from 'node:crypto';
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { errorCode } from './failure.mjs';
import { isAlive, renewMs, thisProcess } from './lock-owner.mjs';

/** How often a waiting process looks again, in milliseconds. */
const pollMs = 100;

/** How often a wait is announced, in milliseconds. */
const sayEveryMs = 3000;

/** @typedef {import('./lock-owner.mjs').Owner} Owner */

/**
 * Runs `work` while this process alone holds the lock of `folder`.
 *
 * @template T
 * @param {string} folder must exist
 * @param {{ onWait: (owner: Owner) => void, signal?: AbortSignal | undefined }} options `onWait`
 *   is called at once and then every three seconds; an abort ends the wait with its reason
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, { onWait, signal }, work) {
  const file = await acquire(folder, { onWait, signal });
  const renewal = setInterval(() => unlessRemoved(() => renew(file)), renewMs);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    unlessRemoved(() => replaceWith(file, { ...thisProcess(), released: true }));
  }
}

/** @param {string} file */
function renew(file) {
  const now = new Date();
  utimesSync(file, now, now);
}

/**
 * Somebody may delete the whole folder during a set-up; that fails the set-up's own writes, with
 * a better message than the lock could give.
 *
 * @param {() => void} write
 */
function unlessRemoved(write) {
  try {
    write();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/**
 * @param {string} folder
 * @param {{ onWait: (owner: Owner) => void, signal?: AbortSignal | undefined }} options
 * @returns {Promise<string>} the lock file now held
 */
async function acquire(folder, { onWait, signal }) {
  let saidAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    signal?.throwIfAborted();
    const highest = numbersIn(folder).at(-1) ?? 0;
    const owner = highest === 0 ? undefined : readOwner(fileOf(folder, highest));
    if (owner === undefined || owner.released || !isAlive(owner, fileOf(folder, highest))) {
      if (tryTake(folder, highest + 1)) return fileOf(folder, highest + 1);
      continue;
    }
    if (performance.now() - saidAt >= sayEveryMs) {
      saidAt = performance.now();
      onWait(owner);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/**
 * @param {string} folder
 * @param {number} number
 * @returns {boolean} true when this process now holds the lock
 */
function tryTake(folder, number) {
  const draft = path.join(folder, `.lock-draft-${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(thisProcess()));
  try {
    linkSync(draft, fileOf(folder, number));
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const numbers = numbersIn(folder);
  if (numbers.at(-1) !== number) {
    rmSync(fileOf(folder, number), { force: true });
    return false;
  }
  for (const older of numbers.slice(0, -1)) rmSync(fileOf(folder, older), { force: true });
  return true;
}

/**
 * @param {string} file
 * @param {Owner} owner
 */
function replaceWith(file, owner) {
  const draft = `${file}.draft`;
  writeFileSync(draft, JSON.stringify(owner));
  renameSync(draft, file);
}

/**
 * @param {string} file
 * @returns {Owner | undefined} undefined when it was replaced or removed under our eyes
 */
function readOwner(file) {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8'));
    return Number.isInteger(owner.pid) && typeof owner.host === 'string' ? owner : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * @param {string} folder
 * @returns {number[]} ascending
 */
function numbersIn(folder) {
  return readdirSync(folder)
    .map((name) => Number(/^lock-(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

/**
 * @param {string} folder
 * @param {number} number
 */
function fileOf(folder, number) {
  return path.join(folder, `lock-${number}`);
}

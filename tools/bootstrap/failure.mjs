/**
 * A refusal to go on that a person can act on: what failed, where, and what to do. Everything
 * else that is thrown during set-up is a defect and keeps its stack trace.
 */
export class Failure extends Error {
  /**
   * @param {{ what: string, where: string, remedy: string, exitCode?: number }} parts
   *   `exitCode` is what the command ends with; 1 unless given.
   */
  constructor({ what, where, remedy, exitCode = 1 }) {
    super(what);
    this.name = 'Failure';
    this.where = where;
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}

/**
 * The message as it is printed, three lines unless the remedy has several.
 *
 * @param {Failure} failure
 * @returns {string}
 */
export function formatFailure(failure) {
  const remedy = failure.remedy.split('\n').join('\n         ');
  return `gatehouse: ${failure.message}\n  where: ${failure.where}\n  do:    ${remedy}`;
}

/**
 * The code of a file system or spawn error, or an empty string for anything else.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function errorCode(error) {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

const makeWritable =
  'make the working copy writable for this user (or copy it to a place that is),\nand run the command again';
const makeRoom = 'free some space (about 1 GB is needed), and run the command again';
const makeWay = 'move the file away, and run the command again';

/** @type {Record<string, { what: string, remedy: string }>} */
const refusals = {
  EACCES: { what: 'this user may not write there', remedy: makeWritable },
  EPERM: { what: 'this user may not write there', remedy: makeWritable },
  EROFS: { what: 'the file system is read-only', remedy: makeWritable },
  ENOSPC: { what: 'the disk is full', remedy: makeRoom },
  EDQUOT: { what: 'the disk quota is used up', remedy: makeRoom },
  EEXIST: { what: 'a file stands where a folder belongs', remedy: makeWay },
  ENOTDIR: { what: 'a file stands where a folder belongs', remedy: makeWay },
};

/**
 * Turns a refused write into a Failure that names the place; anything else is thrown unchanged.
 *
 * @param {unknown} error
 * @param {string} where the file or folder that was written
 * @returns {never}
 */
export function throwWriteFailure(error, where) {
  const refusal = refusals[errorCode(error)];
  if (refusal === undefined) throw error;
  throw new Failure({ what: `cannot set up: ${refusal.what}.`, where, remedy: refusal.remedy });
}

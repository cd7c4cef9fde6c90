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

/**
 * Turns a refused write into a Failure that names the place; anything else is thrown unchanged.
 *
 * @param {unknown} error
 * @param {string} where the file or folder that was written
 * @returns {never}
 */
export function throwWriteFailure(error, where) {
  const reasons = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
  };
  const reason = Object.entries(reasons).find(([code]) => code === errorCode(error))?.[1];
  if (reason === undefined) throw error;
  throw new Failure({
    what: `cannot set up: ${reason}.`,
    where,
    remedy:
      'make the working copy writable for this user (or copy it to a place that is),\nand run the command again',
  });
}

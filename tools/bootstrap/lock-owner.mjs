/**
 * Who holds the set-up lock, and whether that process still lives. Kept apart from the lock itself,
 * because this part knows systems and that part knows files.
 */
import { readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from './failure.mjs';

/**
 * @typedef {object} Owner
 * @property {number} pid
 * @property {string} startedAt see `readProcess`; empty where the system does not tell
 * @property {string} host
 * @property {boolean} released
 */

/** An owner on another host (a shared folder) cannot be probed; it renews its file instead. */
export const renewMs = 2000;
const foreignSilenceMaxMs = 15 * renewMs;

/** @returns {Owner} this process, holding */
export function thisProcess() {
  const startedAt = readProcess(process.pid)?.startedAt ?? '';
  return { pid: process.pid, startedAt, host: hostname(), released: false };
}

/**
 * @param {Owner} owner
 * @param {string} file the lock file that names it
 * @returns {boolean}
 */
export function isAlive(owner, file) {
  if (owner.host !== hostname()) {
    const renewedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return Date.now() - renewedAt < foreignSilenceMaxMs;
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false; // EPERM: it lives, under another user
  }
  const seen = readProcess(owner.pid);
  if (seen === undefined || owner.startedAt === '') return true;
  return seen.startedAt === owner.startedAt && seen.state !== 'Z';
}

/**
 * The state of a process (`Z`: ended, but not collected by its parent) and when it began, in the
 * kernel's ticks since boot, which tells it from a later process that was given the same number.
 *
 * Source: proc_pid_stat(5), fields 3 and 22; the command name in field 2 may itself hold blanks and
 * brackets, so fields are counted after its closing bracket.
 *
 * @param {number} pid
 * @returns {{ state: string, startedAt: string } | undefined} undefined where there is no /proc,
 *   and for a process that ended a moment ago
 */
function readProcess(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // the signal probe decides alone
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
}

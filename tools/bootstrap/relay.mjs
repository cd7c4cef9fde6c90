import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { errorCode } from './failure.mjs';

/** How much of a command's output is kept to explain its failure. */
const tailLinesMax = 200;

/** How long an interrupted command may take to end by itself, in milliseconds. */
const graceMs = 2000;

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; 128 plus the signal's number when a signal ended it
 * @property {string} tail the last lines it printed, unredacted: for classification, not to print
 */

/**
 * Runs a command without stdin and hands every line it prints to `onLine`. A command that is given
 * a `signal` leads a process group of its own; when the signal aborts, the group is asked to end
 * and, after two seconds, made to. The promise settles only once the command has ended.
 *
 * @param {string[]} command program and arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, onLine: (line: string) => void,
 *   signal?: AbortSignal | undefined }} options
 * @returns {Promise<Outcome>}
 * @throws the spawn error (`ENOENT`, `EACCES`) when the program cannot be started
 */
export function relay(command, { cwd, env, onLine, signal }) {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm starts further npms and does not pass signals on to them: they end as a group.
      detached: signal !== undefined,
    });
    /** @type {string[]} */
    const tail = [];
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        tail.push(line);
        if (tail.length > tailLinesMax) tail.shift();
        onLine(line);
      });
    }
    const release = endOnAbort(child, signal);
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('close', (code, killedBy) => {
      release();
      resolve({ code: exitCodeOf(code, killedBy), tail: tail.join('\n') });
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {AbortSignal | undefined} signal
 * @returns {() => void} undoes the wiring
 */
function endOnAbort(child, signal) {
  /** @type {NodeJS.Timeout | undefined} */
  let grace;
  const end = () => {
    signalGroup(child, 'SIGTERM');
    grace = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  };
  if (signal?.aborted) end();
  else signal?.addEventListener('abort', end, { once: true });
  return () => {
    clearTimeout(grace);
    signal?.removeEventListener('abort', end);
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child leads its own process group
 * @param {NodeJS.Signals} signal
 */
function signalGroup({ pid }, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 };

/**
 * The exit code a shell would show.
 *
 * @param {number | null} code
 * @param {string | null} killedBy
 * @returns {number}
 */
export function exitCodeOf(code, killedBy) {
  if (code !== null) return code;
  const number = Object.entries(signalNumbers).find(([name]) => name === killedBy)?.[1];
  return 128 + (number ?? 0);
}

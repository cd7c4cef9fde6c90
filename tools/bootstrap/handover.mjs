/**
 * The last step of every command: run the product on the pinned Node.js and stay behind as its
 * keeper. Node.js cannot replace its own process, so two must act as one:
 *
 * - The child leads a process group of its own. A Ctrl-C therefore reaches this process alone (and
 *   npm, which passes its copy on), and the child gets each request to stop exactly once; without
 *   that it would get two or three, and many programs take the second for "stop at once".
 * - The child holds a leash (leash.mjs): when this process dies in a way that it cannot handle,
 *   the child stops too.
 * - When the child has ended, whatever is left in its group is ended as well.
 *
 * States: running → (signal) stopping → (child ended) sweeping → done, with the child's exit code.
 */
import { spawn } from 'node:child_process';
import { errorCode } from './failure.mjs';
import { exitCodeOf } from './relay.mjs';

/** @type {NodeJS.Signals[]} */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Copies of one signal (from the terminal and from npm) arrive within this time, in ms. */
const sameSignalMs = 500;

/** How often it is checked whether what the child left behind has ended, in milliseconds. */
const sweepPollMs = 50;

/** How often it is checked that the npm that started us still lives, in milliseconds. */
const starterPollMs = 1000;

/**
 * @param {{ node: string, script: string, args: string[], cwd: string, env: NodeJS.ProcessEnv }}
 *   command `script` runs on `node`
 * @returns {Promise<number>} the exit code to end with
 */
export async function handOver({ node, script, args, cwd, env }) {
  const leash = new URL('./leash.mjs', import.meta.url).href;
  const child = spawn(node, ['--import', leash, script, ...args], {
    cwd,
    env: { ...env, RUN_LEASH_FD: '3' },
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  const release = passSignalsOn(child, env);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (exitCode, killedBy) => resolve(exitCodeOf(exitCode, killedBy)));
    });
    if (pid !== undefined) await sweep(pid);
    return code;
  } finally {
    release();
  }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.ProcessEnv} env
 * @returns {() => void} undoes the wiring
 */
function passSignalsOn(child, env) {
  let lastAt = Number.NEGATIVE_INFINITY;
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    const now = performance.now();
    if (now - lastAt < sameSignalMs) return;
    lastAt = now;
    // A closed terminal asks for the same orderly stop as anyone else.
    child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
  for (const signal of passedOn) process.on(signal, pass);
  const watch = watchStarter(env, () => pass('SIGTERM'));
  return () => {
    clearInterval(watch);
    for (const signal of passedOn) process.off(signal, pass);
  };
}

/**
 * An npm that is killed outright tells nobody; we are then handed to another parent. A process
 * that was not started by npm may be left by its parent on purpose (`nohup`), and stays.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {() => void} onGone
 */
function watchStarter(env, onGone) {
  if (env.npm_lifecycle_event === undefined) return undefined;
  const starter = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== starter) onGone();
  }, starterPollMs);
  watch.unref();
  return watch;
}

/**
 * Ends what is left of a process group. Bounded: where process 1 never collects the dead (some
 * containers), a dead member keeps its group in the table for good.
 *
 * @param {number} group
 */
async function sweep(group) {
  const sweeps = /** @type {const} */ ([
    { signal: 'SIGTERM', graceMs: 3000 },
    { signal: 'SIGKILL', graceMs: 1000 },
  ]);
  for (const { signal, graceMs } of sweeps) {
    if (!signalGroup(group, signal)) return;
    const deadline = performance.now() + graceMs;
    while (performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, sweepPollMs));
      if (!signalGroup(group, 0)) return;
    }
  }
}

/**
 * @param {number} group
 * @param {NodeJS.Signals | 0} signal 0 only asks
 * @returns {boolean} whether the group has members that we may signal
 */
function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if (['ESRCH', 'EPERM'].includes(errorCode(error))) return false;
    throw error;
  }
}

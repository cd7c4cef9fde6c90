import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from './commands.mjs';
import { ensureDashboard, hasDashboard } from './dashboard.mjs';
import { Failure, formatFailure, throwWriteFailure } from './failure.mjs';
import { handOver } from './handover.mjs';
import { withLock } from './lock.mjs';
import { readPins } from './pins.mjs';
import { createRedactor } from './redact.mjs';
import { createSteps } from './steps.mjs';
import { toolPaths } from './tool-paths.mjs';
import { ensureToolchain, hasToolchain } from './toolchain.mjs';
import { ensurePackages, hasPackages } from './workspace.mjs';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

/**
 * Sets everything up that is missing, then runs the command on the pinned Node.js and ends with
 * its exit code.
 *
 * @param {string[]} argv the command's name and its arguments
 */
export async function main(argv) {
  try {
    process.exitCode = await run(argv);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(formatFailure(error));
    process.exitCode = error.exitCode;
  }
}

/**
 * @param {string[]} argv
 * @returns {Promise<number>}
 */
async function run([name = '', ...args]) {
  const command = Object.entries(commands).find(([known]) => known === name)?.[1];
  if (command === undefined) {
    throw new Failure({
      what: name === '' ? 'no command given.' : `there is no command "${name}".`,
      where: 'node tools/run.mjs COMMAND',
      remedy: `use one of: ${Object.keys(commands).join(', ')}`,
    });
  }
  const script = path.join(root, command.script);
  if (statSync(script, { throwIfNoEntry: false }) === undefined) {
    throw new Failure({
      what: `"${name}" has nothing to run.`,
      where: script,
      remedy: command.missing,
    });
  }
  const pins = readPins(root);
  const env = environment();
  if (!isReady(pins)) await setUp({ pins, env, stream: process[command.stepsTo] });
  return handOver({
    node: toolPaths(root).node,
    script,
    args: [...command.args, ...args],
    cwd: root,
    env,
  });
}

/** @param {import('./pins.mjs').Pins} pins */
function isReady(pins) {
  return hasToolchain(root, pins) && hasPackages(root, pins) && hasDashboard(root);
}

/** @returns {NodeJS.ProcessEnv} with the pinned tools first on PATH */
function environment() {
  const bins = [toolPaths(root).bin, path.join(root, 'node_modules', '.bin')];
  return { ...process.env, PATH: [...bins, process.env.PATH ?? ''].join(path.delimiter) };
}

/**
 * @param {{ pins: import('./pins.mjs').Pins, env: NodeJS.ProcessEnv,
 *   stream: NodeJS.WritableStream }} options
 */
async function setUp({ pins, env, stream }) {
  const steps = createSteps({ write: (text) => stream.write(text) });
  const redact = createRedactor(env);
  /** @param {string} line */
  const onLine = (line) => {
    if (line.trim() !== '') steps.say(`  ${redact(line)}`);
  };
  const { folder } = toolPaths(root);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throwWriteFailure(error, folder);
  }
  await untilInterrupted(async (signal) => {
    const onWait = (/** @type {{ pid: number }} */ { pid }) =>
      steps.say(`Waiting for another set-up of this working copy (process ${pid}) …`);
    try {
      await withLock(folder, { onWait, signal }, async () => {
        const context = { root, pins, env, steps, onLine, signal };
        await ensureToolchain(context);
        await ensurePackages(context);
        await ensureDashboard({ ...context, node: toolPaths(root).node });
      });
    } catch (error) {
      throwWriteFailure(error, folder);
    }
  });
}

/**
 * A signal during set-up ends npm or pnpm, releases the lock, and then ends us.
 *
 * @param {(signal: AbortSignal) => Promise<void>} work
 */
async function untilInterrupted(work) {
  const controller = new AbortController();
  const interrupt = (/** @type {NodeJS.Signals} */ name) => {
    controller.abort(
      new Failure({
        what: `set-up was interrupted (${name}).`,
        where: root,
        remedy: 'run the command again: it goes on where it stopped',
        exitCode: name === 'SIGINT' ? 130 : 143,
      }),
    );
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, interrupt);
  try {
    await work(controller.signal);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

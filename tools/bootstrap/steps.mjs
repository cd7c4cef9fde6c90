/**
 * Progress on a terminal or in a CI log: every step says when it begins and ends, and a step that
 * prints nothing for `heartbeatMs` says that it still lives, because a person who looks at a
 * silent terminal ends the process.
 */

const heartbeatMs = 3000;

/**
 * @typedef {object} Steps
 * @property {(line: string) => void} say prints one line with the time since the start
 * @property {(line: string) => void} print prints one line as it is; it counts as a sign of life
 * @property {<T>(title: string, work: () => Promise<T>) => Promise<T>} step runs `work` between
 *   a line that begins it and a line that ends it
 */

/**
 * What every part of set-up is given.
 *
 * @typedef {object} Context
 * @property {string} root the working copy
 * @property {import('./pins.mjs').Pins} pins
 * @property {NodeJS.ProcessEnv} env for the commands that are run
 * @property {Steps} steps
 * @property {(line: string) => void} onLine takes each line that npm or pnpm prints
 * @property {AbortSignal} [signal] ends what runs
 */

/**
 * @param {{ write: (text: string) => void, now?: () => number, everyMs?: number }} deps `now` in
 *   milliseconds; `everyMs` is the longest silence
 * @returns {Steps}
 */
export function createSteps({ write, now = Date.now, everyMs = heartbeatMs }) {
  const startedAt = now();
  let lastLineAt = startedAt;

  /** @param {string} line */
  function say(line) {
    lastLineAt = now();
    const seconds = ((lastLineAt - startedAt) / 1000).toFixed(1);
    write(`[${seconds.padStart(5)}s] ${line}\n`);
  }

  /** @param {string} line */
  function print(line) {
    lastLineAt = now();
    write(`${line}\n`);
  }

  /**
   * @template T
   * @param {string} title
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async function step(title, work) {
    const stepStartedAt = now();
    say(`${title} …`);
    const pulse = setInterval(() => {
      if (now() - lastLineAt >= everyMs) {
        say(`  … still at it after ${secondsSince(stepStartedAt)}: ${title}`);
      }
    }, everyMs / 3);
    try {
      const result = await work();
      say(`${title}: done in ${secondsSince(stepStartedAt)}`);
      return result;
    } finally {
      clearInterval(pulse);
    }
  }

  /** @param {number} since */
  function secondsSince(since) {
    return `${((now() - since) / 1000).toFixed(1)} s`;
  }

  return { say, print, step };
}

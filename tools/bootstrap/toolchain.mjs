/**
 * The pinned Node.js and pnpm of this working copy. They live in `.tools/` and are reached through
 * `.tools/bin/`, whatever way npm put them there; nothing is installed outside the working copy.
 */
import { fetchTools } from './fetch-tools.mjs';
import { linkTools } from './link-tools.mjs';
import { readStamp, writeStamp } from './stamp.mjs';
import { isFile, toolPaths } from './tool-paths.mjs';

/**
 * Whether the pinned tools stand ready. Cheap (a few file system calls), because every command
 * asks it.
 *
 * @param {string} root
 * @param {import('./pins.mjs').Pins} pins
 * @returns {boolean}
 */
export function hasToolchain(root, pins) {
  const { node, pnpm, stamp } = toolPaths(root);
  return readStamp(stamp) === stampText(pins) && isFile(node) && isFile(pnpm);
}

/**
 * Fetches what is missing and verifies each tool by running it.
 *
 * @param {import('./steps.mjs').Context} context
 */
export async function ensureToolchain(context) {
  const { root, pins, steps } = context;
  if (hasToolchain(root, pins)) return;
  if (!linkTools(root, pins)) {
    const title = `Fetching pnpm ${pins.pnpm} and Node.js ${pins.node} into .tools/`;
    await steps.step(title, () => fetchTools(context));
  }
  writeStamp(toolPaths(root).stamp, stampText(pins));
}

/** @param {import('./pins.mjs').Pins} pins */
function stampText(pins) {
  return `node ${pins.node} pnpm ${pins.pnpm} ${process.platform} ${process.arch}`;
}

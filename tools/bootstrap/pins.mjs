import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from './failure.mjs';

/** @typedef {{ node: string, pnpm: string }} Pins exact versions, without a leading `v` */

/**
 * The pinned versions. They stand in one place, `gatehouse.toolchain` of the root package.json.
 *
 * @param {string} root
 * @returns {Pins}
 */
export function readPins(root) {
  const file = path.join(root, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const { node, pnpm } = manifest.gatehouse?.toolchain ?? {};
  for (const [name, version] of Object.entries({ node, pnpm })) {
    if (typeof version !== 'string' || !/^\d+\.\d+\.\d+$/.test(version)) {
      throw new Failure({
        what: `no exact ${name} version is pinned.`,
        where: `${file}, key gatehouse.toolchain.${name}`,
        remedy: `set it to an exact version, such as "24.21.0"`,
      });
    }
  }
  return { node, pnpm };
}

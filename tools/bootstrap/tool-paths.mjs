import { statSync } from 'node:fs';
import path from 'node:path';

/**
 * Where the tools of a working copy stand.
 *
 * @param {string} root
 * @returns {{ folder: string, bin: string, node: string, pnpm: string, stamp: string }}
 */
export function toolPaths(root) {
  const folder = path.join(root, '.tools');
  const bin = path.join(folder, 'bin');
  return {
    folder,
    bin,
    node: path.join(bin, 'node'),
    pnpm: path.join(bin, 'pnpm'),
    stamp: path.join(folder, 'toolchain.stamp'),
  };
}

/** @param {string} file */
export function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

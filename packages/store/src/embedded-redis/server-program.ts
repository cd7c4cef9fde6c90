/** A Redis server program that can be started on this machine. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLine, runCommand } from './run-command.ts';

/** How to call a server: the words before its options. */
export interface ServerProgram {
  readonly command: string;
  readonly leadingArgs: readonly string[];
  /** For people: `redis-server 7.0.15`. */
  readonly title: string;
}

/** A program, or why there is none. */
export type ProgramSearch =
  | { readonly isFound: true; readonly program: ServerProgram }
  | { readonly isFound: false; readonly reason: string };

/** Names under which Redis-compatible servers are installed, best known first. */
export const serverNames = ['redis-server', 'valkey-server'] as const;

/**
 * BullMQ asks for 6.2; older servers lack commands that the queue and the scripts use.
 * Source: https://docs.bullmq.io/guide/redis-tm-compatibility
 */
const versionMin = { major: 6, minor: 2 };

/** Looks for a server that the system already has. */
export async function findOnPath(): Promise<ProgramSearch> {
  const reasons: string[] = [];
  for (const name of serverNames) {
    const found = await probe({ command: name, leadingArgs: [] }, name);
    if (found.isFound) return found;
    reasons.push(found.reason);
  }
  return { isFound: false, reason: reasons.join('; ') };
}

/** Looks for a server below a folder that a distribution package was unpacked into. */
export async function findUnpacked(root: string): Promise<ProgramSearch> {
  const isThere = await stat(root).then(
    () => true,
    () => false, // nothing was fetched yet
  );
  if (!isThere) return { isFound: false, reason: 'there is none' };
  const libraries = await libraryFolders(root);
  const reasons: string[] = [];
  for (const name of serverNames) {
    // `env` hands the library path on without a change to this process's own environment.
    const leadingArgs = [`LD_LIBRARY_PATH=${libraries.join(':')}`, join(root, 'usr/bin', name)];
    const found = await probe({ command: 'env', leadingArgs }, name);
    if (found.isFound) return found;
    reasons.push(found.reason);
  }
  return { isFound: false, reason: reasons.join('; ') };
}

async function probe(
  call: Pick<ServerProgram, 'command' | 'leadingArgs'>,
  name: string,
): Promise<ProgramSearch> {
  const args = [...call.leadingArgs, '--version'];
  const result = await runCommand(call.command, args, { timeoutMs: 10_000 });
  if (result === null) return { isFound: false, reason: `${name} is not there` };
  const version = /\bv=(\d+)\.(\d+)(\S*)/.exec(result.stdout);
  if (!result.isOk || version === null) {
    return { isFound: false, reason: `${name} does not run (${lastLine(result)})` };
  }
  const [, major = '0', minor = '0', rest = ''] = version;
  const title = `${name} ${major}.${minor}${rest}`;
  const isOld =
    Number(major) < versionMin.major ||
    (Number(major) === versionMin.major && Number(minor) < versionMin.minor);
  if (isOld) return { isFound: false, reason: `${title} is older than 6.2` };
  return { isFound: true, program: { ...call, title } };
}

async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const base of [join(root, 'usr/lib'), join(root, 'lib')]) {
    const entries = await readdir(base, { withFileTypes: true }).catch(() => []); // not unpacked
    folders.push(base, ...entries.filter((e) => e.isDirectory()).map((e) => join(base, e.name)));
  }
  return folders;
}

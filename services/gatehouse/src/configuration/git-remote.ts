import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `OWNER/NAME` of a working copy's remote `origin`; null: no working copy, or no such remote. */
export async function repositoryOfWorkingCopy(directory: string): Promise<string | null> {
  const text = await read(directory, 'config');
  return text === null ? null : originIn(text);
}

/** `OWNER/NAME` of the remote `origin` in a git configuration. */
export function originIn(text: string): string | null {
  const [, section = ''] = /^\[remote "origin"\]\s*\n((?:(?!\[).*(?:\n|$))*)/m.exec(text) ?? [];
  const [, url = ''] = /^\s*url\s*=\s*(\S+)/m.exec(section) ?? [];
  const [, name = null] = /[/:]([^/:\s]+\/[^/:\s]+?)(?:\.git)?\/?$/.exec(url) ?? [];
  return name;
}

const LOCAL = 'ref: refs/heads/';
const REMOTE = 'ref: refs/remotes/origin/';

/**
 * The branch that changes go to as far as a working copy tells: the remote's default branch, or
 * else what is checked out; null: no working copy, or it is detached.
 */
export async function branchOfWorkingCopy(directory: string): Promise<string | null> {
  const remote = await read(directory, 'refs/remotes/origin/HEAD');
  if (remote?.startsWith(REMOTE)) return remote.slice(REMOTE.length).trim();
  const head = await read(directory, 'HEAD');
  return head?.startsWith(LOCAL) ? head.slice(LOCAL.length).trim() : null;
}

/** Not there, or (in a linked working tree) a file: then what it would say has to be given. */
function read(directory: string, path: string): Promise<string | null> {
  return readFile(join(directory, '.git', path), 'utf8').catch(() => null);
}

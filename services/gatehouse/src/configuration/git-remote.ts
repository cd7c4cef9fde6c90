import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `OWNER/NAME` of a working copy's remote `origin`; null: no working copy, or no such remote. */
export async function repositoryOfWorkingCopy(directory: string): Promise<string | null> {
  // Not there, or (in a linked working tree) a file: then the name has to be given.
  const text = await readFile(join(directory, '.git', 'config'), 'utf8').catch(() => null);
  return text === null ? null : originIn(text);
}

/** `OWNER/NAME` of the remote `origin` in a git configuration. */
export function originIn(text: string): string | null {
  const [, section = ''] = /^\[remote "origin"\]\s*\n((?:(?!\[).*(?:\n|$))*)/m.exec(text) ?? [];
  const [, url = ''] = /^\s*url\s*=\s*(\S+)/m.exec(section) ?? [];
  const [, name = null] = /[/:]([^/:\s]+\/[^/:\s]+?)(?:\.git)?\/?$/.exec(url) ?? [];
  return name;
}

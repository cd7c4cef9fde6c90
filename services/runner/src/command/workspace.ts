/**
 * Places in which command jobs run. Each attempt has a directory of its own that only the service's
 * user may enter; each runner process has a directory for those, named after the process, so that a
 * later one can tell what a dead process left behind from what a living neighbour uses.
 */
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FOREIGN_WORKSPACE_AGE_MS } from '../limits.ts';
import { systemCodeOf } from '../words.ts';
import { endEscaped } from './processes.ts';

const PRIVATE = 0o700;

/** The directories of one attempt. */
export interface Workspace {
  readonly root: string;
  /** The change's files. */
  readonly checkout: string;
  readonly home: string;
  readonly temporary: string;
  /** Holds the file of variables and the file that the job returns. */
  readonly exchange: string;
  readonly varsFile: string;
  readonly returnFile: string;
  /** Holds the output pipes; jobs do not see it. */
  readonly pipes: string;
  /** Stays empty: git's home, so that no configuration of the host is read. */
  readonly gitHome: string;
}

/** Makes and removes workspaces. */
export interface Workspaces {
  /** Removes what runners that are gone left here, their processes included. */
  sweep(): Promise<number>;
  open(name: string): Promise<Workspace>;
  /** Ends what still runs there and removes everything, directories without rights included. */
  remove(workspace: Workspace): Promise<void>;
}

/** Workspaces of this process below `dataDir`. */
export function createWorkspaces(dataDir: string): Workspaces {
  const all = join(dataDir, 'workspaces');

  return {
    async sweep() {
      await mkdir(all, { recursive: true, mode: PRIVATE });
      const own = await ownName();
      let removed = 0;
      for (const name of await readdir(all)) {
        if (name === own || !(await isAbandoned(join(all, name), name))) continue;
        await endEscaped(join(all, name));
        await removeTree(join(all, name));
        removed += 1;
      }
      return removed;
    },

    async open(name) {
      const own = join(all, await ownName());
      await mkdir(own, { recursive: true, mode: PRIVATE });
      const root = await mkdtemp(join(own, `${name}-`));
      const workspace = {
        root,
        checkout: join(root, 'checkout'),
        home: join(root, 'home'),
        temporary: join(root, 'tmp'),
        exchange: join(root, 'exchange'),
        varsFile: join(root, 'exchange', 'vars.json'),
        returnFile: join(root, 'exchange', 'return.json'),
        pipes: join(root, 'pipes'),
        gitHome: join(root, 'git-home'),
      };
      const { checkout, home, temporary, exchange, pipes, gitHome } = workspace;
      for (const folder of [checkout, home, temporary, exchange, pipes, gitHome]) {
        await mkdir(folder, { mode: PRIVATE });
      }
      return workspace;
    },

    async remove({ root }) {
      await endEscaped(root);
      await removeTree(root);
    },
  };
}

/** `host.pid.start`: a process id comes back after a while, together with its start it does not. */
async function ownName(): Promise<string> {
  return `${plainHost()}.${process.pid}.${await startOf(process.pid)}`;
}

function plainHost(): string {
  return hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
}

/** When a process started, in the kernel's ticks; `0`: there is none, or it cannot be told. */
async function startOf(pid: number | string): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets and may hold anything; the start is the 22nd.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const [host, pid = '', start] = name.split('.');
  if (host === plainHost() && /^\d+$/.test(pid)) return (await startOf(pid)) !== start;
  try {
    return Date.now() - (await stat(path)).mtimeMs > FOREIGN_WORKSPACE_AGE_MS;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false; // another runner cleared it meanwhile
    throw error;
  }
}

/** Jobs make directories without rights; those are given back before a second try. */
async function removeTree(root: string): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes(systemCodeOf(error) ?? '')) throw error;
    await openDirectories(root);
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function openDirectories(folder: string): Promise<void> {
  try {
    if (!(await lstat(folder)).isDirectory()) return;
    await chmod(folder, PRIVATE);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await openDirectories(join(folder, entry.name));
    }
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error; // else another runner clears it as well
  }
}

/**
 * Looks at the processes of this host, where the kernel shows them in /proc (Linux); elsewhere
 * nothing is found, and the process group alone says what is alive.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
import { readdir, readFile } from 'node:fs/promises';

/**
 * Ends every process of jobs whose workspace is `root` or lies below it, and gives their number:
 * daemons that left their process group, and what a runner that was killed left behind. A job's
 * processes inherit the variable that names a file in its workspace, which tells whose they are.
 */
export async function endEscaped(root: string): Promise<number> {
  const marker = `\0GATEHOUSE_VARS_FILE=${root}/`;
  const found = await Promise.all(
    (await processIds()).map(async (pid) =>
      (await environmentOf(pid)).includes(marker) ? pid : 0,
    ),
  );
  const pids = found.filter((pid) => pid !== 0);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
  return pids.length;
}

/**
 * False when a process group has ended, members that are dead and only wait to be buried aside:
 * whoever has to bury them may take its time, or, as first process of a container, never do it.
 */
export async function isGroupAlive(group: number): Promise<boolean> {
  const pids = await processIds();
  if (pids.length === 0) return true;
  const states = await Promise.all(pids.map(statusOf));
  return states.some((fields) => fields?.group === group && !/[ZX]/.test(fields.state));
}

/** Null: gone. */
async function statusOf(pid: number): Promise<{ state: string; group: number } | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything; state, parent and group follow it.
    const [state = '', , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, group: Number(group) };
  } catch {
    return null;
  }
}

async function processIds(): Promise<number[]> {
  try {
    const names = await readdir('/proc');
    return names.filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return []; // No such file system here.
  }
}

async function environmentOf(pid: number): Promise<string> {
  if (pid === process.pid) return '';
  try {
    return `\0${await readFile(`/proc/${pid}/environ`, 'latin1')}`;
  } catch {
    return ''; // Another user's, or gone.
  }
}

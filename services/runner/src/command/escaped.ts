/**
 * Finds processes of a job that left its process group: daemons, and whatever a runner that was
 * killed left behind. A job's processes inherit the variable that names a file in its workspace,
 * so the workspace tells whose they are. Linux only; elsewhere nothing is found.
 */
import { readdir, readFile } from 'node:fs/promises';

/** Ends every process of jobs whose workspace is `root` or lies below it; gives their number. */
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

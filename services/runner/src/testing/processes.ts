/** Looks at this machine's processes. */
import { execFileSync } from 'node:child_process';

/** Whether a process whose command line holds `marker` is alive. */
export function isAlive(marker: string): boolean {
  const list = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return list.split('\n').some((line) => line.includes(marker));
}

/** Whether a demo runs already on a data directory: two would write over each other. */
import { readFile } from 'node:fs/promises';

/** Where the running demo's dashboard is; null: none runs. A note of a dead process does not count. */
export async function runningDemo(notePath: string): Promise<string | null> {
  const text = await readFile(notePath, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const note: unknown = JSON.parse(text);
    if (typeof note !== 'object' || note === null) return null;
    if (!('pid' in note && 'dashboardUrl' in note)) return null;
    const { pid, dashboardUrl } = note;
    return typeof pid === 'number' && isAlive(pid) ? String(dashboardUrl) : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

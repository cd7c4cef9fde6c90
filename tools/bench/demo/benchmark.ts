/**
 * How long `npm run demo` takes until it says that Gatehouse is running: on a fresh clone, where
 * runtime, packages and Redis are fetched first, and once more on what that left.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Seconds until it is ready. */
export interface DemoFigures {
  readonly coldS: number;
  readonly warmS: number;
}

const root = resolve(import.meta.dirname, '../../..');
const READY = 'Gatehouse is running';
const PATIENCE_MS = 10 * 60_000;

/** Clones what is committed here. The package manager's own cache outside the clone stays. */
export async function measureDemo(): Promise<DemoFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  try {
    const clone = join(folder, 'gatehouse');
    execFileSync('git', ['clone', '--quiet', root, clone]);
    return { coldS: await untilReady(clone), warmS: await untilReady(clone) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function untilReady(clone: string): Promise<number> {
  const startedAt = performance.now();
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GATEHOUSE_'));
  const child = spawn('npm', ['run', 'demo'], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: Object.fromEntries(own),
    // npm, the set-up and the demo end together.
    detached: true,
  });
  const ended = once(child, 'close');
  const patience = setTimeout(() => signal(child.pid, 'SIGKILL'), PATIENCE_MS);
  let said = '';
  let readyS: number | null = null;
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (readyS !== null || !said.includes(READY)) continue;
    readyS = (performance.now() - startedAt) / 1000;
    signal(child.pid, 'SIGINT');
  }
  clearTimeout(patience);
  await ended;
  if (readyS === null) throw new Error(`the demo was never ready:\n${said}`);
  return readyS;
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, name);
}

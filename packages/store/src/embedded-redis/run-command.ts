/** Runs a short-lived program and keeps the end of what it prints, for messages. */
import { spawn } from 'node:child_process';

const outputBytesMax = 64 * 1024;

/** How a program ended. */
export interface CommandResult {
  readonly isOk: boolean;
  /** Standard output, at most its last 64 KiB. */
  readonly stdout: string;
  /** Standard error, at most its last 64 KiB. */
  readonly stderr: string;
}

/** How to run a program. */
export interface CommandOptions {
  /** Milliseconds after which it is killed. */
  readonly timeoutMs: number;
  readonly cwd?: string;
  /** Called with the elapsed milliseconds every three seconds, so that nobody looks at silence. */
  readonly onTick?: (elapsedMs: number) => void;
}

const tickMs = 3_000;

/** @returns null when there is no such program. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult | null> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(command, args, {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    const tick = setInterval(() => options.onTick?.(performance.now() - started), tickMs);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-outputBytesMax);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-outputBytesMax);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearInterval(tick);
      resolve(error.code === 'ENOENT' ? null : { isOk: false, stdout, stderr: error.message });
    });
    child.once('close', (code, signal) => {
      clearInterval(tick);
      if (signal !== null) stderr += `\nended by ${signal} after ${options.timeoutMs} ms at most`;
      resolve({ isOk: code === 0, stdout, stderr });
    });
  });
}

/** The last line that says something, for one-line messages. */
export function lastLine(result: CommandResult): string {
  const lines = `${result.stdout}\n${result.stderr}`.trim().split('\n');
  return lines.at(-1)?.trim() || 'it said nothing';
}

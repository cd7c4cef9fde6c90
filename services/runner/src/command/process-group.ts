/**
 * Runs one program in a process group of its own and takes its output.
 *
 * It owns the group: whatever the program started is gone when this is over, so that nothing works
 * on behind a build that has ended. Output goes through a named pipe, because a program may open
 * /dev/stdout or /dev/stderr, which does not work on the sockets that Node hands to children, and
 * because both streams then keep their order. A program that prints faster than the log takes is
 * held back by the full pipe; a process that escaped the group and holds the pipe open is left.
 *
 * Modes: `running` until the program exits, its time is up or the signal aborts → `ending` (SIGTERM
 * to the group, SIGKILL after the grace) → `draining` until the pipe is empty → over.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { LEFTOVER_GRACE_MS, TERM_GRACE_MS } from '../limits.ts';
import { openOutputPipe } from './output-pipe.ts';
import { isGroupAlive } from './processes.ts';

const GROUP_POLL_MS = 25;

/** What to run. */
export interface GroupProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment; nothing is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Path for the named pipe; nothing may be there. */
  readonly pipePath: string;
  /** From SIGTERM to SIGKILL, asked when it is needed. Default 10 s. */
  readonly graceMs?: () => number;
  /** Takes output; what it does not take yet holds the program back. */
  write(chunk: Uint8Array): Promise<void>;
}

/** How it ended. `code` is null when a signal ended it. */
export type GroupEnd =
  | {
      readonly how: 'exited' | 'timed-out' | 'aborted';
      readonly code: number | null;
      readonly killedBy: string | null;
      readonly durationMs: number;
    }
  | { readonly how: 'not-started'; readonly error: Error };

/** It was not wanted any more before it could start. */
const NEVER_STARTED: GroupEnd = { how: 'aborted', code: null, killedBy: null, durationMs: 0 };

/** Runs the program to its end. Never throws for what the program does. */
export async function runInGroup(program: GroupProgram): Promise<GroupEnd> {
  if (program.signal.aborted) return NEVER_STARTED;
  const { pipePath, env, write } = program;
  const pipe = await openOutputPipe({ path: pipePath, searchPath: env.PATH ?? '', write });
  try {
    // A listener would hear nothing of what was aborted while the pipe was being made.
    if (program.signal.aborted) return NEVER_STARTED;
    return await runOn(program, pipe.writeFd, () => pipe.closeOurEnd());
  } finally {
    pipe.closeOurEnd();
    await pipe.drain();
  }
}

async function runOn(
  program: GroupProgram,
  outputFd: number,
  onSpawned: () => void,
): Promise<GroupEnd> {
  const startedAt = performance.now();
  const child = start(program, outputFd);
  if (child instanceof Error) return { how: 'not-started', error: child };
  onSpawned();
  const { pid } = child;
  const ended = new Promise<Omit<ExitFacts, 'how'> | Error>((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, killedBy) => resolve({ code, killedBy }));
  });
  const why = pid === undefined ? null : watch(program, pid);
  const facts = await ended;
  why?.done();
  if (pid !== undefined) await endGroup(pid);
  if (facts instanceof Error) return { how: 'not-started', error: facts };
  return { how: why?.how() ?? 'exited', ...facts, durationMs: performance.now() - startedAt };
}

/** Some failures are told by an event, some by a throw: a command line that is too long, say. */
function start({ file, args, cwd, env }: GroupProgram, outputFd: number): ChildProcess | Error {
  try {
    return spawn(file, args, {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ['ignore', outputFd, outputFd],
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

interface ExitFacts {
  readonly how: 'exited' | 'timed-out' | 'aborted';
  readonly code: number | null;
  readonly killedBy: string | null;
}

/** Ends the group when time is up or nobody wants it any more. */
function watch(program: GroupProgram, pid: number) {
  let how: ExitFacts['how'] = 'exited';
  let killer: NodeJS.Timeout | null = null;
  function end(reason: ExitFacts['how']): void {
    if (how !== 'exited') return;
    how = reason;
    signalGroup(pid, 'SIGTERM');
    const graceMs = program.graceMs?.() ?? TERM_GRACE_MS;
    killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
  }
  const timer = setTimeout(() => end('timed-out'), program.timeoutMs);
  const onAbort = () => end('aborted');
  program.signal.addEventListener('abort', onAbort, { once: true });
  return {
    how: () => how,
    done() {
      clearTimeout(timer);
      if (killer !== null) clearTimeout(killer);
      program.signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Ends what the program left behind in its group. */
async function endGroup(pid: number): Promise<void> {
  if (!signalGroup(pid, 'SIGTERM')) return;
  const giveUpAt = performance.now() + LEFTOVER_GRACE_MS;
  while (performance.now() < giveUpAt) {
    await pause(GROUP_POLL_MS);
    if (!signalGroup(pid, 0) || !(await isGroupAlive(pid))) return;
  }
  signalGroup(pid, 'SIGKILL');
}

/** False: the group has no members. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left. EPERM: only members that became another user's, out of reach.
    return false;
  }
}

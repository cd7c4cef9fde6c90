/**
 * Programs of a benchmark, each in a process of its own: what one does to its memory and its
 * compiled code must not show in the figures of another.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A program that is asked and answers, one question at a time. */
export interface Child extends AsyncDisposable {
  /** @throws Error when the program ends instead of answering. */
  ask<Answer>(question: object): Promise<Answer>;
}

/** Which program, and where it may run. */
export interface ChildOptions {
  readonly program: string;
  readonly args?: readonly string[];
  /** Options of Node.js itself. */
  readonly nodeArgs?: readonly string[];
  /** The processor to stay on; ignored where the machine cannot do that. */
  readonly core?: number;
  /** Where its stdout goes; default: nowhere. Its stderr is shown. */
  readonly stdout?: number | 'ignore' | 'inherit';
}

const isTasksetThere = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** True when processes can be kept on a processor. */
export const canPin = isTasksetThere;

/** Words that keep what follows them on one processor. */
export function pinned(core: number | undefined): readonly string[] {
  return canPin && core !== undefined ? ['taskset', '-c', String(core)] : [];
}

/** Starts a program and waits until it says that it is ready. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const words = [
    ...pinned(options.core),
    process.execPath,
    ...(options.nodeArgs ?? []),
    options.program,
    ...(options.args ?? []),
  ];
  const [command = process.execPath, ...args] = words;
  const child = spawn(command, args, {
    stdio: ['ignore', options.stdout ?? 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  await nextMessage(child);
  return {
    // The program beside the question says what it answers; both are written here.
    ask: async <Answer>(question: object) => {
      const answer = nextMessage(child);
      child.send(question);
      return (await answer) as Answer;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const ended = once(child, 'exit', { signal }).then(([code, by]) => {
      throw new Error(`${child.spawnargs.join(' ')} ended by ${by ?? `code ${code}`}`);
    });
    const [message] = await Promise.race([once(child, 'message', { signal }), ended]);
    ended.catch(() => undefined); // nobody waits for it any more
    return message;
  } finally {
    over.abort();
  }
}

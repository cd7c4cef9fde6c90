/** Runs one entry of `pre-run`, `run` or `post-run`, with its header and its end in the log. */
import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { durationInWords, quoted } from '../words.ts';
import type { JobOutput } from './output.ts';
import { type GroupEnd, runInGroup } from './process-group.ts';
import type { Sandbox } from './sandbox.ts';
import type { Workspace } from './workspace.ts';

/** What all steps of a job share. */
export interface StepSetting {
  readonly workspace: Workspace;
  readonly environment: Readonly<Record<string, string>>;
  readonly output: JobOutput;
  readonly signal: AbortSignal;
  /** Null: steps run plainly. */
  readonly sandbox: Sandbox | null;
  readonly graceMs: () => number;
}

/** One step. */
export interface Step {
  /** Such as `run 1 of 2`. */
  readonly title: string;
  readonly command: string;
  readonly timeoutMs: number;
}

/** How a step ended; `detail` says why in words, for the result. */
export type StepEnd =
  | { readonly code: 'passed' }
  | { readonly code: 'failed' | 'timed-out' | 'aborted' | 'not-started'; readonly detail: string };

const BASH = ['bash', '-euo', 'pipefail'] as const;
let pipeNumber = 0;

/** Runs the step to its end. */
export async function runStep(setting: StepSetting, step: Step): Promise<StepEnd> {
  const { workspace, output, sandbox } = setting;
  await output.line(`\n--- ${step.title}: ${step.command}`);
  if (!(await isFolder(workspace.checkout))) {
    const detail = 'an earlier step removed the checkout';
    await output.line(`--- ${step.title}: ${detail}`);
    return { code: 'failed', detail };
  }
  const command = await asCommandLine(workspace.checkout, step.command);
  const plain = [...BASH, '-c', command];
  const [file = '', ...args] = sandbox === null ? plain : sandbox.wrap(workspace, plain);
  pipeNumber += 1;
  const end = await runInGroup({
    file,
    args,
    cwd: workspace.checkout,
    env: setting.environment,
    timeoutMs: step.timeoutMs,
    signal: setting.signal,
    pipePath: join(workspace.pipes, `step-${pipeNumber}`),
    graceMs: setting.graceMs,
    write: (chunk) => output.write(chunk),
  });
  await output.line(`--- ${step.title} ${endInWords(end)}`);
  return judge(step, end);
}

function judge(step: Step, end: GroupEnd): StepEnd {
  const what = `${step.title.replace(/ 1 of 1$/, '')} ${quoted(step.command)}`;
  switch (end.how) {
    case 'not-started':
      return { code: 'not-started', detail: `${what} could not be started: ${end.error.message}` };
    case 'aborted':
      return { code: 'aborted', detail: `${what} was stopped` };
    case 'timed-out':
      return { code: 'timed-out', detail: `${what} took longer than it may` };
    case 'exited':
      if (end.code === 0) return { code: 'passed' };
      return { code: 'failed', detail: `${what} ${exitInWords(end.code, end.killedBy)}` };
  }
}

function endInWords(end: GroupEnd): string {
  if (end.how === 'not-started') return `could not be started: ${end.error.message}`;
  const after = `after ${durationInWords(end.durationMs)}`;
  if (end.how === 'timed-out') return `was stopped ${after}: its time was up`;
  if (end.how === 'aborted') return `was stopped ${after}`;
  return `${exitInWords(end.code, end.killedBy)} ${after}`;
}

function exitInWords(code: number | null, killedBy: string | null): string {
  if (code === null) {
    const guess = killedBy === 'SIGKILL' ? ' (perhaps out of memory)' : '';
    return `was ended by ${killedBy ?? 'a signal'}${guess}`;
  }
  if (code === 127) return 'ended with exit code 127: a command was not found';
  if (code === 126) return 'ended with exit code 126: a command cannot be executed';
  return `ended with exit code ${code}`;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

/**
 * A script may be named by its path alone, executable or not: `ci/run.sh`, also with arguments. A
 * bare word is a script only when it ends in `.sh`, so that a file called `test` hides no program.
 */
async function asCommandLine(checkout: string, command: string): Promise<string> {
  const [word = ''] = /^[A-Za-z0-9_./-]+(?=\s|$)/.exec(command.trimStart()) ?? [];
  if (word === '' || word.startsWith('/') || !(word.includes('/') || word.endsWith('.sh'))) {
    return command;
  }
  const file = await realpath(join(checkout, word)).catch(() => null);
  const isInside = file?.startsWith(`${await realpath(checkout)}${sep}`) === true;
  if (file === null || !isInside || !(await stat(file)).isFile()) return command;
  const line = command.trimStart();
  const isExecutable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isExecutable) return `${BASH.join(' ')} ${word.startsWith('-') ? './' : ''}${line}`;
  return word.includes('/') ? line : `./${line}`;
}

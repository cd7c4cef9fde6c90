/**
 * The `command` executor: a fresh checkout of the speculative state in a workspace of its own, the
 * job's steps in it, and nothing left afterwards. It decides nothing about the change; whether its
 * head is trusted was decided by the engine and is only checked again here.
 */
import { writeFile } from 'node:fs/promises';
import type { CommandExecution } from '@gatehouse/model';
import type { CheckoutAccess } from '@gatehouse/ports';
import { type Attempt, type AttemptEnd, attemptFields, endWith } from '../attempt.ts';
import type { RunnerDeps } from '../deps.ts';
import { fillCommand } from '../fields.ts';
import { checkOut, openAccess } from './checkout.ts';
import { buildEnvironment } from './environment.ts';
import { secretsOf } from './git.ts';
import { createJobOutput, type JobOutput } from './output.ts';
import { readReturnFile } from './return-file.ts';
import type { Sandbox, SandboxFinder } from './sandbox.ts';
import { runSteps } from './steps.ts';
import type { Workspace, Workspaces } from './workspace.ts';

/** What the executor needs. */
export interface CommandDeps
  extends Pick<RunnerDeps, 'logs' | 'checkouts' | 'log' | 'settings' | 'scrubberFor'> {
  readonly workspaces: Workspaces;
  readonly findSandbox: SandboxFinder;
  /** From SIGTERM to SIGKILL, asked when a job is stopped. */
  graceMs(): number;
}

/** One job to run. */
export interface CommandJob {
  readonly attempt: Attempt;
  readonly execution: CommandExecution;
  /** Aborts when the build is not wanted any more, or the runner stops. */
  readonly signal: AbortSignal;
  isWanted(): Promise<boolean>;
}

/** Runs the job. Null: it was stopped, and there is nothing to report. */
export async function runCommandJob(
  deps: CommandDeps,
  job: CommandJob,
): Promise<AttemptEnd | null> {
  const { build } = job.attempt;
  const access = await openAccess(() =>
    deps.checkouts.openCheckout(job.attempt.item.change.repository),
  );
  const isOpen = 'token' in access;
  const output = createJobOutput({
    writer: await deps.logs.openLog(build.id, build.attempt),
    scrubber: deps.scrubberFor(isOpen ? secretsOf(access) : []),
    log: deps.log.child(attemptFields(job.attempt)),
  });
  try {
    await writeOpening(output, job.attempt);
    const end = isOpen ? await prepareAndRun(deps, job, { access, output }) : retry(access.detail);
    await output.line(endInWords(end));
    return end;
  } finally {
    await output.close();
  }
}

function retry(detail: string): AttemptEnd {
  return endWith('RETRY', detail);
}

async function writeOpening(output: JobOutput, { item, build }: Attempt): Promise<void> {
  const attempts = `attempt ${build.attempt} of ${build.job.attempts}`;
  await output.line(`Job ${build.job.name} of ${item.pipeline.name}, ${attempts}, ${build.id}`);
  if (build.phase === 'running') {
    await output.line('This attempt begins anew: its runner went away before it was over.');
  }
}

function endInWords(end: AttemptEnd | null): string {
  if (end === null) return '\nStopped: the build is not wanted any more, or the runner stops.';
  return `\nResult: ${end.result}${end.detail === null ? '' : ` (${end.detail})`}`;
}

interface Prepared {
  readonly access: CheckoutAccess;
  readonly output: JobOutput;
}

async function prepareAndRun(
  deps: CommandDeps,
  job: CommandJob,
  { access, output }: Prepared,
): Promise<AttemptEnd | null> {
  const filled = fillEntries(job);
  if ('detail' in filled) return endWith('ERROR', filled.detail);
  const state = job.attempt.item.state;
  if (state === null) return endWith('ERROR', 'the item has no state that could be tested');
  const shut = await chooseSandbox(deps, job.attempt);
  if ('detail' in shut) return endWith('ERROR', shut.detail);
  const workspace = await deps.workspaces.open(job.attempt.build.id);
  try {
    const { hostEnvironment } = deps.settings;
    const environment = buildEnvironment(job.attempt, workspace, hostEnvironment);
    const searchPath = environment.variables.PATH ?? '';
    const git = { workspace, access, searchPath, output, signal: job.signal };
    const checkout = await checkOut(git, state);
    if (checkout.code === 'aborted') return null;
    if (checkout.code === 'failed') return retry(checkout.detail);
    await writeFile(workspace.varsFile, JSON.stringify(job.attempt.build.job.vars));
    for (const { name, reason } of environment.leftOut) {
      await output.line(`The variable ${name} is not set: ${reason}`);
    }
    const setting = {
      ...{ workspace, output, sandbox: shut.sandbox, signal: job.signal },
      environment: environment.variables,
      graceMs: () => deps.graceMs(),
    };
    const { timeoutMs } = job.attempt.build.job;
    const plan = { execution: filled.execution, timeoutMs, isWanted: () => job.isWanted() };
    const end = await runSteps(setting, plan);
    if (end.code === 'aborted') return null;
    return { result: end.result, detail: end.detail, ...(await takeReturn(workspace, output)) };
  } finally {
    await removeQuietly(deps, workspace);
  }
}

/** What the job said counts, even where it left something that cannot be removed. */
async function removeQuietly(deps: CommandDeps, workspace: Workspace): Promise<void> {
  try {
    await deps.workspaces.remove(workspace);
  } catch (error) {
    deps.log.warn({ err: error, workspace: workspace.root }, 'a workspace could not be removed');
  }
}

async function takeReturn(workspace: Workspace, output: JobOutput) {
  const { data, logUrl, problem } = await readReturnFile(workspace.returnFile);
  if (problem !== null) {
    await output.line(
      `Warning: the return file could not be read, so nothing is returned: ${problem}`,
    );
  }
  return { data, logUrl };
}

/** A path of an Ansible playbook, as Zuul's `run` has it. */
const PLAYBOOK = /^\S+\.ya?ml$/i;

function fillEntries(
  job: CommandJob,
): { readonly execution: CommandExecution } | { readonly detail: string } {
  const { execution, attempt } = job;
  const entries = [...execution.preRun, ...execution.run, ...execution.postRun];
  const playbook = entries.find((entry) => PLAYBOOK.test(entry.trim()));
  if (playbook !== undefined) {
    return { detail: `${playbook.trim()} is an Ansible playbook, and playbooks are not run here` };
  }
  for (const entry of entries) {
    const filled = fillCommand(attempt, entry);
    if (!filled.ok) {
      const advice = 'use the environment variable instead';
      return { detail: `{${filled.field}} holds characters that a shell acts on; ${advice}` };
    }
  }
  const fill = (list: readonly string[]) =>
    list.map((entry) => {
      const filled = fillCommand(attempt, entry);
      return filled.ok ? filled.command : entry;
    });
  const { preRun, run, postRun } = execution;
  return {
    execution: { ...execution, preRun: fill(preRun), run: fill(run), postRun: fill(postRun) },
  };
}

/**
 * Heads of people who may write run plainly: they could change what runs here anyway. A head that
 * somebody else vouched for is shut in, unless the operator says otherwise.
 */
async function chooseSandbox(
  deps: CommandDeps,
  { item }: Attempt,
): Promise<{ readonly sandbox: Sandbox | null } | { readonly detail: string }> {
  const { trust } = item;
  if (!trust.isTrusted)
    return { detail: 'the head is not trusted, so none of its commands is run' };
  if (trust.ground.code !== 'approved') return { sandbox: null };
  const sandbox = await deps.findSandbox();
  if (sandbox !== null || deps.settings.allowsUnsandboxedUntrusted) return { sandbox };
  return {
    detail:
      'an approved head of an outside author runs in a sandbox only, and none works here: install ' +
      'bubblewrap (apt install bubblewrap), or set GATEHOUSE_UNSANDBOXED_UNTRUSTED=true',
  };
}

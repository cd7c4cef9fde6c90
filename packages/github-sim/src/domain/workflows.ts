/**
 * As much of GitHub Actions as a dispatching App sees: a run that somebody else finishes. Nothing
 * is executed; `finishWorkflowRun` plays the runners' part.
 */
import { type Core, fullNameOf, now, repoDir, tick } from '../core.ts';
import { invalid, notFound, Refusal } from '../errors.ts';
import { entryAt, readBlob, readRef, resolveCommit } from '../git/read.ts';
import { showWorkflow, showWorkflowRun } from '../present/workflows.ts';
import { repoById, userById } from '../state/find.ts';
import type { RepoRecord, UserRecord, WorkflowRunRecord } from '../state/types.ts';

const INPUTS_MAX = 25;
/** Source: GitHub's page on workflow_dispatch, all inputs together. */
const INPUT_CHARS_MAX = 65_535;

/** Starts a run of a workflow file. @throws Refusal 404, 422 in GitHub's words */
export async function dispatchWorkflow(
  core: Core,
  on: { repo: RepoRecord; actor: UserRecord },
  request: { workflow: string; ref: string; inputs: Readonly<Record<string, unknown>> },
): Promise<WorkflowRunRecord> {
  const { repo, actor } = on;
  const dir = repoDir(core, repo);
  const path = `.github/workflows/${request.workflow}`;
  await needWorkflow(core, repo, path);
  const ref = request.ref.replace(/^refs\/(heads|tags)\//, '');
  const sha = (await readRef(dir, `refs/heads/${ref}`)) ?? (await readRef(dir, `refs/tags/${ref}`));
  if (sha === null) throw invalid(`No ref found for: ${request.ref}`);
  const text = await textAt(core, repo, { sha, path });
  if (text === null || !/\bworkflow_dispatch\b/.test(text)) {
    throw invalid("Workflow does not have 'workflow_dispatch' trigger");
  }
  checkInputs(text, request.inputs);
  const time = now(core);
  const inputs = Object.entries(request.inputs).map(([key, value]) => [key, String(value)]);
  const run: WorkflowRunRecord = {
    id: core.store.id(),
    repoId: repo.id,
    workflow: request.workflow,
    number: core.state.workflowRuns.filter((each) => each.repoId === repo.id).length + 1,
    ref,
    headSha: sha,
    inputs: Object.fromEntries(inputs),
    actorId: actor.id,
    status: 'queued',
    conclusion: null,
    createdAt: time,
    updatedAt: time,
  };
  core.state.workflowRuns.push(run);
  await tellRun(core, run, 'requested');
  return run;
}

/** The workflow must exist on the default branch. */
async function needWorkflow(core: Core, repo: RepoRecord, path: string): Promise<void> {
  const main = await resolveCommit(repoDir(core, repo), repo.defaultBranch);
  if (main === null || (await textAt(core, repo, { sha: main, path })) === null) throw notFound();
}

async function textAt(
  core: Core,
  repo: RepoRecord,
  at: { sha: string; path: string },
): Promise<string | null> {
  const dir = repoDir(core, repo);
  const entry = await entryAt(dir, at.sha, at.path);
  return entry?.type === 'blob' ? (await readBlob(dir, entry.sha)).toString('utf8') : null;
}

function checkInputs(text: string, inputs: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(inputs);
  if (names.length > INPUTS_MAX) throw invalid(`Only ${INPUTS_MAX} inputs are allowed.`);
  if (JSON.stringify(inputs).length > INPUT_CHARS_MAX) throw invalid('inputs are too large.');
  const declared = declaredInputs(text);
  const unexpected = names.filter((name) => !declared.has(name));
  if (unexpected.length > 0) {
    throw invalid(`Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  }
  for (const [name, isRequired] of declared) {
    if (isRequired && !names.includes(name)) throw invalid(`Required input '${name}' not provided`);
  }
}

/** Inputs in block style, by indentation; true for those that are required without a default. */
function declaredInputs(text: string): Map<string, boolean> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const indentOf = (line: string) => line.length - line.trimStart().length;
  const declared = new Map<string, boolean>();
  const trigger = lines.findIndex((line) => /^\s*workflow_dispatch:/.test(line));
  const start = lines.findIndex((line, at) => at > trigger && /^\s*inputs:/.test(line));
  if (trigger === -1 || start === -1) return declared;
  const outer = indentOf(lines[start] ?? '');
  let name: string | null = null;
  let inner = 0;
  for (const line of lines.slice(start + 1)) {
    const indent = indentOf(line);
    if (indent <= outer) break;
    if (name === null || indent <= inner) {
      inner = indent;
      name = line.trim().split(':')[0] ?? '';
      declared.set(name, /required:\s*true/.test(line) && !/default:/.test(line));
    } else if (/required:\s*true/.test(line)) declared.set(name, true);
    else if (/default:/.test(line)) declared.set(name, false);
  }
  return declared;
}

/** Moves a run on. @throws Refusal 409 when it is complete. */
export async function changeRun(
  core: Core,
  run: WorkflowRunRecord,
  conclusion: string | null,
): Promise<void> {
  if (run.status === 'completed') {
    throw new Refusal(409, 'Cannot cancel a workflow run that is completed.');
  }
  run.status = conclusion === null ? 'in_progress' : 'completed';
  run.conclusion = conclusion;
  run.updatedAt = now(core);
  await tellRun(core, run, run.status);
}

export function needWorkflowRun(core: Core, repo: RepoRecord, id: number): WorkflowRunRecord {
  const run = core.state.workflowRuns.find((each) => each.id === id && each.repoId === repo.id);
  if (run === undefined) throw notFound();
  return run;
}

async function tellRun(core: Core, run: WorkflowRunRecord, action: string): Promise<void> {
  const repo = repoById(core.state, run.repoId);
  tick(core, `workflow_run.${action}`, fullNameOf(core, repo));
  if (!core.hooks.isHeard('workflow_run', repo)) return;
  core.hooks.emit({
    event: 'workflow_run',
    action,
    repo,
    sender: userById(core.state, run.actorId),
    payload: {
      workflow_run: await showWorkflowRun(core, run),
      workflow: showWorkflow(core, run),
    },
  });
}

/** Dispatching workflows and following their runs. */
import { changeRun, dispatchWorkflow, needWorkflowRun } from '../domain/workflows.ts';
import { Refusal } from '../errors.ts';
import { page } from '../http/paging.ts';
import {
  bodyOf,
  noContent,
  ok,
  type Reply,
  type RepoCall,
  type Route,
  repoRoute,
} from '../http/route.ts';
import { repoApi, repoPage } from '../present/repositories.ts';
import { showWorkflowRun } from '../present/workflows.ts';

const READ = [{ actions: 'read' }];
const WRITE = [{ actions: 'write' }];
const NEW_VERSION = '2026-03-10';

export const actionRoutes: readonly Route[] = [
  repoRoute('POST /actions/workflows/{workflow_id}/dispatches', { anyOf: WRITE }, dispatch),
  repoRoute('GET /actions/runs', { anyOf: READ }, listRuns),
  repoRoute('GET /actions/workflows/{workflow_id}/runs', { anyOf: READ }, listRuns),
  repoRoute('GET /actions/runs/{run_id}', { anyOf: READ }, async (call) =>
    ok(await showWorkflowRun(call.core, runOf(call))),
  ),
  repoRoute('POST /actions/runs/{run_id}/cancel', { anyOf: WRITE }, async (call) => {
    await changeRun(call.core, runOf(call), 'cancelled');
    return { status: 202, body: {} };
  }),
];

function runOf(call: RepoCall) {
  return needWorkflowRun(call.core, call.repo, Number(call.params.run_id));
}

interface DispatchRequest {
  readonly ref: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly return_run_details?: boolean;
}

/**
 * Version 2026-03-10 always tells the run and knows no `return_run_details`; 2022-11-28 tells it on
 * request; a server without the new version answers 400 to the key it does not know.
 */
async function dispatch(call: RepoCall): Promise<Reply> {
  const { core, repo, actor } = call;
  const request = bodyOf<DispatchRequest>(call);
  const isNew = call.version === NEW_VERSION;
  const isAsked = request.return_run_details !== undefined;
  if (isAsked && !core.options.apiVersions.includes(NEW_VERSION)) {
    throw new Refusal(400, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
  }
  if (isAsked && isNew) {
    throw new Refusal(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
  }
  const run = await dispatchWorkflow(
    core,
    { repo, actor },
    {
      workflow: call.params.workflow_id ?? '',
      ref: request.ref,
      inputs: request.inputs ?? {},
    },
  );
  if (!isNew && request.return_run_details !== true) return noContent;
  return ok({
    workflow_run_id: run.id,
    run_url: `${repoApi(core, repo)}/actions/runs/${run.id}`,
    html_url: `${repoPage(core, repo)}/actions/runs/${run.id}`,
  });
}

async function listRuns(call: RepoCall): Promise<Reply> {
  const { core, repo, query, params } = call;
  const fits = (name: string, value: string) =>
    query.get(name) === undefined || query.get(name) === value;
  const isDispatch = fits('event', 'workflow_dispatch');
  const all = core.state.workflowRuns
    .filter((run) => isDispatch && run.repoId === repo.id)
    .filter((run) => params.workflow_id === undefined || run.workflow === params.workflow_id)
    .filter((run) => fits('branch', run.ref) && fits('head_sha', run.headSha))
    .filter((run) => fits('status', run.status) || fits('status', run.conclusion ?? ''))
    .toReversed();
  const { items, link } = page(call, all);
  const runs = await Promise.all(items.map((run) => showWorkflowRun(core, run)));
  return ok({ total_count: all.length, workflow_runs: runs }, { link });
}

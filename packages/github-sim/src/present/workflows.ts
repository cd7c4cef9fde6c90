/** Workflow runs as GitHub's JSON shows them. */
import { type Core, repoDir } from '../core.ts';
import { readCommit } from '../git/read.ts';
import { repoById } from '../state/find.ts';
import type { WorkflowRunRecord } from '../state/types.ts';
import { nodeId } from '../urls.ts';
import { showUserById } from './accounts.ts';
import { showSimpleCommit } from './commits.ts';
import { repoApi, repoPage, showSimpleRepo } from './repositories.ts';

/** A number for a workflow file; the same for all its runs. */
function workflowId(run: WorkflowRunRecord): number {
  return [...run.workflow].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1e9, 7);
}

/** `workflow-run`. */
export async function showWorkflowRun(core: Core, run: WorkflowRunRecord) {
  const repo = repoById(core.state, run.repoId);
  const self = `${repoApi(core, repo)}/actions/runs/${run.id}`;
  const actor = showUserById(core, run.actorId);
  return {
    id: run.id,
    name: run.workflow,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.ref,
    head_sha: run.headSha,
    path: `.github/workflows/${run.workflow}`,
    display_title: run.workflow,
    run_number: run.number,
    run_attempt: 1,
    event: 'workflow_dispatch',
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflowId(run),
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CheckSuite', run.id),
    url: self,
    html_url: `${repoPage(core, repo)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.createdAt,
    actor,
    triggering_actor: actor,
    referenced_workflows: [],
    previous_attempt_url: null,
    jobs_url: `${self}/jobs`,
    logs_url: `${self}/logs`,
    check_suite_url: `${repoApi(core, repo)}/check-suites/${run.id}`,
    artifacts_url: `${self}/artifacts`,
    cancel_url: `${self}/cancel`,
    rerun_url: `${self}/rerun`,
    workflow_url: `${repoApi(core, repo)}/actions/workflows/${workflowId(run)}`,
    head_commit: showSimpleCommit(await readCommit(repoDir(core, repo), run.headSha)),
    repository: showSimpleRepo(core, repo),
    head_repository: showSimpleRepo(core, repo),
  };
}

/** `workflow`, as `workflow_run` events carry it. */
export function showWorkflow(core: Core, run: WorkflowRunRecord) {
  const repo = repoById(core.state, run.repoId);
  const path = `.github/workflows/${run.workflow}`;
  return {
    id: workflowId(run),
    node_id: nodeId('Workflow', workflowId(run)),
    name: run.workflow,
    path,
    state: 'active',
    created_at: repo.createdAt,
    updated_at: repo.updatedAt,
    url: `${repoApi(core, repo)}/actions/workflows/${workflowId(run)}`,
    html_url: `${repoPage(core, repo)}/blob/${repo.defaultBranch}/${path}`,
    badge_url: `${repoPage(core, repo)}/workflows/${run.workflow}/badge.svg`,
  };
}

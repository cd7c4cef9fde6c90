/** Check runs, suites, annotations and statuses as GitHub's JSON shows them. */
import { type Core, repoDir } from '../core.ts';
import { latestRuns, suiteVerdict } from '../domain/suite-verdict.ts';
import { readCommit } from '../git/read.ts';
import { appById, repoById } from '../state/find.ts';
import type { AnnotationRecord, RunRecord, StatusRecord, SuiteRecord } from '../state/types.ts';
import { nodeId } from '../urls.ts';
import { showApp, showUser, showUserById } from './accounts.ts';
import { showSimpleCommit } from './commits.ts';
import { showMinimalPull } from './pulls.ts';
import { repoApi, repoPage, showSimpleRepo } from './repositories.ts';

/**
 * Pull requests of the repository whose head is this commit. Heads in forks are left out, as on
 * GitHub: a check of a fork's head carries an empty list.
 */
export function pullsOf(core: Core, repoId: number, sha: string) {
  return core.state.pulls
    .filter(
      (pull) =>
        pull.repoId === repoId &&
        pull.headRepoId === repoId &&
        pull.state === 'open' &&
        pull.headSha === sha,
    )
    .map((pull) => showMinimalPull(core, pull));
}

/** `check-run`. */
export function showRun(core: Core, run: RunRecord) {
  const repo = repoById(core.state, run.repoId);
  const app = appById(core.state, run.appId);
  const self = `${repoApi(core, repo)}/check-runs/${run.id}`;
  const page = `${repoPage(core, repo)}/runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CheckRun', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url: self,
    html_url: page,
    details_url: run.detailsUrl ?? `${core.urls.root}/apps/${app.slug}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${self}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: showApp(core, app),
    pull_requests: pullsOf(core, run.repoId, run.headSha),
  };
}

/** The check run of a webhook, which carries most of its suite. */
export function showRunWithSuite(core: Core, run: RunRecord, suite: SuiteRecord) {
  const verdict = suiteVerdict(core.state, suite);
  const repo = repoById(core.state, suite.repoId);
  return {
    ...showRun(core, run),
    started_at: run.startedAt ?? run.createdAt,
    check_suite: {
      id: suite.id,
      node_id: nodeId('CheckSuite', suite.id),
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
      status: verdict.status,
      conclusion: verdict.conclusion,
      url: `${repoApi(core, repo)}/check-suites/${suite.id}`,
      before: suite.before,
      after: suite.headSha,
      pull_requests: pullsOf(core, suite.repoId, suite.headSha),
      app: showApp(core, appById(core.state, suite.appId)),
      created_at: suite.createdAt,
      updated_at: suite.updatedAt,
    },
  };
}

/** `check-suite`; its repository is left out where webhooks do not carry it. */
export async function showSuite(core: Core, suite: SuiteRecord) {
  const repo = repoById(core.state, suite.repoId);
  const self = `${repoApi(core, repo)}/check-suites/${suite.id}`;
  const verdict = suiteVerdict(core.state, suite);
  const commit = await readCommit(repoDir(core, repo), suite.headSha);
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: verdict.status,
    conclusion: verdict.conclusion,
    url: self,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsOf(core, suite.repoId, suite.headSha),
    app: showApp(core, appById(core.state, suite.appId)),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: latestRuns(core.state, suite).length,
    check_runs_url: `${self}/check-runs`,
    head_commit: showSimpleCommit(commit),
  };
}

export async function showSuiteWithRepo(core: Core, suite: SuiteRecord) {
  const repository = showSimpleRepo(core, repoById(core.state, suite.repoId));
  return { ...(await showSuite(core, suite)), repository };
}

/** `check-annotation`. */
export function showAnnotation(core: Core, run: RunRecord, annotation: AnnotationRecord) {
  const repo = repoById(core.state, run.repoId);
  return {
    path: annotation.path,
    blob_href: `${repoPage(core, repo)}/blob/${run.headSha}/${annotation.path}`,
    start_line: annotation.start_line,
    end_line: annotation.end_line,
    start_column: annotation.start_column ?? null,
    end_column: annotation.end_column ?? null,
    annotation_level: annotation.annotation_level,
    title: annotation.title ?? null,
    message: annotation.message,
    raw_details: annotation.raw_details ?? null,
  };
}

/** `status`. */
export function showStatus(core: Core, status: StatusRecord) {
  return { ...showSimpleStatus(core, status), creator: showUserById(core, status.creatorId) };
}

/** `simple-commit-status`. */
export function showSimpleStatus(core: Core, status: StatusRecord) {
  const repo = repoById(core.state, status.repoId);
  const creator = core.state.users.find((user) => user.id === status.creatorId);
  return {
    url: `${repoApi(core, repo)}/statuses/${status.sha}`,
    avatar_url: creator === undefined ? null : showUser(core, creator).avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

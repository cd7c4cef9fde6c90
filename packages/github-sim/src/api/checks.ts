/** Check runs and check suites. */

import type { InstallationCaller } from '../auth/authenticate.ts';
import { fullNameOf, tick } from '../core.ts';
import { createRun, type RunInput, rerunRun, rerunSuite, updateRun } from '../domain/checks.ts';
import { latestRuns } from '../domain/suite-verdict.ts';
import { Refusal } from '../errors.ts';
import { page } from '../http/paging.ts';
import {
  bodyOf,
  created,
  installationOf,
  ok,
  type Reply,
  type RepoCall,
  type Route,
  repoRoute,
} from '../http/route.ts';
import { showAnnotation, showRun, showSuiteWithRepo } from '../present/checks.ts';
import { showSimpleRepo } from '../present/repositories.ts';
import { needRun, needSuite } from '../state/find.ts';
import type { RunRecord } from '../state/types.ts';
import { needCommit } from './commits.ts';

const READ = [{ checks: 'read' }];
const WRITE = [{ checks: 'write' }];
const RUN = '/check-runs/{check_run_id}';
const SUITE = '/check-suites/{check_suite_id}';

export const checkRoutes: readonly Route[] = [
  repoRoute('POST /check-runs', { anyOf: WRITE }, async (call) => {
    const { app, user } = needApp(call);
    const input = bodyOf<RunInput & { name: string; head_sha: string }>(call);
    const run = await createRun(call.core, { repo: call.repo, app, sender: user }, input);
    return created(showRun(call.core, run));
  }),
  repoRoute(`GET ${RUN}`, { anyOf: READ }, (call) => ok(showRun(call.core, runOf(call)))),
  repoRoute(`PATCH ${RUN}`, { anyOf: WRITE }, async (call) => {
    const { app, user } = needApp(call);
    const run = runOf(call);
    await updateRun(call.core, run, { app, sender: user, input: bodyOf<RunInput>(call) });
    return ok(showRun(call.core, run));
  }),
  repoRoute(`GET ${RUN}/annotations`, { anyOf: READ }, (call) => {
    const run = runOf(call);
    const { items, link } = page(call, run.annotations);
    return ok(
      items.map((each) => showAnnotation(call.core, run, each)),
      { link },
    );
  }),
  repoRoute(`POST ${RUN}/rerequest`, { anyOf: WRITE }, (call) => {
    rerunRun(call.core, runOf(call), call.actor);
    return created({});
  }),
  repoRoute(`GET ${SUITE}`, { anyOf: READ }, async (call) =>
    ok(await showSuiteWithRepo(call.core, suiteOf(call))),
  ),
  repoRoute(`GET ${SUITE}/check-runs`, { anyOf: READ }, (call) =>
    listRuns(call, (run) => run.suiteId === suiteOf(call).id),
  ),
  repoRoute(`POST ${SUITE}/rerequest`, { anyOf: WRITE }, async (call) => {
    const { repo, actor } = call;
    await rerunSuite(call.core, { repo, suite: suiteOf(call).id, sender: actor });
    return created({});
  }),
  repoRoute('PATCH /check-suites/preferences', { anyOf: WRITE, role: 'admin' }, setPreferences),
  repoRoute('GET /commits/{ref}/check-runs', { anyOf: READ }, async (call) => {
    const sha = await needCommit(call, call.params.ref ?? '');
    return listRuns(call, (run) => run.repoId === call.repo.id && run.headSha === sha);
  }),
  repoRoute('GET /commits/{ref}/check-suites', { anyOf: READ }, listSuites),
];

/** Checks are written by Apps only. */
function needApp(call: RepoCall): InstallationCaller {
  const caller = installationOf(call);
  if (caller !== null) return caller;
  throw new Refusal(403, 'You must authenticate via a GitHub App.');
}

function runOf(call: RepoCall): RunRecord {
  return needRun(call.core.state, call.repo, Number(call.params.check_run_id));
}

function suiteOf(call: RepoCall) {
  return needSuite(call.core.state, call.repo, Number(call.params.check_suite_id));
}

function listRuns(call: RepoCall, fits: (run: RunRecord) => boolean): Reply {
  const { state } = call.core;
  const appId = call.query.get('app_id');
  const name = call.query.get('check_name');
  const status = call.query.get('status');
  const isLatest = (call.query.get('filter') ?? 'latest') === 'latest';
  const fitting = state.runs.filter(fits);
  const suites = new Set(fitting.map((run) => run.suiteId));
  const latest = new Set(
    state.suites
      .filter((suite) => suites.has(suite.id))
      .flatMap((suite) => latestRuns(state, suite)),
  );
  const all = fitting
    .filter((run) => !isLatest || latest.has(run))
    .filter((run) => appId === undefined || run.appId === Number(appId))
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status)
    .sort((a, b) => b.id - a.id);
  const { items, link } = page(call, all);
  const runs = items.map((run) => showRun(call.core, run));
  return ok({ total_count: all.length, check_runs: runs }, { link });
}

async function listSuites(call: RepoCall): Promise<Reply> {
  const sha = await needCommit(call, call.params.ref ?? '');
  const appId = call.query.get('app_id');
  const name = call.query.get('check_name');
  const { state } = call.core;
  const all = state.suites
    .filter((suite) => suite.repoId === call.repo.id && suite.headSha === sha)
    .filter((suite) => appId === undefined || suite.appId === Number(appId))
    .filter(
      (suite) => name === undefined || latestRuns(state, suite).some((run) => run.name === name),
    );
  const { items, link } = page(call, all);
  const suites = await Promise.all(items.map((suite) => showSuiteWithRepo(call.core, suite)));
  return ok({ total_count: all.length, check_suites: suites }, { link });
}

interface Preferences {
  readonly auto_trigger_checks?: readonly { app_id: number; setting: boolean }[];
}

function setPreferences(call: RepoCall): Reply {
  const { core, repo } = call;
  const wanted = bodyOf<Preferences>(call).auto_trigger_checks ?? [];
  for (const { app_id: id, setting } of wanted) {
    repo.suitesOff = repo.suitesOff.filter((each) => each !== id);
    if (!setting) repo.suitesOff.push(id);
  }
  tick(core, 'check_suite.preferences', fullNameOf(core, repo));
  const shown = core.state.apps.map((app) => ({
    app_id: app.id,
    setting: !repo.suitesOff.includes(app.id),
  }));
  return ok({
    preferences: { auto_trigger_checks: shown },
    repository: showSimpleRepo(core, repo),
  });
}

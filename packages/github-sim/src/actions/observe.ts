/** Looking at the simulator, and disturbing it. */
import { type Core, fullNameOf } from '../core.ts';
import { changeRun, needWorkflowRun } from '../domain/workflows.ts';
import { buildOverview, buildPullRequest } from '../read-model-build.ts';
import { needApp, needPull, needRepo } from '../state/find.ts';
import type { DeliveryRecord } from '../webhooks/log.ts';
import type { DeliveryRow, SimActions } from './types.ts';

type Actions = Pick<
  SimActions,
  | 'finishWorkflowRun'
  | 'workflowRuns'
  | 'overview'
  | 'pullRequest'
  | 'deliveries'
  | 'redeliver'
  | 'requests'
  | 'violations'
  | 'clearViolations'
  | 'addFault'
  | 'clearFaults'
  | 'faults'
  | 'setRateLimit'
  | 'settled'
>;

const ROWS_DEFAULT = 100;

/** Observing and disturbing actions. */
export function observeActions(core: Core): Actions {
  return {
    async finishWorkflowRun({ repository, run, conclusion }) {
      const repo = needRepo(core.state, repository);
      await changeRun(core, needWorkflowRun(core, repo, run), conclusion);
    },
    async workflowRuns({ repository }) {
      const repo = needRepo(core.state, repository);
      return core.state.workflowRuns.filter((run) => run.repoId === repo.id).reverse();
    },
    overview: async (input) => buildOverview(core, input?.repository),
    async pullRequest({ repository, number }) {
      return buildPullRequest(core, needPull(core.state, needRepo(core.state, repository), number));
    },
    async deliveries(input) {
      const app = input?.app === undefined ? undefined : needApp(core.state, input.app);
      return core.hooks
        .log()
        .filter((each) => app === undefined || each.appId === app.id)
        .filter((each) => input?.event === undefined || each.event === input.event)
        .slice(-(input?.limit ?? ROWS_DEFAULT))
        .reverse()
        .map((each) => rowOf(core, each));
    },
    async redeliver({ delivery }) {
      core.hooks.redeliver(delivery);
    },
    async requests(input) {
      const rows = core.requests
        .filter((row) => row.seq > (input?.since ?? 0))
        .filter((row) => input?.app === undefined || row.app === input.app);
      return { total: core.requests.at(-1)?.seq ?? 0, requests: rows };
    },
    violations: async () => core.violations,
    async clearViolations() {
      core.violations.length = 0;
    },
    addFault: async (input) => ({ id: core.faults.add(input) }),
    async clearFaults(input) {
      core.faults.clear(input?.fault);
    },
    faults: async () => core.faults.list(),
    async setRateLimit({ installation, limit, remaining }) {
      core.limits.set(`installation ${installation}`, {
        ...(limit === undefined ? {} : { limit }),
        ...(remaining === undefined ? {} : { remaining }),
      });
    },
    async settled() {
      while (core.background.size > 0) await Promise.all(core.background);
    },
  };
}

function rowOf(core: Core, record: DeliveryRecord): DeliveryRow {
  const repo = core.state.repos.find((each) => each.id === record.repositoryId);
  return {
    id: record.id,
    guid: record.guid,
    app: core.state.apps.find((each) => each.id === record.appId)?.slug ?? '',
    event: record.event,
    action: record.action,
    status: record.status,
    statusCode: record.statusCode,
    redelivery: record.redelivery,
    deliveredAt: record.deliveredAt,
    repository: repo === undefined ? null : fullNameOf(core, repo),
    payload: JSON.parse(record.requestBody),
  };
}

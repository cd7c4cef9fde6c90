import { expect, test } from 'vitest';
import { buildWorld, startReceiver, startTestSim, type TestSim } from '../testing.ts';

const WORKFLOW = `name: unit
on:
  workflow_dispatch:
    inputs:
      gatehouse_build:
        required: true
        type: string
      speed: {type: string, default: fast}
jobs: {}
`;
const DISPATCH = '/repos/acme/api/actions/workflows/unit.yml/dispatches';
const NEWER = { 'x-github-api-version': '2026-03-10' };

async function addWorkflow(on: TestSim): Promise<void> {
  const files = { '.github/workflows/unit.yml': WORKFLOW };
  await on.act.pushCommit({ repository: 'acme/api', branch: 'main', user: 'ada', files });
}

test('a dispatched workflow is a run that can be followed and cancelled', async () => {
  await using hooks = await startReceiver();
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on, { webhookUrl: hooks.url });
  await addWorkflow(on);
  await on.act.editApp({ app: 'gatehouse', events: ['workflow_run'] });
  await on.act.settled();
  hooks.received.length = 0;
  const body = { ref: 'main', inputs: { gatehouse_build: 'b-1' } };

  const made = await call('POST', DISPATCH, { body, headers: NEWER });
  const run: number = made.body.workflow_run_id;
  await on.act.finishWorkflowRun({ repository: 'acme/api', run, conclusion: null });
  const running = await call('GET', `/repos/acme/api/actions/runs/${run}`);
  const cancelled = await call('POST', `/repos/acme/api/actions/runs/${run}/cancel`);
  const again = await call('POST', `/repos/acme/api/actions/runs/${run}/cancel`);
  const list = await call('GET', '/repos/acme/api/actions/runs?status=cancelled');
  const [known] = await on.act.workflowRuns({ repository: 'acme/api' });
  await on.act.settled();

  expect(made.status).toBe(200);
  expect(running.body).toMatchObject({ status: 'in_progress', event: 'workflow_dispatch' });
  expect([cancelled.status, again.status]).toEqual([202, 409]);
  expect(list.body.total_count).toBe(1);
  expect(known).toMatchObject({ id: run, inputs: { gatehouse_build: 'b-1' } });
  expect(hooks.names().sort()).toEqual([
    'workflow_run.completed',
    'workflow_run.in_progress',
    'workflow_run.requested',
  ]);
  expect(on.sim.violations).toEqual([]);
});

test('the older version tells the run on request only', async () => {
  await using on = await startTestSim();
  const { asInstallation: call } = await buildWorld(on);
  await addWorkflow(on);
  const body = { ref: 'main', inputs: { gatehouse_build: 'b' } };

  const silent = await call('POST', DISPATCH, { body });
  const told = await call('POST', DISPATCH, { body: { ...body, return_run_details: true } });

  expect([silent.status, told.status]).toEqual([204, 200]);
  expect(on.sim.violations).toEqual([]);
});

test('a server without the newer version refuses what it does not know', async () => {
  await using on = await startTestSim({ apiVersions: ['2022-11-28'] });
  const { asInstallation: call } = await buildWorld(on);
  await addWorkflow(on);
  const body = { ref: 'main', inputs: { gatehouse_build: 'b' } };

  const key = await call('POST', DISPATCH, { body: { ...body, return_run_details: true } });
  const version = await call('POST', DISPATCH, { body, headers: NEWER });

  expect([key.status, version.status]).toEqual([400, 400]);
});

test('wrong refs, inputs and files are refused', async () => {
  await using on = await startTestSim();
  const { asInstallation: call, sha } = await buildWorld(on);
  await addWorkflow(on);
  const send = (body: object, path = DISPATCH) => call('POST', path, { body });

  const bareSha = await send({ ref: sha, inputs: { gatehouse_build: 'b' } });
  const stranger = await send({ ref: 'main', inputs: { gatehouse_build: 'b', colour: 'red' } });
  const missing = await send({ ref: 'main' });
  const noFile = await send({ ref: 'main' }, DISPATCH.replace('unit', 'none'));

  expect(bareSha.body.message).toBe(`No ref found for: ${sha}`);
  expect(stranger.body.message).toBe('Unexpected inputs provided: ["colour"]');
  expect(missing.body.message).toBe("Required input 'gatehouse_build' not provided");
  expect(noFile.status).toBe(404);
});

import {
  BuildBody,
  BuildsetBody,
  BuildsetListBody,
  OverviewBody,
  StatusBody,
  ViewerBody,
} from '@gatehouse/contracts';
import { buildId, deliveryId, eventId, repositoryKey, tenantOf } from '@gatehouse/model';
import type { QueueName } from '@gatehouse/ports';
import {
  type FakeClock,
  fakeClock,
  type MemoryStore,
  memoryStore,
  recordingLog,
} from '@gatehouse/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { build, change, item, START } from '../testing/items.ts';
import {
  ADMIN_TOKEN,
  type Overrides,
  storeItems,
  type WebUnderTest,
  webUnderTest,
} from '../testing/web-under-test.ts';
import { PUBLICITY_MS } from '../viewer/visibility.ts';

const signedIn = { authorization: `Bearer ${ADMIN_TOKEN}` };
const closed = item({
  id: 'run-2',
  change: change({ isRepositoryPublic: false, repository: repositoryKey('acme/hidden') }),
});
const open = item();
let store: MemoryStore;
let clock: FakeClock;

beforeEach(() => {
  store = memoryStore();
  clock = fakeClock(START);
});

test('nothing waiting and nothing in hand is idle', async () => {
  const web = await start();

  const status = await web.app.inject('/api/v1/status');

  expect(StatusBody.parse(status.json())).toEqual({
    version: '0.1.0',
    idle: true,
    queues: { events: 0, builds: 0, reports: 0 },
    pipelines: [],
  });
});

test.each([
  ['events', 'events'],
  ['turns', 'events'],
  ['merges', 'builds'],
  ['launches', 'builds'],
  ['reports', 'reports'],
] as const)('a message in %s is counted as %s, waiting, in hand or delayed', async (queue, as) => {
  const web = await start();
  for (const state of ['waiting', 'active', 'delayed'] as const) {
    web.counts.set(queue, { waiting: 0, active: 0, delayed: 0, [state]: 1 });

    const status = (await web.app.inject('/api/v1/status')).json();

    expect(status).toMatchObject({ idle: false, queues: { [as]: 1 } });
  }
});

test('a delivery that waits to be queued is not idle', async () => {
  const web = await start();
  const delivery = { deliveryId: deliveryId('d-1'), event: 'push', receivedAt: START };
  await store.deliveries.claimDelivery({ ...delivery, body: Buffer.from('{}') });

  const status = (await web.app.inject('/api/v1/status')).json();

  expect(status).toMatchObject({ idle: false, queues: { events: 1 } });
});

test('an event in a mailbox is not idle', async () => {
  const web = await start();
  const event = { type: 'DequeueRequested', buildset: 'x' };
  await store.tenants.post(open.tenant, [{ id: eventId('event-1'), body: event }]);

  const status = (await web.app.inject('/api/v1/status')).json();

  expect(status).toMatchObject({ idle: false, queues: { events: 1 } });
});

test('a live run of a job that runs elsewhere is idle', async () => {
  const web = await start();
  await storeItems(store.tenants, open);

  const status = (await web.app.inject('/api/v1/status')).json();

  expect(status.idle).toBe(true);
});

test('work that comes round while it is counted is not taken for nothing', async () => {
  const seen: QueueName[] = [];
  const web = await start({
    queue: {
      send: () => Promise.reject(new Error('not used')),
      work: () => {
        throw new Error('not used');
      },
      count: async (name) => {
        seen.push(name);
        // A report's event reaches the first queue just after it was counted.
        const active = name === 'events' && seen.filter((one) => one === 'events').length > 1;
        return { waiting: 0, active: Number(active), delayed: 0 };
      },
    },
  });

  const status = (await web.app.inject('/api/v1/status')).json();

  expect(status.idle).toBe(false);
});

test('a stranger sees no pipeline, and the store is not even asked', async () => {
  const tenants = {
    ...store.tenants,
    liveBuildsets: () => Promise.reject(new Error('not for strangers')),
  };
  const web = await start({ tenants });
  await storeItems(store.tenants, open);

  const status = await web.app.inject('/api/v1/status');

  expect(status.json().pipelines).toEqual([]);
});

test('on a public dashboard a stranger sees live runs of public repositories only', async () => {
  const web = await start({ settings: { isPublicDashboard: true } });
  await storeItems(store.tenants, open, closed);

  const status = await web.app.inject('/api/v1/status');

  const { pipelines } = StatusBody.parse(status.json());
  expect(pipelines).toHaveLength(1);
  expect(pipelines[0]).toMatchObject({ tenant: 'acme', name: 'check', items_count: 1 });
  expect(pipelines[0]?.items.map(({ id }) => id)).toEqual(['run-1']);
  expect(status.body).not.toContain('hidden');
});

test('whoever is signed in sees every live run', async () => {
  const web = await start();
  await storeItems(store.tenants, open, closed);

  const status = await web.app.inject({ url: '/api/v1/status', headers: signedIn });

  expect(status.json().pipelines[0].items_count).toBe(2);
});

test('a wrong token sees what a stranger sees', async () => {
  const web = await start();
  await storeItems(store.tenants, open);

  const headers = { authorization: 'Bearer wrong' };
  const status = await web.app.inject({ url: '/api/v1/status', headers });

  expect(status.json().pipelines).toEqual([]);
});

test('a run is shown with everything that explains it, and with no secret', async () => {
  const web = await start();
  const failed = build({
    phase: 'completed',
    result: 'FAILURE',
    completedAt: START + 1000,
    logUrl: 'javascript:alert(1)',
    hasLog: false,
  });
  const reasons = [{ code: 'job-failed', subject: 'unit', seen: 'FAILURE' }];
  const verdict = { outcome: 'failure', reasons } as const;
  await storeItems(store.tenants, item({ phase: 'completed', verdict, builds: [failed] }));

  const answer = await web.app.inject({ url: '/api/v1/buildsets/run-1', headers: signedIn });

  const body = BuildsetBody.parse(answer.json());
  expect(body).toMatchObject({
    id: 'run-1',
    url: 'http://localhost:8080/buildsets/run-1',
    verdict: 'failure',
    reasons: ['Job unit failed.'],
    trust: { is_trusted: true },
    builds: [{ job: 'unit', result: 'FAILURE', log_url: null }],
  });
  expect(answer.body).not.toMatch(/hunter2|deploy-key|returned/);
});

test.each(['/api/v1/buildsets/run-2', '/api/v1/builds/run-2.0/log'])(
  'a stranger cannot tell %s of a private repository from one that does not exist',
  async (url) => {
    const web = await start({ settings: { isPublicDashboard: true } });
    await storeItems(store.tenants, open, closed);
    await openTickets('run-1', 'run-2');
    web.logs.set('run-2.0', 'secret output');

    const hidden = await web.app.inject(url);
    const unknown = await web.app.inject(url.replace('run-2', 'run-9'));

    expect(hidden.statusCode).toBe(404);
    expect(hidden.body).toBe(unknown.body);
    expect(Object.keys(hidden.headers)).toEqual(Object.keys(unknown.headers));
  },
);

test('without a public dashboard a public repository is hidden from strangers too', async () => {
  const web = await start();
  await storeItems(store.tenants, open);

  const answers = await Promise.all(
    ['/api/v1/buildsets/run-1', '/api/v1/tenants/acme/buildsets', '/api/v1/events'].map((url) =>
      web.app.inject(url),
    ),
  );

  expect(answers.map((answer) => answer.statusCode)).toEqual([404, 404, 404]);
});

test('an old run of a repository that has been closed since is hidden from strangers', async () => {
  let isPublic = true;
  let asked = 0;
  const readRepository: NonNullable<Overrides['changes']>['readRepository'] = async (
    repository,
  ) => {
    asked += 1;
    return { repository, isPublic, defaultBranch: 'main' };
  };
  const web = await start({ settings: { isPublicDashboard: true }, changes: { readRepository } });
  await storeItems(store.tenants, open);
  const statusNow = async () => (await web.app.inject('/api/v1/buildsets/run-1')).statusCode;

  const fresh = await statusNow();
  const askedWhenFresh = asked;
  clock.advance(PUBLICITY_MS);
  const old = [await statusNow(), await statusNow()];
  const askedWhenOld = asked;
  isPublic = false;
  clock.advance(PUBLICITY_MS);
  const afterwards = await statusNow();

  expect([fresh, ...old, afterwards]).toEqual([200, 200, 200, 404]);
  expect([askedWhenFresh, askedWhenOld]).toEqual([0, 1]);
});

test('when GitHub does not say whether a repository is public, strangers do not see old runs', async () => {
  const web = await start({
    settings: { isPublicDashboard: true },
    changes: { readRepository: () => Promise.reject(new Error('away')) },
  });
  await storeItems(store.tenants, open);
  clock.advance(PUBLICITY_MS);

  const answer = await web.app.inject('/api/v1/buildsets/run-1');

  expect(answer.statusCode).toBe(404);
});

test('live runs of a tenant are listed oldest first', async () => {
  const web = await start();
  const older = item({ id: 'run-3', enqueuedAt: START - 1000 });
  await storeItems(store.tenants, open, older);

  const answer = await web.app.inject({
    url: '/api/v1/tenants/ACME/buildsets',
    headers: signedIn,
  });

  const { buildsets } = BuildsetListBody.parse(answer.json());
  expect(buildsets.map(({ id }) => id)).toEqual(['run-3', 'run-1']);
});

test('one record that cannot be read does not hide the others', async () => {
  const log = recordingLog();
  const web = await start({ log });
  await storeItems(store.tenants, open, { ...closed, schema: 2 as never });

  const answer = await web.app.inject({ url: '/api/v1/status', headers: signedIn });

  expect(answer.json().pipelines[0].items_count).toBe(1);
  expect(log.lines).toMatchObject([{ level: 'error', fields: { code: 'GATE_STATE_UNREADABLE' } }]);
});

test('the overview tells what runs and what finished lately, and who asks is told apart', async () => {
  const verdict = { outcome: 'success', reasons: [] } as const;
  const done = item({ id: 'run-3', phase: 'completed', verdict, completedAt: START + 65_000 });
  const web = await start({ recentBuildsets: async () => [done.buildset] });
  await storeItems(store.tenants, open, done);

  const overview = await web.app.inject({ url: '/api/v1/overview', headers: signedIn });
  const stranger = await web.app.inject('/api/v1/overview');
  const viewers = await Promise.all([
    web.app.inject({ url: '/api/v1/viewer', headers: signedIn }),
    web.app.inject('/api/v1/viewer'),
  ]);

  const body = OverviewBody.parse(overview.json());
  expect(body.pipelines.map(({ name, items }) => [name, items.length])).toEqual([['check', 1]]);
  expect(body.recent.map(({ id, verdict: word }) => [id, word])).toEqual([['run-3', 'success']]);
  expect(stranger.statusCode).toBe(404);
  expect(viewers.map((answer) => ViewerBody.parse(answer.json()))).toMatchObject([
    { signed_in: true, has_session: false, can_sign_in: true, may_see: true },
    { signed_in: false, has_session: false, can_sign_in: true, may_see: false },
  ]);
});

test('a job is found by its id, with the run that it belongs to', async () => {
  const web = await start();
  await storeItems(store.tenants, open);
  await openTickets('run-1');

  const answer = await web.app.inject({ url: '/api/v1/builds/run-1.0', headers: signedIn });
  const stranger = await web.app.inject('/api/v1/builds/run-1.0');

  const body = BuildBody.parse(answer.json());
  expect([body.build.job, body.buildset.id]).toEqual(['unit', 'run-1']);
  expect(stranger.statusCode).toBe(404);
});

async function start(overrides: Overrides = {}): Promise<WebUnderTest> {
  const web = await webUnderTest({ store, clock, log: recordingLog() }, overrides);
  onTestFinished(() => web[Symbol.asyncDispose]());
  return web;
}

async function openTickets(...buildsets: readonly string[]): Promise<void> {
  for (const buildset of buildsets) {
    await store.builds.openAttempt({
      build: buildId(`${buildset}.0`),
      buildset: item({ id: buildset }).buildset,
      tenant: tenantOf(repositoryKey('acme/api')),
      attempt: 1,
      tokenHash: null,
    });
  }
}

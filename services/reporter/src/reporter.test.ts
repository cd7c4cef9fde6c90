import { GatehouseError } from '@gatehouse/model';
import { asJson, type Item, itemRecordKey } from '@gatehouse/pipeline';
import { aBuild, anItem, aPipeline, aReport, shownRuns } from '@gatehouse/pipeline/testing';
import type { StatusWriter } from '@gatehouse/ports';
import { createMetrics, type Metrics } from '@gatehouse/telemetry';
import {
  type FakeClock,
  fakeClock,
  memoryStore,
  memoryWorkQueue,
  recordingLog,
} from '@gatehouse/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createReporter, type Reporter } from './reporter.ts';
import { type FakeCheckRuns, fakeCheckRuns } from './testing/fake-check-runs.ts';

type Status = Parameters<StatusWriter['createStatus']>[2];

let store: ReturnType<typeof memoryStore>;
let queue: ReturnType<typeof memoryWorkQueue>;
let github: FakeCheckRuns;
let statuses: Status[];
let clock: FakeClock;
let log: ReturnType<typeof recordingLog>;
let metrics: Metrics;
let reporter: Reporter;

beforeEach(async () => {
  store = memoryStore();
  queue = memoryWorkQueue({ attemptsMax: 2, pauseMs: 1 });
  github = fakeCheckRuns();
  statuses = [];
  clock = fakeClock();
  log = recordingLog();
  metrics = createMetrics({ version: 'test', hasProcessMetrics: false });
  reporter = createReporter({
    queue,
    tenants: store.tenants,
    notes: store.notes,
    checkRuns: github,
    statuses: {
      createStatus: async (_repository, _sha, status) => {
        statuses.push(status);
      },
    },
    metrics,
    clock,
    log,
    publicUrl: 'https://ci.example',
  });
  await reporter.start();
});

afterEach(() => reporter.stop());

const queued = anItem({ pipeline: aPipeline({ reports: shownRuns, progressIntervalMs: 20 }) });
const busy = { phase: 'running', result: null, completedAt: null } as const;
const running: Item = {
  ...queued,
  phase: 'running',
  builds: [aBuild('a', busy), aBuild('b', busy)],
};
const further: Item = { ...running, builds: [aBuild('a'), aBuild('b', busy)] };

let version = 0;
beforeEach(() => {
  version = 0;
});

async function keep(item: Item): Promise<void> {
  const key = itemRecordKey(item.buildset);
  await store.tenants.commit(item.tenant, {
    expectedVersion: version,
    consumed: [],
    writes: [{ key, body: asJson(item), timeToLiveMs: null }],
    effects: [],
    live: { added: [], removed: [] },
  });
  version += 1;
}

function askFor({ tenant, buildset }: Item): Promise<void> {
  return queue.send('reports', { tenant, buildset });
}

async function untilQuiet(): Promise<void> {
  await vi.waitUntil(async () => {
    const { waiting, active, delayed } = await queue.count('reports');
    return waiting + active + delayed === 0;
  });
}

it('shows the item as it is when the message is worked on', async () => {
  await keep(queued);
  await keep(running);
  await askFor(queued);
  await askFor(queued);
  await untilQuiet();

  expect(github.calls).toEqual(['create']);
  expect(github.runs[0]?.content.status).toBe('in_progress');
});

it('counts how far the shown state lies behind', async () => {
  await keep({ ...queued, enqueuedAt: clock.now() });
  clock.advance(3_000);
  await askFor(queued);
  await untilQuiet();

  const { text } = await metrics.renderMetrics();
  expect(text).toContain('gatehouse_report_lag_seconds_bucket{le="2.5",kind="check"} 0');
  expect(text).toContain('gatehouse_report_lag_seconds_bucket{le="5",kind="check"} 1');
});

it('comes back by itself for progress that was too soon to write', async () => {
  await keep(running);
  await askFor(running);
  await untilQuiet();
  await keep(further);
  await askFor(further);
  await untilQuiet();
  clock.advance(20);

  await vi.waitUntil(() => github.runs[0]?.content.title === 'Running: 1 of 2 jobs done');

  expect(github.calls).toEqual(['create', 'update']);
});

it('asks for nothing more once it has stopped', async () => {
  await keep(running);
  await askFor(running);
  await untilQuiet();
  await keep(further);
  await askFor(further);
  await reporter.stop();

  await untilQuiet();
  clock.advance(20);

  expect(reporter.isRunning).toBe(false);
  expect(github.calls).toEqual(['create']);
});

it('writes a status instead of a run where the pipeline reports one, once per state', async () => {
  const pipeline = aPipeline({
    reports: { start: aReport({ status: 'pending' }), success: aReport({ status: 'success' }) },
  });
  const verdict = { outcome: 'success', reasons: [] } as const;
  const item = { ...queued, pipeline };
  for (const now of [item, item, { ...item, phase: 'completed', verdict } as const]) {
    await keep(now);
    await askFor(now);
    await untilQuiet();
  }

  expect(github.calls).toEqual([]);
  expect(statuses.map(({ state, context }) => [state, context])).toEqual([
    ['pending', 'gatehouse/check'],
    ['success', 'gatehouse/check'],
  ]);
});

it('tries again when GitHub does not answer', async () => {
  await keep(queued);
  github.fail();

  await askFor(queued);
  await untilQuiet();

  expect(github.calls).toEqual(['create', 'find', 'create']);
  expect(github.runs).toHaveLength(1);
});

it('says in the log what it gave up', async () => {
  await keep(queued);
  github.createCheckRun = async () => {
    throw new GatehouseError('GATE_GITHUB_PERMISSION', 'the App lacks "checks"');
  };

  await askFor(queued);
  await untilQuiet();

  expect(log.lines).toMatchObject([
    { level: 'error', message: 'a report was given up', fields: { buildset: 'bs-1' } },
  ]);
  expect((await metrics.renderMetrics()).text).toContain(
    'gatehouse_report_failures_total{code="GATE_GITHUB_PERMISSION"} 1',
  );
});

it('says in the log that it does not know an item', async () => {
  await askFor(queued);
  await untilQuiet();

  expect(log.lines).toMatchObject([{ level: 'warn', fields: { buildset: 'bs-1' } }]);
});

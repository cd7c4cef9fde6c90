import { eventId, type Json } from '@gatehouse/model';
import {
  asJson,
  changeRecordKey,
  type EngineEvent,
  itemRecordKey,
  readChangeRecord,
  readItem,
} from '@gatehouse/pipeline';
import { aBuildReport, aChange, aJob, anItemPrepared, observed } from '@gatehouse/pipeline/testing';
import type { TenantStore } from '@gatehouse/ports';
import { createMetrics, type Metrics } from '@gatehouse/telemetry';
import { type MemoryStore, memoryStore, type RecordingLog, recordingLog } from '@gatehouse/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { acme, keep } from '../testing/world.ts';
import { takeTurns } from './turn.ts';

let store: MemoryStore;
let log: RecordingLog;
let metrics: Metrics;

beforeEach(() => {
  store = memoryStore();
  log = recordingLog();
  metrics = createMetrics({ version: 'test', hasProcessMetrics: false });
});

async function post(...events: readonly EngineEvent[]): Promise<void> {
  await store.tenants.post(
    acme,
    events.map((event) => ({ id: event.id, body: asJson(event) })),
  );
}

function turns(tenants: TenantStore = store.tenants): Promise<void> {
  return takeTurns(
    { tenants, announcements: store.announcements, metrics, log },
    acme,
    async () => undefined,
  );
}

async function outbox(): Promise<readonly string[]> {
  return (await store.tenants.readOutbox(acme, 1_000)).map((effect) => effect.key);
}

async function onlyItem() {
  const [buildset] = await store.tenants.liveBuildsets(acme);
  if (buildset === undefined) throw new Error('nothing is live');
  const [record] = await store.tenants.readRecords(acme, [itemRecordKey(buildset)]);
  return readItem(record ?? null);
}

describe('a turn', () => {
  it('writes the items, the change and what is wanted, and empties the mailbox', async () => {
    const event = observed();
    await post(event);

    await turns();

    const item = await onlyItem();
    expect(item).toMatchObject({ phase: 'preparing', buildset: `${event.seed}-0` });
    expect(await outbox()).toEqual([`${item.buildset}/report/1`, `${item.buildset}/prepare`]);
    expect(await store.tenants.countWaiting()).toMatchObject({ events: 0 });
  });

  it('finds what earlier turns wrote, and what earlier events of the same turn made', async () => {
    const first = observed();
    await post(first);
    await turns();
    const item = await onlyItem();
    const prepared = anItemPrepared(item, [aJob('unit')]);
    const running = { ...item, builds: [{ id: `${item.buildset}.0`, job: aJob('unit') }] };
    const done = aBuildReport(running as unknown as typeof item, 'unit', 'SUCCESS'); // its id is all

    await post(prepared, done);
    await turns();

    const [record] = await store.tenants.readRecords(acme, [itemRecordKey(item.buildset)]);
    expect(readItem(record ?? null).verdict?.outcome).toBe('success');
    expect(await store.tenants.liveBuildsets(acme)).toEqual([]);
    expect(await store.tenants.recentBuildsets(acme, 9)).toEqual([item.buildset]);
  });

  it('takes many events in more than one commit', async () => {
    const events = Array.from({ length: 120 }, (_, index) =>
      observed({ change: aChange({ number: index + 1 }) }),
    );
    let commits = 0;
    await post(...events);

    await takeTurns(
      { tenants: store.tenants, announcements: store.announcements, metrics, log },
      acme,
      async () => {
        commits += 1;
      },
    );

    expect(commits).toBe(3);
    expect(await store.tenants.liveBuildsets(acme)).toHaveLength(120);
  });

  it('keeps how a change was read, although nothing runs', async () => {
    const event = observed({ pipelines: [] });
    await post(event);

    await turns();

    const key = changeRecordKey('acme/api#7' as Parameters<typeof changeRecordKey>[0]); // such a key
    const [record] = await store.tenants.readRecords(acme, [key]);
    expect(readChangeRecord(record ?? null).newest?.at).toBe(event.at);
  });

  it('tells who listens which runs changed, and logs every decision with its reasons', async () => {
    const heard: Json[] = [];
    await store.announcements.listen('changes', (message) => heard.push(message));
    const event = observed();
    await post(event);

    await turns();

    expect(heard).toEqual([{ tenant: 'acme', buildsets: [`${event.seed}-0`] }]);
    expect(log.lines).toMatchObject([
      { level: 'info', message: 'event decided', fields: { reasons: [{ code: 'enqueued' }] } },
    ]);
  });
});

describe('a turn whose commit comes too late', () => {
  it('is stepped again from fresh state, with the same result', async () => {
    const event = observed();
    const expected = memoryStore();
    await post(event);
    await expected.tenants.post(acme, [{ id: event.id, body: asJson(event) }]);
    await takeTurns({ ...expected, metrics, log }, acme, async () => undefined);
    let isFirst = true;
    const tenants: TenantStore = {
      ...store.tenants,
      commit: async (tenant, commit) => {
        if (isFirst) await keep(store, 'other/record', {});
        isFirst = false;
        return store.tenants.commit(tenant, commit);
      },
    };

    await turns(tenants);

    expect(await outbox()).toEqual(
      (await expected.tenants.readOutbox(acme, 10)).map((effect) => effect.key),
    );
    expect(await onlyItem()).toEqual(
      readItem((await expected.tenants.readRecords(acme, [`item/${event.seed}-0`]))[0] ?? null),
    );
  });

  it('gives its place back when others keep committing', async () => {
    await post(observed());

    await expect(turns({ ...store.tenants, commit: async () => 'stale' })).rejects.toMatchObject({
      code: 'GATE_COMMIT_STALE',
      kind: 'transient',
    });
  });
});

describe('what is broken', () => {
  const other = () => observed({ change: aChange({ number: 8 }) });

  it('and cannot be read as an event is reported, and the others go on', async () => {
    const event = other();
    await store.tenants.post(acme, [{ id: eventId('odd'), body: { type: 'FromTheFuture' } }]);
    await post(event);

    await turns();

    expect(await store.tenants.liveBuildsets(acme)).toEqual([`${event.seed}-0`]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'fatal',
        fields: expect.objectContaining({ event: 'odd' }),
      }),
    );
  });

  it('and cannot be read as a record is reported, and the others go on', async () => {
    await post(observed());
    await turns();
    const item = await onlyItem();
    await keep(store, itemRecordKey(item.buildset), { schema: 2 });
    const event = other();

    await post(anItemPrepared(item, [aJob('unit')]), event);
    await turns();

    expect(await store.tenants.liveBuildsets(acme)).toContain(`${event.seed}-0`);
    expect(log.lines.filter((line) => line.level === 'fatal')).toHaveLength(1);
  });

  it('by a mistake of ours wedges its item only', async () => {
    await post(observed());
    await turns();
    const item = await onlyItem();
    const impossible = { name: 'loop', isSoft: false };
    const jobs = [aJob('loop', { dependencies: [impossible], timeoutMs: 1 })];
    const prepared = anItemPrepared(item, jobs);
    const breaking = { ...prepared, preparation: { ...prepared.preparation, jobs: null } };
    const event = other();

    await post(breaking as unknown as EngineEvent, event); // what the types forbid
    await turns();

    const [record] = await store.tenants.readRecords(acme, [itemRecordKey(item.buildset)]);
    expect(readItem(record ?? null)).toMatchObject({
      phase: 'wedged',
      verdict: { outcome: 'internal-error' },
    });
    expect(await store.tenants.liveBuildsets(acme)).toEqual([`${event.seed}-0`]);
    expect(await outbox()).toContain(`${item.buildset}/report/2`);
    expect(log.lines.filter((line) => line.level === 'fatal')).toHaveLength(1);
    expect(await rendered()).toContain('gatehouse_wedged_runs_total 1');
  });
});

describe('the metrics of turns', () => {
  it('count each event and each build that ended, once, and every try of a turn', async () => {
    const first = observed();
    await post(first);
    await turns();
    const item = await onlyItem();
    await post(anItemPrepared(item, [aJob('unit')]));
    await turns();
    await post(aBuildReport(await onlyItem(), 'unit', 'SUCCESS'));
    await turns();

    expect(await rendered()).toEqual(
      expect.arrayContaining([
        'gatehouse_events_total{type="ChangeObserved"} 1',
        'gatehouse_events_total{type="BuildCompleted"} 1',
        'gatehouse_builds_total{result="SUCCESS",executor="command"} 1',
        'gatehouse_turns_total{outcome="committed"} 3',
        'gatehouse_turns_total{outcome="empty"} 3',
      ]),
    );
  });

  it('count what was refused and what failed as that', async () => {
    await post(observed());
    await turns({ ...store.tenants, commit: async () => 'stale' }).catch(() => undefined);
    const away = () => Promise.reject(new Error('Redis is away'));

    await expect(turns({ ...store.tenants, commit: away })).rejects.toThrow('Redis is away');

    expect(await rendered()).toEqual(
      expect.arrayContaining([
        'gatehouse_turns_total{outcome="stale"} 5',
        'gatehouse_turns_total{outcome="failed"} 1',
      ]),
    );
    expect(await rendered()).not.toContain('gatehouse_events_total{type="ChangeObserved"} 1');
  });
});

async function rendered(): Promise<readonly string[]> {
  return (await metrics.renderMetrics()).text.split('\n');
}

import { buildsetId, type deliveryId } from '@gatehouse/model';
import { asJson, itemRecordKey, readItem } from '@gatehouse/pipeline';
import { aJob, anItemPrepared, observed } from '@gatehouse/pipeline/testing';
import type { MessageCatalogue, Notice, QueueName } from '@gatehouse/ports';
import { createWorkQueue, type OpenWorkQueue } from '@gatehouse/queue';
import { createStore, type Store } from '@gatehouse/store';
import { quietLog, redisForTests, type TestRedis } from '@gatehouse/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEngine, type Engine } from './engine.ts';
import { acme, changeNotice, type World, world } from './testing/world.ts';

let redis: TestRedis;
let store: Store;
let queue: OpenWorkQueue;
let around: World;
let engines: Engine[];

beforeAll(async () => {
  redis = await redisForTests();
});

beforeEach(async () => {
  await redis.flush();
  store = createStore(redis.redis, quietLog);
  queue = createWorkQueue({ redis: redis.redis, log: quietLog });
  around = world();
  engines = [];
});

afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  await queue.close();
});

afterAll(() => redis[Symbol.asyncDispose]());

async function start(different: Partial<Store> = {}): Promise<Engine> {
  const { tenants, timers, deliveries, announcements } = { ...store, ...different };
  const engine = createEngine({
    ...around.deps,
    queue,
    tenants,
    timers,
    deliveries,
    announcements,
  });
  engines.push(engine);
  await engine.start();
  return engine;
}

async function deliver(notice: Notice, id: string): Promise<void> {
  const body = new TextEncoder().encode(JSON.stringify(notice));
  const claimed = id as ReturnType<typeof deliveryId>; // plain words only here
  await store.deliveries.claimDelivery({ deliveryId: claimed, event: 'any', body, receivedAt: 0 });
  await queue.send('events', { kind: 'delivery', deliveryId: claimed, event: 'any' });
}

/** Collects what the engine sends to a queue. */
async function listen<Name extends QueueName>(name: Name): Promise<MessageCatalogue[Name][]> {
  const heard: MessageCatalogue[Name][] = [];
  const worker = queue.work(name, {
    concurrency: 1,
    handle: async (message) => {
      heard.push(message);
      return 'done';
    },
    onExhausted: async () => undefined,
  });
  await worker.start();
  return heard;
}

async function untilLive(count: number): Promise<readonly string[]> {
  return vi.waitUntil(
    async () => {
      const live = await store.tenants.liveBuildsets(acme);
      const { events, effects } = await store.tenants.countWaiting();
      return live.length === count && events + effects === 0 && live;
    },
    { timeout: 15_000 },
  );
}

describe('the engine on Redis', () => {
  it('turns a delivery into a run that is shown and prepared', async () => {
    const [merges, reports] = [await listen('merges'), await listen('reports')];
    const engine = await start();

    await deliver(changeNotice(), 'd-1');
    const [buildset] = await untilLive(1);

    await vi.waitUntil(() => merges.length + reports.length === 2);
    expect(merges).toEqual([
      { key: `${buildset}/prepare`, tenant: 'acme', buildset, action: 'build-state' },
    ]);
    expect(reports).toEqual([{ tenant: 'acme', buildset }]);
    expect(engine.isRunning).toBe(true);
  });

  it('makes one run of each change however many engines there are and deliveries come', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => index + 20);
    for (const number of numbers) around.host.open({ repository: 'acme/api', number });
    await start();
    await start();

    await Promise.all(
      numbers.flatMap((number) => [
        deliver(changeNotice({ number }), `d-${number}-a`),
        deliver(changeNotice({ number }), `d-${number}-b`),
        deliver(changeNotice({ number }), `d-${number}-b`),
      ]),
    );
    const live = await untilLive(numbers.length);

    const keys = live.map((id) => itemRecordKey(buildsetId(id)));
    const items = (await store.tenants.readRecords(acme, keys)).map((one) => readItem(one));
    const found = items.map(({ change }) => (change.kind === 'proposed' ? change.number : 0));
    expect(found.sort()).toEqual(numbers);
  });

  it('hands on what was committed before it died', async () => {
    const event = observed({ seed: 'a' });
    await store.tenants.post(acme, [{ id: event.id, body: asJson(event) }]);
    const dying = await start({
      tenants: { ...store.tenants, clearOutbox: () => Promise.reject(new Error('died')) },
    });
    await vi.waitUntil(async () => (await store.tenants.countWaiting()).effects === 2);
    await dying.stop();
    const merges = await listen('merges');

    await start();
    await untilLive(1);

    expect(merges.map((message) => message.key)).toContain('a-0/prepare');
  });

  it('ends an http job whose time is up', async () => {
    const event = observed({ seed: 'a' });
    await store.tenants.post(acme, [{ id: event.id, body: asJson(event) }]);
    await start();
    await untilLive(1);
    const key = itemRecordKey(buildsetId('a-0'));
    const item = async () => readItem((await store.tenants.readRecords(acme, [key]))[0] ?? null);
    const http = { kind: 'http', url: 'https://ci.example', headers: {} } as const;
    const prepared = anItemPrepared(await item(), [aJob('unit', { execution: http })]);
    const started = {
      type: 'BuildStarted',
      id: 'started',
      tenant: 'acme',
      at: around.clock.now(),
      buildset: 'a-0',
      build: 'a-0.0',
      attempt: 1,
      logUrl: null,
      hasLog: false,
    } as const;

    await store.tenants.post(acme, [
      { id: prepared.id, body: asJson(prepared) },
      { id: 'started' as typeof prepared.id, body: started },
    ]);
    await queue.send('turns', { tenant: acme });
    await vi.waitUntil(async () => (await store.timers.nextTimerAt()) !== null);
    around.clock.advance(1_800_000);

    await vi.waitUntil(async () => (await item()).verdict?.outcome === 'timed-out', {
      timeout: 10_000,
    });
  });
});

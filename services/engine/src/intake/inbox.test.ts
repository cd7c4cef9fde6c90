import { type DeliveryId, deliveryId, GatehouseError } from '@gatehouse/model';
import type { WorkQueue } from '@gatehouse/ports';
import { createWorkQueue, type OpenWorkQueue } from '@gatehouse/queue';
import { createStore, type Store } from '@gatehouse/store';
import { type IsolatedRedis, isolatedRedis, quietLog, recordingLog } from '@gatehouse/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInboxRelay, type InboxDeps, type InboxRelay } from './inbox.ts';

const waitOptions = { timeout: 15_000, interval: 10 };
let redis: IsolatedRedis;
let store: Store;
let queue: OpenWorkQueue;
const running: InboxRelay[] = [];
beforeEach(async () => {
  redis = await isolatedRedis();
  store = createStore(redis.redis, quietLog);
  queue = createWorkQueue({ redis: redis.redis, log: quietLog });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((relay) => relay.stop()));
  await queue.close();
  await redis[Symbol.asyncDispose]();
});

async function start(deps: Partial<InboxDeps> = {}): Promise<InboxRelay> {
  const { deliveries } = store;
  const relay = createInboxRelay({ deliveries, queue, log: quietLog, ...deps });
  running.push(relay);
  await relay.start();
  return relay;
}

async function arrive(...ids: readonly string[]): Promise<void> {
  const body = Buffer.from('{}');
  const rest = { event: 'push', body, receivedAt: 1_767_225_600_000 };
  for (const id of ids) {
    await store.deliveries.claimDelivery({ deliveryId: deliveryId(id), ...rest });
  }
}

/** Works on the queue from now on; what it gets, in order. */
async function receive(): Promise<DeliveryId[]> {
  const received: DeliveryId[] = [];
  const worker = queue.work('events', {
    concurrency: 1,
    handle: async (message) => {
      if (message.kind === 'delivery') received.push(message.deliveryId);
      return 'done';
    },
    onExhausted: async () => undefined,
  });
  await worker.start();
  return received;
}

async function isEmpty(): Promise<boolean> {
  return (await store.deliveries.countInbox()) === 0;
}

function isQueued(count: number): Promise<boolean> {
  return vi.waitUntil(async () => (await queue.count('events')).waiting === count, waitOptions);
}

test('what waited before the start is queued in its order, and waits no longer', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `d-${index}`);
  await arrive(...ids);

  await start();

  await isQueued(250);
  await vi.waitUntil(isEmpty, waitOptions);
  const received = await receive();
  await vi.waitUntil(() => received.length === 250, waitOptions);
  expect(received).toEqual(ids);
});

test('what comes in later is queued at once, not at the next look', async () => {
  await start();
  await vi.waitUntil(isEmpty);
  const startedAt = performance.now();

  for (const id of ['d-1', 'd-2', 'd-3']) {
    await arrive(id);
    await vi.waitUntil(isEmpty, waitOptions);
  }

  await isQueued(3);
  // Three looks are at least ten seconds.
  expect(performance.now() - startedAt).toBeLessThan(9_000);
});

test('a process that dies between queue and inbox leaves what the next one repairs', async () => {
  await arrive('d-1', 'd-2');
  const dying = { ...store.deliveries, clearInbox: () => new Promise<never>(() => undefined) };
  const relay = createInboxRelay({ deliveries: dying, queue, log: quietLog });
  await relay.start();
  await isQueued(2);
  const left = await store.deliveries.countInbox();

  await start();

  await vi.waitUntil(isEmpty, waitOptions);
  expect(left).toBe(2);
  expect(await queue.count('events')).toMatchObject({ waiting: 2 });
});

test('what the queue does not take stays in the inbox and is tried again', async () => {
  let isBroken = true;
  const refused: string[] = [];
  const send: WorkQueue['send'] = async (name, message) => {
    if (isBroken && 'deliveryId' in message && message.deliveryId === 'd-2') {
      refused.push(message.deliveryId);
      throw new GatehouseError('GATE_REDIS_UNAVAILABLE', 'away');
    }
    await queue.send(name, message);
  };
  const log = recordingLog();
  await arrive('d-1', 'd-2');
  await start({ queue: { send }, log });
  await vi.waitUntil(() => log.lines.length > 0, waitOptions);
  const kept = await store.deliveries.readInbox(10);

  isBroken = false;
  await vi.waitUntil(isEmpty, waitOptions);

  expect(refused).toEqual(['d-2']);
  expect(kept.map((entry) => entry.deliveryId)).toEqual(['d-1', 'd-2']);
  expect(await queue.count('events')).toMatchObject({ waiting: 2 });
});

test('two processes at once lose nothing and queue nothing twice', async () => {
  const other = createWorkQueue({ redis: redis.redis, log: quietLog });
  const ids = Array.from({ length: 300 }, (_, index) => `d-${index}`);

  await Promise.all([start(), start({ queue: other }), arrive(...ids)]);

  await isQueued(300);
  await vi.waitUntil(isEmpty, waitOptions);
  expect(await queue.count('events')).toMatchObject({ waiting: 300 });
  await other.close();
});

test('it goes on by itself when Redis was away', async () => {
  await start();
  await redis.goAway();
  await redis.comeBack();

  await vi.waitUntil(() => arrive('d-1').then(always, never), waitOptions);

  await vi.waitUntil(async () => (await isEmpty()) && (await isOneQueued()), waitOptions);
});

test('it stops when nothing waits, and leaves what comes in afterwards', async () => {
  const relay = await start();

  await relay.stop();
  await arrive('d-1');

  expect(await isEmpty()).toBe(false);
  expect(await queue.count('events')).toMatchObject({ waiting: 0 });
});

async function isOneQueued(): Promise<boolean> {
  return (await queue.count('events')).waiting === 1;
}

const always = () => true;
const never = () => false;

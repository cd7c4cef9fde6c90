import { effectKey } from '@gatehouse/model';
import { asJson, type Effect } from '@gatehouse/pipeline';
import { aJob, anItemPrepared, newestItem, observed, runSteps } from '@gatehouse/pipeline/testing';
import type { StoredEffect, WorkQueue } from '@gatehouse/ports';
import { type MemoryStore, memoryStore, type RecordingLog, recordingLog } from '@gatehouse/testkit';
import { beforeEach, expect, it } from 'vitest';
import { acme } from '../testing/world.ts';
import { relayEffects } from './relay.ts';

let store: MemoryStore;
let log: RecordingLog;
let sent: unknown[];
let failAt: number;

beforeEach(() => {
  store = memoryStore();
  log = recordingLog();
  sent = [];
  failAt = -1;
});

const queue: WorkQueue = {
  send: async (name, message) => {
    if (sent.length === failAt) {
      failAt = -1;
      throw new Error('died');
    }
    sent.push([name, message]);
  },
  work: () => {
    throw new Error('not used here');
  },
  count: () => Promise.reject(new Error('not used here')),
};

function relay(): Promise<void> {
  return relayEffects({ ...store, queue, log }, acme);
}

async function keepWanted(effects: readonly StoredEffect[]): Promise<void> {
  const { version } = await store.tenants.openTurn(acme, 0);
  await store.tenants.commit(acme, {
    expectedVersion: version,
    consumed: [],
    writes: [],
    effects,
    live: { added: [], removed: [] },
  });
}

function stored(effect: Effect): StoredEffect {
  return { key: effect.key, lane: 'reports', body: asJson(effect) };
}

function wanted(): readonly Effect[] {
  return runSteps(
    () => observed({ seed: 'a' }),
    (state) => anItemPrepared(newestItem(state), [aJob('unit'), aJob('lint')]),
  ).effects;
}

it('hands effects on in their order, each to its queue', async () => {
  await keepWanted(wanted().map(stored));

  await relay();

  expect(sent).toMatchObject([
    ['launches', { key: 'a-0/launch/a-0.0/1', action: 'launch', build: 'a-0.0', attempt: 1 }],
    ['launches', { key: 'a-0/launch/a-0.1/1', action: 'launch', build: 'a-0.1', attempt: 1 }],
    ['reports', { buildset: 'a-0' }],
  ]);
  expect(await store.tenants.readOutbox(acme, 10)).toEqual([]);
});

it('hands them on again, under the same keys, when it died in between', async () => {
  await keepWanted(wanted().map(stored));
  failAt = 2;
  await expect(relay()).rejects.toThrow('died');

  await relay();

  expect(sent).toHaveLength(5);
  expect(sent.slice(2, 4)).toEqual(sent.slice(0, 2));
});

it('hands on more than it takes at once', async () => {
  const [effect] = wanted();
  if (effect === undefined) throw new Error('nothing is wanted');
  const many = Array.from({ length: 250 }, (_, index) =>
    stored({ ...effect, key: effectKey(`k${index}`) }),
  );
  await keepWanted(many);

  await relay();

  expect(sent.map((one) => (one as [string, { key: string }])[1].key)).toEqual(
    many.map((one) => one.key),
  );
});

it('sets a timer that posts its event when it is due', async () => {
  const key = effectKey('a-0/timeout/a-0.0/1');
  const base = {
    id: 'a-0.0/1/timed-out',
    tenant: acme,
    buildset: 'a-0',
    build: 'a-0.0',
    attempt: 1,
  };
  const event = { type: 'BuildTimedOut', at: 5_000, ...base };
  const body = { kind: 'SetTimer', key, tenant: acme, buildset: 'a-0', dueAt: 5_000, event };
  await keepWanted([{ key, lane: 'timers', body }]);

  await relay();

  expect(await store.timers.nextTimerAt()).toBe(5_000);
  expect(await store.timers.fireDueTimers(5_000, 9)).toEqual([acme]);
  expect((await store.tenants.openTurn(acme, 9)).events).toMatchObject([{ body: event }]);
});

it('reports an effect that it cannot read, and hands on those behind it', async () => {
  const odd = { key: effectKey('odd'), lane: 'reports', body: { kind: 'FromTheFuture' } } as const;
  await keepWanted([odd, ...wanted().map(stored)]);

  await relay();

  expect(sent).toHaveLength(3);
  expect(log.lines).toContainEqual(
    expect.objectContaining({ level: 'fatal', fields: expect.objectContaining({ effect: 'odd' }) }),
  );
});

import { effectKey, GatehouseError } from '@gatehouse/model';
import { asJson, type Item, itemRecordKey } from '@gatehouse/pipeline';
import { anItem, fakeSha } from '@gatehouse/pipeline/testing';
import type { MessageCatalogue } from '@gatehouse/ports';
import { fakeClock, memoryStore, memoryWorkQueue, recordingLog } from '@gatehouse/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { createMerger, type Merger } from './merger.ts';
import { type FakeStates, fakeStates } from './testing/fake-states.ts';

const ownedBranch = 'gatehouse/check/bs-1';
const over = { outcome: 'cancelled', reasons: [] } as const;

interface World {
  readonly states: FakeStates;
  readonly told: MessageCatalogue['events'][];
  readonly log: ReturnType<typeof recordingLog>;
  /** Replaces the item. */
  keep(item: Item): Promise<void>;
  send(action: MessageCatalogue['merges']['action']): Promise<void>;
}

let running: Merger | null = null;

afterEach(async () => {
  await running?.stop();
  running = null;
});

/** A merger at work beside one stored item. */
async function world(item: Item | null): Promise<World> {
  const store = memoryStore();
  const queue = memoryWorkQueue({ attemptsMax: 2, pauseMs: 1 });
  const states = fakeStates();
  const log = recordingLog();
  const told: MessageCatalogue['events'][] = [];
  const { tenant, buildset } = anItem();
  const keep = async (kept: Item, expectedVersion: number): Promise<void> => {
    await store.tenants.commit(tenant, {
      expectedVersion,
      consumed: [],
      writes: [{ key: itemRecordKey(buildset), body: asJson(kept), timeToLiveMs: null }],
      effects: [],
      live: { added: [], removed: [] },
    });
  };
  if (item !== null) await keep(item, 0);
  const clock = fakeClock(1_000);
  const { tenants, notes } = store;
  running = createMerger({ queue, tenants, notes, states, clock, log });
  await running.start();
  const events = queue.work('events', {
    concurrency: 1,
    handle: async (message) => {
      told.push(message);
      return 'done';
    },
    onExhausted: async () => undefined,
  });
  await events.start();
  return {
    states,
    told,
    log,
    keep: (now) => keep(now, 1),
    send: async (action) => {
      await queue.send('merges', { key: effectKey('bs-1/x'), tenant, buildset, action });
      await vi.waitUntil(async () => {
        const [merges, waiting] = await Promise.all([queue.count('merges'), queue.count('events')]);
        return [merges, waiting].every((one) => one.waiting + one.active + one.delayed === 0);
      });
    },
  };
}

it('tells the engine of the state that was built, under the key it was asked with', async () => {
  const { send, told } = await world(anItem());

  await send('build-state');

  expect(told).toMatchObject([
    { kind: 'state-built', key: 'bs-1/x', buildset: 'bs-1', outcome: { code: 'built' } },
  ]);
});

it('asks again by itself while GitHub computes', async () => {
  const { send, told, states } = await world(anItem());
  const computed = states.testMerge;
  states.testMerge = { code: 'computing' };
  states.readTestMerge = async () => {
    const seen = states.testMerge;
    states.testMerge = computed;
    return seen;
  };

  await send('build-state');

  expect(told).toMatchObject([{ outcome: { code: 'built' } }]);
});

it('does nothing for an item that runs already: the message was doubled', async () => {
  const { send, told, states } = await world(anItem({ phase: 'running' }));

  await send('build-state');

  expect(told).toEqual([]);
  expect(states.calls).toEqual([]);
});

it('leaves no branch behind when the item ended while its state was built', async () => {
  const { send, told, states } = await world(anItem({ phase: 'completed', verdict: over }));
  states.branches.set(ownedBranch, fakeSha('d'));

  await send('build-state');

  expect(told).toEqual([]);
  expect([...states.branches.keys()]).toEqual(['main']);
});

it('removes a branch that it made for an item that had ended by then', async () => {
  const { send, told, states, keep } = await world(anItem());
  states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };
  const { mergeInto } = states;
  states.mergeInto = async (...given) => {
    await keep(anItem({ phase: 'completed', verdict: over }));
    return mergeInto(...given);
  };

  await send('build-state');

  expect(told).toEqual([]);
  expect([...states.branches.keys()]).toEqual(['main']);
});

it('removes a branch that it made before the item got another state', async () => {
  const { send, told, states, keep } = await world(anItem());
  states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };
  const message = 'no answer';
  states.mergeInto = async () => {
    states.calls.push('mergeInto');
    await keep(anItem({ phase: 'running' }));
    throw new GatehouseError('GATE_GITHUB_UNAVAILABLE', message);
  };

  await send('build-state');

  expect(told).toEqual([]);
  expect([...states.branches.keys()]).toEqual(['main']);
});

it('removes the branch of an item that is over, as often as it is asked to', async () => {
  const { send, states } = await world(anItem({ phase: 'completed', verdict: over }));
  states.branches.set(ownedBranch, fakeSha('d'));

  await send('release-state');
  await send('release-state');

  expect([...states.branches.keys()]).toEqual(['main']);
});

it('says so when the item is not known here', async () => {
  const { send, log, states } = await world(null);

  await send('build-state');

  expect(states.calls).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { buildset: 'bs-1' } }]);
});

it('tries again when GitHub is away for a moment', async () => {
  const { send, told, states } = await world(anItem());
  const { readBranch } = states;
  states.readBranch = async (...asked) => {
    states.readBranch = readBranch;
    throw new GatehouseError('GATE_GITHUB_UNAVAILABLE', `away, asked for ${asked[1]}`);
  };

  await send('build-state');

  expect(told).toMatchObject([{ outcome: { code: 'built' } }]);
});

it('ends the run with the reason when it gives up, and names the branch to remove', async () => {
  const { send, told, states, log } = await world(anItem());
  states.testMerge = { code: 'merged', ref: 'x', sha: fakeSha('c'), parents: [] };
  const message = 'the App lacks the permission "workflows"';
  states.failures.set('mergeInto', new GatehouseError('GATE_GITHUB_PERMISSION', message));

  await send('build-state');

  expect(told).toMatchObject([{ outcome: { code: 'failed', message, ownedBranch } }]);
  expect(log.lines).toMatchObject([{ level: 'error', message: 'a merge was given up' }]);
});

it('reports a branch that could not be removed, and ends nothing for it', async () => {
  const { send, told, states, log } = await world(anItem({ phase: 'completed', verdict: over }));
  states.failures.set('removeBranch', new GatehouseError('GATE_GITHUB_REFUSED', 'protected'));

  await send('release-state');

  expect(told).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'error', fields: { action: 'release-state' } }]);
});

import {
  buildsetId,
  effectKey,
  eventId,
  type Json,
  type TenantId,
  tenantId,
} from '@gatehouse/model';
import type { StoredEffect, StoredEvent, TenantStore, TurnCommit } from '@gatehouse/ports';
import { expect, it } from 'vitest';

const acme = tenantId('acme');
const other = tenantId('other');

/** What every TenantStore does. @param open gives an empty one. */
export function tenantStoreConformance(open: () => Promise<TenantStore>): void {
  mailboxConformance(open);
  commitConformance(open);
  versionConformance(open);
  outboxConformance(open);
  overviewConformance(open);
}

function mailboxConformance(open: () => Promise<TenantStore>): void {
  it('gives a tenant that nobody heard of an empty turn at version 0', async () => {
    const store = await open();

    expect(await store.openTurn(acme, 10)).toEqual({ version: 0, events: [] });
  });

  it('gives events in the order they were posted, the oldest first', async () => {
    const store = await open();
    await store.post(acme, [eventOf('e-2'), eventOf('e-1')]);
    await store.post(acme, [eventOf('e-0')]);

    const turn = await store.openTurn(acme, 2);

    expect(turn.events.map((event) => event.id)).toEqual(['e-2', 'e-1']);
  });

  it('gives bodies back as they were posted, empty lists and large numbers included', async () => {
    const store = await open();
    const body: Json = { list: [], map: {}, at: 1_767_225_600_123, text: 'ü\u0000"', none: null };

    await store.post(acme, [{ id: eventId('e-1'), body }]);

    expect((await store.openTurn(acme, 1)).events).toEqual([{ id: 'e-1', body }]);
  });

  it('posts a replayed event once, also within one call', async () => {
    const store = await open();

    await store.post(acme, [eventOf('e-1'), eventOf('e-1')]);
    await store.post(acme, [eventOf('e-1')]);

    expect((await store.openTurn(acme, 10)).events).toHaveLength(1);
  });

  it('leaves out an event that was worked on before', async () => {
    const store = await open();
    await store.post(acme, [eventOf('e-1')]);
    await store.commit(acme, commitOf({ consumed: [eventId('e-1')] }));

    await store.post(acme, [eventOf('e-1')]);

    expect((await store.openTurn(acme, 10)).events).toEqual([]);
    expect(await store.tenantsWithWork()).toEqual([]);
  });

  it('keeps the mailboxes of two tenants apart', async () => {
    const store = await open();

    await store.post(acme, [eventOf('e-1')]);
    await store.post(other, [eventOf('e-1')]);

    expect((await store.openTurn(acme, 10)).events).toHaveLength(1);
    expect((await store.openTurn(other, 10)).events).toHaveLength(1);
  });
}

function commitConformance(open: () => Promise<TenantStore>): void {
  it('takes exactly the consumed events out of the mailbox', async () => {
    const store = await open();
    await store.post(acme, [eventOf('e-1'), eventOf('e-2'), eventOf('e-3')]);

    await store.commit(acme, commitOf({ consumed: [eventId('e-1'), eventId('e-3')] }));

    const turn = await store.openTurn(acme, 10);
    expect(turn).toMatchObject({ version: 1, events: [{ id: 'e-2' }] });
  });

  it('keeps an event that was posted while the turn ran', async () => {
    const store = await open();
    await store.post(acme, [eventOf('e-1')]);
    await store.openTurn(acme, 10);
    await store.post(acme, [eventOf('e-2')]);

    const answer = await store.commit(acme, commitOf({ consumed: [eventId('e-1')] }));

    expect(answer).toBe('committed');
    expect((await store.openTurn(acme, 10)).events.map((e) => e.id)).toEqual(['e-2']);
  });

  it('writes, replaces and removes records', async () => {
    const store = await open();
    const write = (key: string, body: Json | null) => ({ key, body, timeToLiveMs: null });
    await store.commit(acme, commitOf({ writes: [write('a', { n: 1 }), write('b', [])] }));

    await store.commit(
      acme,
      commitOf({ expectedVersion: 1, writes: [write('a', { n: 2 }), write('b', null)] }),
    );

    expect(await store.readRecords(acme, ['b', 'a', 'c'])).toEqual([null, { n: 2 }, null]);
  });

  it('reads no records when none are asked for', async () => {
    const store = await open();

    expect(await store.readRecords(acme, [])).toEqual([]);
  });

  it('keeps the records of two tenants apart', async () => {
    const store = await open();

    await store.commit(acme, commitOf({ writes: [{ key: 'a', body: 1, timeToLiveMs: null }] }));

    expect(await store.readRecords(other, ['a'])).toEqual([null]);
  });
}

function versionConformance(open: () => Promise<TenantStore>): void {
  it('writes nothing at all when the version moved on', async () => {
    const store = await open();
    await store.post(acme, [eventOf('e-1')]);
    await store.commit(acme, commitOf({ live: { added: [buildsetId('bs-1')], removed: [] } }));
    const before = await everything(store);

    const answer = await store.commit(acme, {
      expectedVersion: 0,
      consumed: [eventId('e-1')],
      writes: [{ key: 'a', body: 1, timeToLiveMs: null }],
      effects: [effectOf('f-1')],
      live: { added: [buildsetId('bs-2')], removed: [buildsetId('bs-1')] },
    });

    expect(answer).toBe('stale');
    expect(await everything(store)).toEqual(before);
  });

  it('lets exactly one of two turns from the same version commit', async () => {
    const store = await open();

    const answers = await Promise.all([
      store.commit(acme, commitOf({ effects: [effectOf('f-1')] })),
      store.commit(acme, commitOf({ effects: [effectOf('f-2')] })),
    ]);

    expect([...answers].sort()).toEqual(['committed', 'stale']);
    expect(await store.readOutbox(acme, 10)).toHaveLength(1);
  });

  it('takes a commit that touches thousands of things', async () => {
    const store = await open();
    const many = Array.from({ length: 3_000 }, (_, i) => `n-${i}`);
    await store.post(
      acme,
      many.map((name) => eventOf(name)),
    );

    const answer = await store.commit(
      acme,
      commitOf({
        consumed: many.map(eventId),
        writes: many.map((key) => ({ key, body: key, timeToLiveMs: null })),
        effects: many.map((key) => effectOf(key)),
        live: { added: many.map(buildsetId), removed: [] },
      }),
    );

    expect(answer).toBe('committed');
    expect(await store.countWaiting()).toEqual({ events: 0, effects: 3_000 });
    expect(await store.liveBuildsets(acme)).toHaveLength(3_000);
  });
}

function outboxConformance(open: () => Promise<TenantStore>): void {
  it('keeps effects in order until they are handed on', async () => {
    const store = await open();
    await store.commit(acme, commitOf({ effects: [effectOf('f-2'), effectOf('f-1')] }));
    await store.commit(acme, commitOf({ expectedVersion: 1, effects: [effectOf('f-3')] }));

    await store.clearOutbox(acme, [effectKey('f-1')]);

    const left = await store.readOutbox(acme, 10);
    expect(left).toEqual([effectOf('f-2'), effectOf('f-3')]);
  });

  it('gives no more effects than asked for', async () => {
    const store = await open();
    await store.commit(acme, commitOf({ effects: [effectOf('f-1'), effectOf('f-2')] }));

    expect(await store.readOutbox(acme, 1)).toEqual([effectOf('f-1')]);
  });

  it('holds an effect once while it waits, under its newest body', async () => {
    const store = await open();
    await store.commit(acme, commitOf({ effects: [effectOf('f-1', 'old'), effectOf('f-2')] }));

    await store.commit(acme, commitOf({ expectedVersion: 1, effects: [effectOf('f-1', 'new')] }));

    expect(await store.readOutbox(acme, 10)).toEqual([effectOf('f-1', 'new'), effectOf('f-2')]);
  });

  it('takes an effect again that was handed on', async () => {
    const store = await open();
    await store.commit(acme, commitOf({ effects: [effectOf('f-1')] }));
    await store.clearOutbox(acme, [effectKey('f-1')]);

    await store.commit(acme, commitOf({ expectedVersion: 1, effects: [effectOf('f-1')] }));

    expect(await store.readOutbox(acme, 10)).toEqual([effectOf('f-1')]);
  });

  it('does not mind clearing what is not there', async () => {
    const store = await open();

    await store.clearOutbox(acme, [effectKey('f-1')]);
    await store.clearOutbox(acme, []);

    expect(await store.readOutbox(acme, 10)).toEqual([]);
  });
}

function overviewConformance(open: () => Promise<TenantStore>): void {
  it('lists a tenant as having work while its mailbox or its outbox is not empty', async () => {
    const store = await open();

    await store.post(acme, [eventOf('e-1')]);
    const posted = await store.tenantsWithWork();
    await store.commit(acme, commitOf({ consumed: [eventId('e-1')], effects: [effectOf('f-1')] }));
    const committed = await store.tenantsWithWork();
    await store.clearOutbox(acme, [effectKey('f-1')]);
    const cleared = await store.tenantsWithWork();

    expect([posted, committed, cleared]).toEqual([['acme'], ['acme'], []]);
  });

  it('lists a tenant while events wait behind a cleared outbox', async () => {
    const store = await open();
    await store.commit(acme, commitOf({ effects: [effectOf('f-1')] }));
    await store.post(acme, [eventOf('e-1')]);

    await store.clearOutbox(acme, [effectKey('f-1')]);

    expect(await store.tenantsWithWork()).toEqual(['acme']);
  });

  it('counts what waits over all tenants', async () => {
    const store = await open();
    await store.post(acme, [eventOf('e-1'), eventOf('e-2')]);
    await store.commit(acme, commitOf({ effects: [effectOf('f-1')] }));
    await store.post(other, [eventOf('e-1')]);

    expect(await store.countWaiting()).toEqual({ events: 3, effects: 1 });
  });

  it('knows every tenant that was ever committed', async () => {
    const store = await open();
    await store.post(other, [eventOf('e-1')]);

    await store.commit(acme, commitOf({}));

    expect(await store.tenants()).toEqual(['acme']);
  });

  it('tells live buildsets, and finds the tenant of one that is over', async () => {
    const store = await open();
    const first = buildsetId('bs-1');
    const second = buildsetId('bs-2');
    await store.commit(acme, commitOf({ live: { added: [first, second], removed: [] } }));

    await store.commit(
      acme,
      commitOf({ expectedVersion: 1, live: { added: [], removed: [first] } }),
    );

    expect(await store.liveBuildsets(acme)).toEqual(['bs-2']);
    expect(await store.tenantOfBuildset(first)).toBe('acme');
    expect(await store.tenantOfBuildset(second)).toBe('acme');
    expect(await store.tenantOfBuildset(buildsetId('bs-9'))).toBeNull();
  });

  it('lists the newest finished buildsets, newest first', async () => {
    const store = await open();
    const ids = ['bs-1', 'bs-2', 'bs-3'].map(buildsetId);
    await store.commit(acme, commitOf({ live: { added: ids, removed: [] } }));
    for (const [version, id] of ids.entries()) {
      const live = { added: [], removed: [id] };
      await store.commit(acme, commitOf({ expectedVersion: version + 1, live }));
    }

    const recent = await store.recentBuildsets(acme, 2);

    expect(recent).toEqual(['bs-3', 'bs-2']);
  });
}

async function everything(store: TenantStore) {
  const tenants: readonly TenantId[] = [acme];
  return Promise.all([
    store.openTurn(acme, 100),
    store.readRecords(acme, ['a']),
    store.readOutbox(acme, 100),
    store.liveBuildsets(acme),
    store.tenantOfBuildset(buildsetId('bs-2')),
    store.tenantsWithWork(),
    store.countWaiting(),
    tenants,
  ]);
}

function eventOf(id: string): StoredEvent {
  return { id: eventId(id), body: { from: id } };
}

function effectOf(key: string, text = 'same'): StoredEffect {
  return { key: effectKey(key), lane: 'reports', body: { text } };
}

function commitOf(change: Partial<TurnCommit>): TurnCommit {
  return {
    expectedVersion: 0,
    consumed: [],
    writes: [],
    effects: [],
    live: { added: [], removed: [] },
    ...change,
  };
}

/** What the store does with Redis that no other store could be held to. */
import { buildId, buildsetId, deliveryId, effectKey, eventId, tenantId } from '@gatehouse/model';
import type { TurnCommit } from '@gatehouse/ports';
import { quietLog, redisForTests, type TestRedis } from '@gatehouse/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore, type Store } from './create-store.ts';
import {
  buildKey,
  buildsetKey,
  deliveryBodyKey,
  deliveryKey,
  keyPrefix,
  recordKey,
  tenantKeys,
} from './keys.ts';
import {
  buildsetMemoryMs,
  closedBuildMemoryMs,
  deliveryMemoryMs,
  eventMemoryMs,
  openBuildMemoryMs,
} from './limits.ts';

const acme = tenantId('acme');

describe('the store in Redis', () => {
  let fixture: TestRedis;
  let store: Store;
  beforeAll(async () => {
    fixture = await redisForTests();
  });
  beforeEach(async () => {
    await fixture.flush();
    store = createStore(fixture.redis, quietLog);
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it('forgets events that were seen longer ago than their delivery can come back', async () => {
    const { seen, sequence } = tenantKeys(acme);
    await fixture.redis.zadd(seen, Date.now() - eventMemoryMs - 1_000, 'old');

    await store.tenants.post(acme, [{ id: eventId('new'), body: 1 }]);

    expect(await fixture.redis.zrange(seen, '0', '-1')).toEqual(['new']);
    expect(await fixture.redis.get(sequence)).toBe('1');
  });

  it('lets a record go after its time to live', async () => {
    const write = { key: 'a', body: 1, timeToLiveMs: 1 };

    await store.tenants.commit(acme, commitOf({ writes: [write] }));

    await vi.waitUntil(async () => (await store.tenants.readRecords(acme, ['a']))[0] === null);
    expect(await fixture.redis.exists(recordKey(acme, 'a'))).toBe(0);
  });

  it('keeps a record that is written again without a time to live', async () => {
    const write = { key: 'a', body: 1, timeToLiveMs: 60_000 };
    await store.tenants.commit(acme, commitOf({ writes: [write] }));

    await store.tenants.commit(
      acme,
      commitOf({ expectedVersion: 1, writes: [{ ...write, timeToLiveMs: null }] }),
    );

    expect(await fixture.redis.pttl(recordKey(acme, 'a'))).toBe(-1);
  });

  it('remembers deliveries for the redelivery window, with and without their body', async () => {
    const id = deliveryId('d-1');
    const body = Buffer.from('{}');
    await store.deliveries.claimDelivery({ deliveryId: id, event: 'push', body, receivedAt: 1 });
    const pending = [await lifetime(deliveryKey(id)), await lifetime(deliveryBodyKey(id))];

    await store.deliveries.finishDelivery(id, 'posted');

    expect(pending).toEqual([near(deliveryMemoryMs), near(deliveryMemoryMs)]);
    expect(await lifetime(deliveryKey(id))).toEqual(near(deliveryMemoryMs));
    expect(await fixture.redis.exists(deliveryBodyKey(id))).toBe(0);
  });

  it('forgets a finished buildset’s tenant in time, and never that of a live one', async () => {
    const buildset = buildsetId('bs-1');
    await store.tenants.commit(acme, commitOf({ live: { added: [buildset], removed: [] } }));
    const live = await lifetime(buildsetKey(buildset));

    await store.tenants.commit(
      acme,
      commitOf({ expectedVersion: 1, live: { added: [], removed: [buildset] } }),
    );

    expect(live).toBe(-1);
    expect(await lifetime(buildsetKey(buildset))).toEqual(near(buildsetMemoryMs));
  });

  it('forgets a build in time, and later when another attempt is opened', async () => {
    const build = buildId('b-1');
    const event = { id: eventId('e-1'), body: {} };
    const ticket = { build, buildset: buildsetId('bs-1'), tenant: acme, tokenHash: null };
    const report = { build, attempt: 1, tokenHash: null, resultHash: 'x', event };

    await store.builds.openAttempt({ ...ticket, attempt: 1 });
    const open = await lifetime(buildKey(build));
    await store.builds.acceptResult(report);
    const over = await lifetime(buildKey(build));
    await store.builds.openAttempt({ ...ticket, attempt: 2 });
    const reopened = await lifetime(buildKey(build));
    await store.builds.closeBuild(build);
    const closed = await lifetime(buildKey(build));

    expect(open).toEqual(near(openBuildMemoryMs));
    expect(over).toEqual(near(closedBuildMemoryMs));
    expect(reopened).toEqual(near(openBuildMemoryMs));
    expect(closed).toEqual(near(closedBuildMemoryMs));
  });

  it('leaves nothing behind of a tenant’s consumed events and cleared effects', async () => {
    await store.tenants.post(acme, [{ id: eventId('e-1'), body: 1 }]);
    const effect = { key: effectKey('f-1'), lane: 'merges' as const, body: 1 };
    await store.tenants.commit(acme, commitOf({ consumed: [eventId('e-1')], effects: [effect] }));

    await store.tenants.clearOutbox(acme, [effect.key]);

    const { version, sequence, seen } = tenantKeys(acme);
    const expected = [version, sequence, seen, `${keyPrefix}tenants`];
    expect((await fixture.redis.keys('*')).sort()).toEqual(expected.sort());
  });

  it('loses no effect when the process dies between commit and relay', async () => {
    const effect = { key: effectKey('f-1'), lane: 'launches' as const, body: { n: 1 } };
    const dying = fixture.redis.duplicate();
    await createStore(dying, quietLog).tenants.commit(acme, commitOf({ effects: [effect] }));
    dying.disconnect();

    const next = createStore(fixture.redis, quietLog);

    expect(await next.tenants.tenantsWithWork()).toEqual(['acme']);
    expect(await next.tenants.readOutbox(acme, 10)).toEqual([effect]);
  });

  it('goes on when the server has forgotten its scripts', async () => {
    await store.tenants.post(acme, [{ id: eventId('e-1'), body: 1 }]);
    await fixture.redis.script('FLUSH');

    await store.tenants.post(acme, [{ id: eventId('e-2'), body: 1 }]);

    expect((await store.tenants.openTurn(acme, 10)).events).toHaveLength(2);
  });

  it('says that stored state is unreadable instead of guessing', async () => {
    await fixture.redis.set(recordKey(acme, 'a'), '{half');
    const { outbox, effects } = tenantKeys(acme);
    await fixture.redis.zadd(outbox, 1, 'f-1');
    await fixture.redis.hset(effects, 'f-1', '{"schema":2}');

    const reading = store.tenants.readRecords(acme, ['a']);
    const relaying = store.tenants.readOutbox(acme, 1);

    await expect(reading).rejects.toMatchObject({ code: 'GATE_STATE_UNREADABLE' });
    await expect(relaying).rejects.toMatchObject({ code: 'GATE_STATE_UNREADABLE' });
  });

  it('tells our own mistake apart from Redis being away', async () => {
    await fixture.redis.set(tenantKeys(acme).mailbox, 'not a sorted set');

    const posting = store.tenants.post(acme, [{ id: eventId('e-1'), body: 1 }]);

    await expect(posting).rejects.toMatchObject({ code: 'GATE_INVARIANT' });
  });

  it('closes its listening connection with the last listener', async () => {
    const connections = async () =>
      String(await fixture.redis.client('LIST'))
        .trim()
        .split('\n').length;
    const before = await connections();
    const ends = [
      await store.announcements.listen('a', () => undefined),
      await store.announcements.listen('b', () => undefined),
    ];
    const during = await connections();

    for (const end of ends) await end();

    expect(during).toBe(before + 1);
    await vi.waitUntil(async () => (await connections()) === before);
  });

  async function lifetime(key: string): Promise<number> {
    return fixture.redis.pttl(key);
  }
});

/** Within ten seconds below a time to live that was just set. */
function near(milliseconds: number): unknown {
  return expect.toSatisfy(
    (value: number) => value <= milliseconds && value > milliseconds - 10_000,
    `just below ${milliseconds}`,
  );
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

import { effectKey, eventId, tenantId } from '@gatehouse/model';
import type { TenantStore, Timer, TimerStore } from '@gatehouse/ports';
import { expect, it } from 'vitest';

const acme = tenantId('acme');
const other = tenantId('other');

/** The two stores that timers touch. */
export interface TimersUnderTest {
  readonly timers: TimerStore;
  readonly tenants: TenantStore;
}

/** What every TimerStore does. @param open gives an empty one. */
export function timerStoreConformance(open: () => Promise<TimersUnderTest>): void {
  it('posts what is due to the mailboxes, once', async () => {
    const { timers, tenants } = await open();
    await timers.setTimer(timerOf('t-1', 100));
    await timers.setTimer(timerOf('t-2', 200));

    const fired = await timers.fireDueTimers(150, 10);
    const firedAgain = await timers.fireDueTimers(150, 10);

    expect(fired).toEqual(['acme']);
    expect(firedAgain).toEqual([]);
    const { events } = await tenants.openTurn(acme, 10);
    expect(events).toEqual([{ id: 'fired-t-1', body: { list: [] } }]);
    expect(await tenants.tenantsWithWork()).toEqual(['acme']);
  });

  it('names each tenant once, and keeps their timers apart', async () => {
    const { timers, tenants } = await open();
    await timers.setTimer(timerOf('t-1', 100));
    await timers.setTimer(timerOf('t-2', 100));
    await timers.setTimer({ ...timerOf('t-1', 100), tenant: other });

    const fired = await timers.fireDueTimers(100, 10);

    expect([...fired].sort()).toEqual(['acme', 'other']);
    expect((await tenants.openTurn(acme, 10)).events).toHaveLength(2);
    expect((await tenants.openTurn(other, 10)).events).toHaveLength(1);
  });

  it('fires the earliest first and no more than asked for', async () => {
    const { timers, tenants } = await open();
    await timers.setTimer(timerOf('late', 90));
    await timers.setTimer(timerOf('early', 10));

    await timers.fireDueTimers(100, 1);

    expect((await tenants.openTurn(acme, 10)).events.map((e) => e.id)).toEqual(['fired-early']);
    expect(await timers.nextTimerAt()).toBe(90);
  });

  it('moves a timer that is set again', async () => {
    const { timers } = await open();
    await timers.setTimer(timerOf('t-1', 100));

    await timers.setTimer(timerOf('t-1', 300));

    expect(await timers.fireDueTimers(200, 10)).toEqual([]);
    expect(await timers.nextTimerAt()).toBe(300);
  });

  it('forgets a cancelled timer', async () => {
    const { timers } = await open();
    await timers.setTimer(timerOf('t-1', 100));

    await timers.cancelTimer(acme, effectKey('t-1'));

    expect(await timers.nextTimerAt()).toBeNull();
    expect(await timers.fireDueTimers(200, 10)).toEqual([]);
  });

  it('takes keys with any characters', async () => {
    const { timers, tenants } = await open();
    await timers.setTimer(timerOf('a|b:{c} d', 100));

    const fired = await timers.fireDueTimers(100, 10);

    expect(fired).toEqual(['acme']);
    expect((await tenants.openTurn(acme, 10)).events).toHaveLength(1);
  });
}

function timerOf(key: string, dueAt: number): Timer {
  return {
    tenant: acme,
    key: effectKey(key),
    dueAt,
    event: { id: eventId(`fired-${key}`), body: { list: [] } },
  };
}

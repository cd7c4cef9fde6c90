import {
  buildId,
  buildsetId,
  deliveryId,
  effectKey,
  GatehouseError,
  tenantId,
} from '@gatehouse/model';
import type { MessageCatalogue, QueueName, WorkQueue } from '@gatehouse/ports';
import { expect, it, vi } from 'vitest';
import { eventOf, handled, isEmpty, recorder, waitOptions } from './recording-handler.ts';

/** Tries that the queues under test make; their pauses must be short. */
export const conformanceAttemptsMax = 3;

const acme = tenantId('acme');
const turn = { tenant: acme };
const report = { tenant: acme, buildset: buildsetId('bs-1') };

/**
 * What every WorkQueue does.
 * @param open gives empty queues that try {@link conformanceAttemptsMax} times within a second.
 */
export function workQueueConformance(open: () => Promise<WorkQueue>): void {
  deliveryConformance(open);
  sameMessageConformance(open);
  latestConformance(open);
  retryConformance(open);
  giveUpConformance(open);
  stopConformance(open);
}

function deliveryConformance(open: () => Promise<WorkQueue>): void {
  it('delivers a message of every queue as it was sent', async () => {
    const queue = await open();
    const merge = { key: effectKey('f:1'), tenant: acme, buildset: report.buildset };
    const messages: { [Name in QueueName]: MessageCatalogue[Name] } = {
      events: { kind: 'delivery', deliveryId: deliveryId('12345'), event: 'push' },
      turns: turn,
      merges: { ...merge, action: 'build-state' },
      launches: { ...merge, build: buildId('b-1'), attempt: 1, action: 'launch' },
      reports: report,
    };
    const received: object[] = [];
    const names = ['events', 'turns', 'merges', 'launches', 'reports'] as const;

    for (const name of names) {
      await queue.send(name, messages[name]);
      await handled(queue, name, { handle: (message) => received.push({ [name]: message }) });
    }

    await vi.waitUntil(() => received.length === names.length, waitOptions);
    expect(Object.assign({}, ...received)).toEqual(messages);
  });

  it('delivers what was sent before a worker was there', async () => {
    const queue = await open();
    await queue.send('turns', turn);
    const before = await queue.count('turns');
    const seen = recorder();

    await handled(queue, 'turns', seen);

    expect(before).toEqual({ waiting: 1, active: 0, delayed: 0 });
    await seen.times(1);
    await vi.waitUntil(async () => isEmpty(await queue.count('turns')), waitOptions);
  });

  it('delivers a delayed message later, and counts it as delayed', async () => {
    const queue = await open();
    const seen = recorder();
    await handled(queue, 'turns', seen);
    const sentAt = performance.now();

    await queue.send('turns', turn, 300);

    expect(await queue.count('turns')).toEqual({ waiting: 0, active: 0, delayed: 1 });
    await seen.times(1);
    expect(performance.now() - sentAt).toBeGreaterThan(250);
  });
}

function sameMessageConformance(open: () => Promise<WorkQueue>): void {
  it('holds a message with the same id once, while it waits and while it is in hand', async () => {
    const queue = await open();
    const event = eventOf('d-1');
    await queue.send('events', event);
    await queue.send('events', event);
    const waiting = await queue.count('events');
    const seen = recorder({ isHeld: true });
    await handled(queue, 'events', seen);
    await seen.times(1);

    await queue.send('events', event);
    seen.release();

    await vi.waitUntil(async () => isEmpty(await queue.count('events')), waitOptions);
    expect(waiting.waiting).toBe(1);
    expect(seen.contexts).toHaveLength(1);
  });

  it('delivers a message again that is sent again after it was done', async () => {
    const queue = await open();
    const seen = recorder();
    await handled(queue, 'events', seen);
    await queue.send('events', eventOf('d-1'));
    await seen.times(1);
    await vi.waitUntil(async () => isEmpty(await queue.count('events')), waitOptions);

    await queue.send('events', eventOf('d-1'));

    await seen.times(2);
  });

  it('tells ids apart that differ in special characters only', async () => {
    const queue = await open();
    const merge = { tenant: acme, buildset: report.buildset, action: 'build-state' as const };

    for (const key of ['a:b', 'a%3Ab', 'a/b', 'a b', '7', 'ä']) {
      await queue.send('merges', { ...merge, key: effectKey(key) });
    }

    expect((await queue.count('merges')).waiting).toBe(6);
  });
}

function latestConformance(open: () => Promise<WorkQueue>): void {
  it('holds one waiting turn for each tenant', async () => {
    const queue = await open();

    await queue.send('turns', turn);
    await queue.send('turns', turn);
    await queue.send('turns', { tenant: tenantId('other') });

    expect((await queue.count('turns')).waiting).toBe(2);
  });

  it('runs exactly one more turn for any number of sends during an active one', async () => {
    const queue = await open();
    const seen = recorder({ isHeld: true, concurrency: 5 });
    await handled(queue, 'turns', seen);
    await queue.send('turns', turn);
    await seen.times(1);

    await Promise.all([1, 2, 3, 4].map(() => queue.send('turns', turn)));
    const during = await queue.count('turns');
    seen.release();

    await seen.times(2);
    await vi.waitUntil(async () => isEmpty(await queue.count('turns')), waitOptions);
    expect(during.active).toBe(1);
    expect(seen.contexts).toHaveLength(2);
    expect(seen.mostAtOnce).toBe(1);
  });

  it('runs the turns of two tenants side by side', async () => {
    const queue = await open();
    const seen = recorder({ isHeld: true, concurrency: 2 });
    await handled(queue, 'turns', seen);

    await queue.send('turns', turn);
    await queue.send('turns', { tenant: tenantId('other') });

    await seen.times(2);
    expect(seen.mostAtOnce).toBe(2);
    seen.release();
  });

  it('runs one more report after news during an active one that failed', async () => {
    const queue = await open();
    const seen = recorder({ isHeld: true });
    seen.failFirst(1, new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'away'));
    await handled(queue, 'reports', seen);
    await queue.send('reports', report);
    await seen.times(1);

    await queue.send('reports', report);
    seen.release();

    await seen.times(3);
    await vi.waitUntil(async () => isEmpty(await queue.count('reports')), waitOptions);
    expect(seen.contexts).toHaveLength(3);
  });

  it('holds one report for each buildset', async () => {
    const queue = await open();

    await queue.send('reports', report);
    await queue.send('reports', report);
    await queue.send('reports', { ...report, buildset: buildsetId('bs-2') });

    expect((await queue.count('reports')).waiting).toBe(2);
  });
}

function retryConformance(open: () => Promise<WorkQueue>): void {
  it('tries again after a transient error, and tells which try it is', async () => {
    const queue = await open();
    const seen = recorder();
    seen.failFirst(2, new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'away'));
    await handled(queue, 'events', seen);

    await queue.send('events', eventOf('d-1'));

    await seen.times(3);
    await vi.waitUntil(async () => isEmpty(await queue.count('events')), waitOptions);
    expect(seen.contexts.map(({ attempt, isLastAttempt }) => [attempt, isLastAttempt])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(seen.givenUp).toEqual([]);
  });

  it('waits as long as the error asks for', async () => {
    const queue = await open();
    const seen = recorder();
    const asked = { retryAfterMs: 400 };
    seen.failFirst(1, new GatehouseError('GATE_GITHUB_RATE_LIMITED', 'slow down', asked));
    await handled(queue, 'events', seen);
    await queue.send('events', eventOf('d-1'));
    await seen.times(1);
    const failedAt = performance.now();

    await seen.times(2);

    expect(performance.now() - failedAt).toBeGreaterThan(350);
  });

  it('delivers again what asks for it, any number of times, without counting tries', async () => {
    const queue = await open();
    const seen = recorder();
    seen.answerFirst(conformanceAttemptsMax + 2, { againInMs: 5 });
    await handled(queue, 'reports', seen);

    await queue.send('reports', report);

    await seen.times(conformanceAttemptsMax + 3);
    await vi.waitUntil(async () => isEmpty(await queue.count('reports')), waitOptions);
    expect(seen.contexts.every(({ attempt }) => attempt === 1)).toBe(true);
    expect(seen.givenUp).toEqual([]);
  });
}

function giveUpConformance(open: () => Promise<WorkQueue>): void {
  it('gives a message up after its last try, once', async () => {
    const queue = await open();
    const seen = recorder();
    seen.failFirst(conformanceAttemptsMax, new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'away'));
    await handled(queue, 'events', seen);

    await queue.send('events', eventOf('d-1'));

    await vi.waitUntil(() => seen.givenUp.length > 0, waitOptions);
    await vi.waitUntil(async () => isEmpty(await queue.count('events')), waitOptions);
    expect(seen.contexts).toHaveLength(conformanceAttemptsMax);
    expect(seen.givenUp).toEqual([[eventOf('d-1'), 'away']]);
  });

  it('gives a message up at once for an error that no time heals', async () => {
    const queue = await open();
    const seen = recorder();
    seen.failFirst(1, new GatehouseError('GATE_GITHUB_PERMISSION', 'checks: write is missing'));
    await handled(queue, 'reports', seen);

    await queue.send('reports', report);

    await vi.waitUntil(() => seen.givenUp.length > 0, waitOptions);
    expect(seen.contexts).toHaveLength(1);
    expect(seen.givenUp).toEqual([[report, 'checks: write is missing']]);
  });

  it('takes a message again under the id of one that was given up', async () => {
    const queue = await open();
    const seen = recorder();
    seen.failFirst(1, new GatehouseError('GATE_INVARIANT', 'broken'));
    await handled(queue, 'events', seen);
    await queue.send('events', eventOf('d-1'));
    await vi.waitUntil(() => seen.givenUp.length > 0, waitOptions);
    await vi.waitUntil(async () => isEmpty(await queue.count('events')), waitOptions);

    await queue.send('events', eventOf('d-1'));

    await seen.times(2);
  });

  it('keeps a message that could not be given up, and comes back to it', async () => {
    const queue = await open();
    const seen = recorder();
    seen.failFirst(2, new GatehouseError('GATE_INVARIANT', 'broken'));
    seen.failGivingUp(1);
    await handled(queue, 'events', seen);

    await queue.send('events', eventOf('d-1'));

    await vi.waitUntil(() => seen.givenUp.length > 0, waitOptions);
    expect(seen.contexts).toHaveLength(2);
  });
}

function stopConformance(open: () => Promise<WorkQueue>): void {
  it('finishes what is in hand when it stops, and takes nothing new', async () => {
    const queue = await open();
    const seen = recorder({ isHeld: true });
    const worker = await handled(queue, 'events', seen);
    await queue.send('events', eventOf('d-1'));
    await seen.times(1);
    await queue.send('events', eventOf('d-2'));

    const stopping = worker.stop();
    const isRunningWhileStopping = worker.isRunning;
    seen.release();
    await stopping;

    expect(isRunningWhileStopping).toBe(false);
    expect(seen.contexts).toHaveLength(1);
    expect(await queue.count('events')).toEqual({ waiting: 1, active: 0, delayed: 0 });
  });

  it('is running between start and stop', async () => {
    const queue = await open();
    const worker = queue.work('events', recorder());
    const before = worker.isRunning;

    await worker.start();
    const between = worker.isRunning;
    await worker.stop();
    await worker.stop();

    expect([before, between, worker.isRunning]).toEqual([false, true, false]);
  });
}

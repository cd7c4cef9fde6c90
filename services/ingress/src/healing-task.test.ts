import { deliveryId, GatehouseError } from '@gatehouse/model';
import type { DeliveryLog, FailedDelivery, MessageCatalogue } from '@gatehouse/ports';
import { fakeClock, type MemoryStore, memoryStore, recordingLog } from '@gatehouse/testkit';
import { afterEach, expect, test, vi } from 'vitest';
import { createHealingTask, type HealingTask } from './healing-task.ts';
import type { Wait } from './look.ts';

const HOUR = 60 * 60_000;
const tasks: HealingTask[] = [];
afterEach(async () => {
  for (const task of tasks.splice(0)) await task.stop();
});

/** A pause of the task; `end` lets its time pass. */
interface Pause {
  readonly delayMs: number;
  end(): void;
}

function harness(store: MemoryStore = memoryStore()) {
  const clock = fakeClock();
  const log = recordingLog();
  const pauses: Pause[] = [];
  const waiting: ((pause: Pause) => void)[] = [];
  const wait: Wait = (delayMs, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener('abort', () => reject(signal.reason));
      const end = () => {
        clock.advance(delayMs);
        resolve();
      };
      const waiter = waiting.shift();
      if (waiter === undefined) pauses.push({ delayMs, end });
      else waiter({ delayMs, end });
    });
  const failures: FailedDelivery[] = [];
  const sinces: number[] = [];
  const redelivered: (string | number)[] = [];
  const queued: MessageCatalogue['events'][] = [];
  const outcomes: string[] = [];
  const github: DeliveryLog = {
    async *listFailed(since) {
      sinces.push(since);
      const listed = failures.filter((failure) => failure.deliveredAt >= since);
      for (let start = 0; start < listed.length; start += 100) {
        yield listed.slice(start, start + 100);
      }
    },
    // What is sent again comes in, and is no longer listed as failed.
    redeliver: async (attemptId) => {
      redelivered.push(attemptId);
      const index = failures.findIndex((failure) => failure.attemptId === attemptId);
      if (index !== -1) failures.splice(index, 1);
    },
  };

  function startTask(processId = 'one'): HealingTask {
    const task = createHealingTask({
      deliveries: store.deliveries,
      notes: store.notes,
      queue: {
        send: async (_queue, message) => {
          if ('kind' in message) queued.push(message);
        },
      },
      deliveryLog: {
        listFailed: (since) => github.listFailed(since),
        redeliver: (id) => github.redeliver(id),
      },
      clock,
      log,
      wait,
      processId,
      metrics: {
        healingRound: (outcome) => outcomes.push(outcome),
        redeliveryRequested: () => undefined,
      },
    });
    tasks.push(task);
    task.start();
    return task;
  }

  /** The next pause that the task makes. */
  function nextPause(): Promise<Pause> {
    const pause = pauses.shift();
    return pause === undefined
      ? new Promise((resolve) => waiting.push(resolve))
      : Promise.resolve(pause);
  }

  /** Adds failures, newest first, a minute apart. */
  function fail(count: number, agoMs = 60_000): void {
    const first = failures.length;
    for (let index = 0; index < count; index += 1) {
      failures.push({
        attemptId: `a-${first + index}`,
        deliveryId: `d-${first + index}`,
        event: 'push',
        deliveredAt: clock.now() - agoMs - index,
      });
    }
  }

  return {
    ...{ clock, log, store, github, failures, sinces, redelivered, queued, outcomes, pauses },
    ...{ startTask, nextPause, fail },
  };
}

test('at the start, what failed in the last three days is asked for, newest first', async () => {
  const { startTask, nextPause, fail, redelivered, sinces, clock, log } = harness();
  fail(3);
  fail(1, 4 * 24 * HOUR);
  const startedAt = clock.now();

  startTask();
  const pause = await nextPause();

  expect(redelivered).toEqual(['a-0', 'a-1', 'a-2']);
  expect(sinces).toEqual([startedAt - 3 * 24 * HOUR]);
  expect(pause.delayMs).toBe(5 * 60_000);
  expect(log.lines.filter(({ message }) => message === 'Redelivery requested')).toHaveLength(3);
  expect(log.lines.at(-1)).toMatchObject({ level: 'info', fields: { asked: 3, pages: 1 } });
});

test('later looks reach back to the last complete one and an hour more', async () => {
  const { startTask, nextPause, fail, redelivered, sinces, clock } = harness();
  const startedAt = clock.now();
  startTask();
  const pause = await nextPause();
  fail(1, 0);

  pause.end();
  await nextPause();

  expect(sinces[1]).toBe(startedAt - HOUR);
  expect(redelivered).toEqual(['a-0']);
});

test('a delivery that was worked on is not asked for', async () => {
  const { startTask, nextPause, fail, redelivered, queued, store } = harness();
  fail(1);
  const id = deliveryId('d-0');
  const body = Buffer.from('{}');
  await store.deliveries.claimDelivery({ deliveryId: id, event: 'push', body, receivedAt: 1 });
  await store.deliveries.finishDelivery(id, 'done');

  startTask();
  await nextPause();

  expect(redelivered).toEqual([]);
  expect(queued).toEqual([]);
});

test('a delivery that was stored and answered with an error is queued from here', async () => {
  const { startTask, nextPause, fail, redelivered, queued, store } = harness();
  fail(1);
  const body = Buffer.from('{}');
  await store.deliveries.claimDelivery({
    ...{ deliveryId: deliveryId('d-0'), event: 'push', body, receivedAt: 1 },
  });

  startTask();
  await nextPause();

  expect(queued).toEqual([{ kind: 'delivery', deliveryId: 'd-0', event: 'push' }]);
  expect(redelivered).toEqual([]);
});

test('a thousand are asked for without a pause, the pages beyond them at a pace', async () => {
  const { startTask, nextPause, fail, redelivered } = harness();
  fail(1050);

  startTask();
  const first = await nextPause();

  expect(redelivered).toHaveLength(1000);
  expect(first.delayMs).toBe(1000);
  first.end();
  const second = await nextPause();
  expect(redelivered).toHaveLength(1001);
  expect(second.delayMs).toBe(700);
});

test('while a long list is worked on, what fails meanwhile does not wait for its end', async () => {
  const { startTask, nextPause, fail, failures, redelivered, clock } = harness();
  fail(1200, 2 * HOUR);
  startTask();
  const pause = await nextPause();
  failures.unshift({
    ...{ attemptId: 'fresh', deliveryId: 'd-fresh', event: 'push', deliveredAt: clock.now() },
  });

  clock.advance(5 * 60_000);
  pause.end();
  await nextPause();

  expect(redelivered).toContain('fresh');
  expect(redelivered.length).toBeLessThan(1010);
});

test('what fails again is asked for again later and later, and not for ever', async () => {
  const { startTask, nextPause, fail, failures, redelivered, clock, log } = harness();
  fail(1);
  startTask();

  const askedAt: number[] = [];
  const startedAt = clock.now();
  for (let looks = 0; looks < 900; looks += 1) {
    const pause = await nextPause();
    if (redelivered.length > askedAt.length) askedAt.push((clock.now() - startedAt) / 60_000);
    failures.splice(0, 1, {
      ...{ attemptId: `again-${looks}`, deliveryId: 'd-0', event: 'push' },
      deliveredAt: clock.now(),
    });
    pause.end();
  }

  expect(askedAt).toEqual([0, 5, 20, 80, 440, 1880]);
  expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
    { message: 'Redelivery requested for the last time', fields: { delivery_id: 'd-0' } },
  ]);
});

test('an outage is reported and tried again soon, from the same point', async () => {
  const { startTask, nextPause, fail, redelivered, github, outcomes, log } = harness();
  fail(1);
  const { redeliver } = github;
  github.redeliver = () =>
    Promise.reject(new GatehouseError('GATE_GITHUB_UNAVAILABLE', 'GitHub answers 502'));

  startTask();
  const first = await nextPause();
  first.end();
  const second = await nextPause();
  github.redeliver = redeliver;
  second.end();
  await nextPause();

  expect([first.delayMs, second.delayMs]).toEqual([5000, 10_000]);
  expect(outcomes).toEqual(['failed', 'failed', 'complete']);
  expect(redelivered).toEqual(['a-0']);
  expect(log.lines[0]).toMatchObject({
    level: 'warn',
    message: 'Failed deliveries could not be looked through',
  });
});

test("GitHub's wish to be left alone is followed", async () => {
  const { startTask, nextPause, fail, github } = harness();
  fail(1);
  github.redeliver = () =>
    Promise.reject(
      new GatehouseError('GATE_GITHUB_RATE_LIMITED', 'slow down', { retryAfterMs: 90_000 }),
    );

  startTask();
  const pause = await nextPause();

  expect(pause.delayMs).toBe(90_000);
});

test('a missing permission is an error for whoever runs the service', async () => {
  const { startTask, nextPause, github, log } = harness();
  github.listFailed = () => {
    throw new GatehouseError('GATE_GITHUB_PERMISSION', 'not allowed to list deliveries');
  };

  startTask();
  await nextPause();

  expect(log.lines).toMatchObject([{ level: 'error' }]);
});

test('one delivery that GitHub refuses to send does not keep the others back', async () => {
  const { startTask, nextPause, fail, github, redelivered, outcomes } = harness();
  fail(3);
  const { redeliver } = github;
  github.redeliver = (attemptId) =>
    attemptId === 'a-1'
      ? Promise.reject(new GatehouseError('GATE_GITHUB_NOT_FOUND', 'too old'))
      : redeliver(attemptId);

  startTask();
  await nextPause();

  expect(redelivered).toEqual(['a-0', 'a-2']);
  expect(outcomes).toEqual(['complete']);
});

test('while one process looks, another waits for the end of its lease', async () => {
  const one = harness();
  const { promise, resolve } = Promise.withResolvers<void>();
  one.fail(1);
  one.github.redeliver = () => promise;
  one.startTask('one');
  await vi.waitFor(() => expect(one.sinces).toHaveLength(1));
  const two = harness(one.store);

  two.startTask('two');
  const pause = await two.nextPause();

  expect(two.outcomes).toEqual(['elsewhere']);
  expect(two.sinces).toEqual([]);
  expect(pause.delayMs).toBe(20_000);
  resolve();
});

test('a process that starts after a crash looks within a minute', async () => {
  const one = harness();
  one.fail(1);
  one.github.redeliver = () => new Promise(() => undefined);
  one.startTask('crashed');
  await vi.waitFor(() => expect(one.sinces).toHaveLength(1));
  const two = harness(one.store);
  two.fail(2);

  two.startTask('successor');
  const pause = await two.nextPause();
  pause.end();
  await two.nextPause();

  expect(pause.delayMs).toBeLessThan(60_000);
  expect(two.redelivered).toEqual(['a-1']);
});

test('of several processes one looks per interval', async () => {
  const one = harness();
  const two = harness(one.store);
  one.startTask('one');
  const pauseOfOne = await one.nextPause();
  two.startTask('two');
  const pauseOfTwo = await two.nextPause();

  pauseOfTwo.end();
  await two.nextPause();
  pauseOfOne.end();
  await one.nextPause();

  expect(two.outcomes).toEqual(['complete', 'complete']);
  expect(one.outcomes).toEqual(['complete', 'elsewhere']);
});

test('stopping interrupts a look that waits for GitHub, and starting again goes on', async () => {
  const { startTask, nextPause, fail, github, redelivered, outcomes } = harness();
  fail(1);
  const { redeliver } = github;
  const asked = Promise.withResolvers<void>();
  github.redeliver = () => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  const task = startTask();
  await asked.promise;

  await task.stop();
  github.redeliver = redeliver;
  task.start();
  const pause = await nextPause();
  pause.end();
  await nextPause();

  expect(outcomes[0]).toBe('interrupted');
  expect(task.isRunning).toBe(true);
  expect(redelivered).toEqual(['a-0']);
});

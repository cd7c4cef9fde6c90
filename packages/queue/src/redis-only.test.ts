/** What the queues do with Redis that no other queue could be held to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildsetId, deliveryId, tenantId } from '@gatehouse/model';
import type { MessageContext, WorkOptions } from '@gatehouse/ports';
import { type IsolatedRedis, isolatedRedis, quietLog, recordingLog } from '@gatehouse/testkit';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorkQueue, type OpenWorkQueue, type WorkQueueDeps } from './work-queue.ts';

const acme = tenantId('acme');
const turn = { tenant: acme };
const event = { kind: 'delivery' as const, deliveryId: deliveryId('d-1'), event: 'push' };
const waitOptions = { timeout: 15_000, interval: 10 };
/** A request has to fail within about this long. */
const patienceMs = 6_000;

describe('the work queue on Redis', () => {
  let fixture: IsolatedRedis;
  const opened: OpenWorkQueue[] = [];
  beforeEach(async () => {
    fixture = await isolatedRedis();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
    await fixture[Symbol.asyncDispose]();
  });
  const open = (deps: Partial<WorkQueueDeps> = {}): OpenWorkQueue => {
    const queue = createWorkQueue({ redis: fixture.redis, log: quietLog, ...deps });
    opened.push(queue);
    return queue;
  };

  it('refuses a message within seconds while Redis is away, and takes it when it is back', async () => {
    const queue = open();
    await queue.send('events', event);
    await fixture.goAway();
    const started = performance.now();

    const refused = queue.send('turns', turn);

    await expect(refused).rejects.toMatchObject({ code: 'GATE_REDIS_UNAVAILABLE' });
    expect(performance.now() - started).toBeLessThan(patienceMs);
    await fixture.comeBack();
    await vi.waitUntil(() => isTaken(queue.send('turns', turn)), waitOptions);
    expect((await queue.count('events')).waiting).toBe(1);
  });

  it('refuses the very first message too while Redis is away', async () => {
    await fixture.goAway();

    const refused = open().send('events', event);

    await expect(refused).rejects.toMatchObject({ code: 'GATE_REDIS_UNAVAILABLE' });
  });

  it('goes on working by itself when Redis was away', async () => {
    const queue = open();
    const { options, contexts } = recorder();
    await queue.work('turns', options).start();
    await queue.send('turns', turn);
    await vi.waitUntil(() => contexts.length === 1, waitOptions);

    await fixture.goAway();
    await fixture.comeBack();
    await vi.waitUntil(() => isTaken(queue.send('turns', turn)), waitOptions);

    await vi.waitUntil(() => contexts.length >= 2, waitOptions);
  });

  it('finishes a message that was in hand while Redis was away', async () => {
    const queue = open({ tuning: { lockMs: 60_000 } });
    const { options, contexts, release } = recorder({ isHeld: true });
    await queue.work('turns', options).start();
    await queue.send('turns', turn);
    await vi.waitUntil(() => contexts.length === 1, waitOptions);

    await fixture.goAway();
    release();
    await fixture.comeBack();

    await vi.waitUntil(() => isDone(queue, 'turns'), waitOptions);
    expect(contexts).toHaveLength(1);
  });

  it('stops while Redis is away', async () => {
    const queue = open({ tuning: { farewellMs: 100 } });
    const { options, contexts, release } = recorder({ isHeld: true });
    const worker = queue.work('turns', options);
    await worker.start();
    await queue.send('turns', turn);
    await vi.waitUntil(() => contexts.length === 1, waitOptions);
    await fixture.goAway();

    const stopping = worker.stop();
    release();
    await stopping;

    expect(worker.isRunning).toBe(false);
    await queue.close();
  });

  it('hands a message of a dead process to another worker', async () => {
    await using dead = await workInOtherProcess(fixture);
    dead.child.kill('SIGKILL');
    const log = recordingLog();
    const queue = open({ log, tuning: { lockMs: 2_000, stalledEveryMs: 100 } });
    const { options, contexts } = recorder();

    await queue.work('turns', options).start();

    await vi.waitUntil(() => contexts.length === 1, waitOptions);
    expect(contexts[0]?.attempt).toBe(1);
    expect(log.lines.map((line) => line.message)).toContain('a message was left by its worker');
  });

  it('keeps a message in hand for as long as the work takes', async () => {
    // A second between renewals: a busy machine may well lose a tenth of one.
    const queue = open({ tuning: { lockMs: 2_000, stalledEveryMs: 50 } });
    const { options, contexts, release } = recorder({ isHeld: true });
    await queue.work('turns', { ...options, concurrency: 2 }).start();
    await queue.send('turns', turn);
    await vi.waitUntil(() => contexts.length === 1, waitOptions);
    const renewals = await lockRenewals(fixture, 3);

    release();

    await vi.waitUntil(() => isDone(queue, 'turns'), waitOptions);
    expect(renewals).toBeGreaterThanOrEqual(3);
    expect(contexts).toHaveLength(1);
    expect(contexts[0]?.signal.aborted).toBe(false);
  });

  it('asks work to end when the grace of a stop is over, and leaves its message', async () => {
    const queue = open({ tuning: { stopGraceMs: 50 } });
    const contexts: MessageContext[] = [];
    const worker = queue.work('turns', {
      concurrency: 1,
      handle: (_message, context) => {
        contexts.push(context);
        return new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => reject(new Error('cut short')));
        });
      },
      onExhausted: () => Promise.reject(new Error('never')),
    });
    await worker.start();
    await queue.send('turns', turn);
    await vi.waitUntil(() => contexts.length === 1, waitOptions);

    await worker.stop();

    const count = await queue.count('turns');
    expect(count.waiting + count.delayed).toBe(1);
    const next = recorder();
    await open().work('turns', next.options).start();
    await vi.waitUntil(() => next.contexts.length === 1, waitOptions);
    expect(next.contexts[0]?.attempt).toBe(1);
  });

  it('gives a message that comes in hand during the stop its grace too', async () => {
    const queue = open({ tuning: { stopGraceMs: 1_000, farewellMs: 50 } });
    const first = Promise.withResolvers<void>();
    const contexts: MessageContext[] = [];
    const worker = queue.work('events', {
      concurrency: 1,
      handle: async (_message, context) => {
        contexts.push(context);
        if (contexts.length === 1) await first.promise;
        else await once(context.signal, 'abort');
        if (context.signal.aborted) throw new Error('cut short');
        return 'done';
      },
      onExhausted: () => Promise.reject(new Error('never')),
    });
    await queue.send('events', event);
    await queue.send('events', { ...event, deliveryId: deliveryId('d-2') });
    await worker.start();
    await vi.waitUntil(() => contexts.length === 1, waitOptions);

    first.resolve();
    // The end of the first message is on its way to Redis, with the request for the next.
    await nextTurn();
    await worker.stop();

    expect(contexts).toHaveLength(2);
    expect(contexts[1]?.signal.aborted).toBe(true);
    expect((await queue.count('events')).active).toBe(0);
  });

  it('shows a message it cannot read and keeps it among the failed', async () => {
    const log = recordingLog();
    const queue = open({ log });
    const { options, contexts } = recorder();
    await using raw = disposable(
      new Queue('turns', { connection: fixture.redis, prefix: 'gatehouse:queue' }),
    );
    await raw.queue.add('turns', { schema: 9, message: 'from the future' });

    await queue.work('turns', options).start();

    await vi.waitUntil(async () => (await raw.queue.getFailedCount()) === 1, waitOptions);
    expect(contexts).toEqual([]);
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'fatal',
        fields: expect.objectContaining({ code: 'GATE_MESSAGE_UNREADABLE', queue: 'turns' }),
      }),
    );
  });

  it('ends a turn’s pause when there is news, and a report’s not', async () => {
    const queue = open();
    const report = { tenant: acme, buildset: buildsetId('bs-1') };
    await queue.send('turns', turn, 60_000);
    await queue.send('reports', report, 60_000);

    await queue.send('turns', turn);
    await queue.send('reports', report);

    const { options, contexts } = recorder();
    await queue.work('turns', options).start();
    await vi.waitUntil(() => contexts.length === 1, waitOptions);
    expect(await queue.count('reports')).toEqual({ waiting: 0, active: 0, delayed: 1 });
  });

  it('leaves neither messages nor connections behind', async () => {
    const before = await connections(fixture);
    const queue = createWorkQueue({ redis: fixture.redis, log: quietLog });
    const { options, contexts } = recorder();
    await queue.work('turns', options).start();
    await queue.work('events', options).start();
    await queue.send('turns', turn);
    await queue.send('events', event);
    await vi.waitUntil(() => contexts.length === 2, waitOptions);
    await vi.waitUntil(async () => await isDone(queue, 'events'), waitOptions);

    await queue.close();

    await vi.waitUntil(async () => (await connections(fixture)) === before, waitOptions);
    const left = (await fixture.redis.keys('gatehouse:queue:*')).map((key) => key.split(':')[3]);
    expect([...new Set(left)].sort()).toEqual(['events', 'id', 'meta', 'stalled-check'].sort());
    expect(fixture.redis.listenerCount('error')).toBe(1);
  });
});

function recorder({ isHeld = false } = {}) {
  const contexts: MessageContext[] = [];
  const gate = Promise.withResolvers<void>();
  if (!isHeld) gate.resolve();
  const options = {
    concurrency: 1,
    handle: async (_message: object, context: MessageContext) => {
      contexts.push(context);
      await gate.promise;
      return 'done' as const;
    },
    onExhausted: () => Promise.reject(new Error('nothing is given up here')),
  } satisfies WorkOptions<'turns'> & WorkOptions<'events'>;
  return { contexts, options, release: gate.resolve };
}

async function isDone(queue: OpenWorkQueue, name: 'turns' | 'events'): Promise<boolean> {
  const { waiting, active, delayed } = await queue.count(name);
  return waiting + active + delayed === 0;
}

function isTaken(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false, // still away
  );
}

async function connections(fixture: IsolatedRedis): Promise<number> {
  return String(await fixture.redis.client('LIST'))
    .trim()
    .split('\n').length;
}

/** Resolves when locks were renewed this often; they are the calls of one script. */
async function lockRenewals(fixture: IsolatedRedis, count: number): Promise<number> {
  const lock = async () => fixture.redis.pttl((await lockKeys(fixture))[0] ?? '');
  let renewals = 0;
  let last = await lock();
  await vi.waitUntil(
    async () => {
      const now = await lock();
      if (now > last) renewals += 1;
      last = now;
      return renewals >= count;
    },
    { timeout: 15_000, interval: 2 },
  );
  return renewals;
}

function lockKeys(fixture: IsolatedRedis): Promise<string[]> {
  return fixture.redis.keys('gatehouse:queue:turns:*:lock');
}

/** A process that has taken a turn and holds it. */
async function workInOtherProcess(fixture: IsolatedRedis) {
  const code = `
    const { createWorkQueue } = await import(${JSON.stringify(resolve(import.meta.dirname, 'work-queue.ts'))});
    const { connectRedis } = await import(${JSON.stringify(resolve(import.meta.dirname, '../../store/src/index.ts'))});
    const log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {}, child: () => log };
    const redis = await connectRedis(JSON.parse(process.argv[1]), log);
    const queue = createWorkQueue({ redis, log, tuning: { lockMs: 300, stalledEveryMs: 100 } });
    const handle = () => new Promise(() => console.log('taken'));
    await queue.work('turns', { concurrency: 1, handle, onExhausted: async () => {} }).start();
    await queue.send('turns', { tenant: 'acme' });
  `;
  const words = ['--input-type=module', '-e', code, JSON.stringify(fixture.address)];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    child,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
    },
  };
}

function disposable(queue: Queue) {
  return { queue, [Symbol.asyncDispose]: () => queue.close() };
}

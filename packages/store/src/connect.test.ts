import { createServer } from 'node:net';
import { eventId, tenantId } from '@gatehouse/model';
import { isolatedRedis, quietLog, recordingLog } from '@gatehouse/testkit';
import { describe, expect, it, vi } from 'vitest';
import { commandTimeoutMs, connectRedis, describeAddress } from './connect.ts';
import { createStore } from './create-store.ts';

const acme = tenantId('acme');
/** A request has to fail within about this long; a slow machine gets a second more. */
const patienceMs = commandTimeoutMs + 1_000;

describe('the connection to Redis', () => {
  it('fails a request with one clear error while Redis is away, and recovers by itself', async () => {
    await using fixture = await isolatedRedis();
    const store = createStore(fixture.redis, quietLog);
    await store.tenants.post(acme, [{ id: eventId('before'), body: 1 }]);
    await fixture.goAway();

    const started = performance.now();
    const failing = store.tenants.post(acme, [{ id: eventId('during'), body: 1 }]);

    await expect(failing).rejects.toMatchObject({
      code: 'GATE_REDIS_UNAVAILABLE',
      kind: 'transient',
    });
    expect(performance.now() - started).toBeLessThan(patienceMs);
    await fixture.comeBack();
    await vi.waitUntil(
      () => isTaken(store.tenants.post(acme, [{ id: eventId('after'), body: 1 }])),
      {
        timeout: 15_000,
      },
    );
    const ids = (await store.tenants.openTurn(acme, 10)).events.map((event) => event.id);
    expect(ids).toEqual(['before', 'after']);
  });

  it('fails a request in time when Redis hangs', async () => {
    await using fixture = await isolatedRedis();
    const store = createStore(fixture.redis, quietLog);
    await fixture.redis.client('PAUSE', 60_000, 'ALL');

    const started = performance.now();
    const failing = store.tenants.tenants();

    await expect(failing).rejects.toMatchObject({ code: 'GATE_REDIS_UNAVAILABLE' });
    expect(performance.now() - started).toBeLessThan(patienceMs);
  });

  it('goes on hearing announcements after Redis was away', async () => {
    await using fixture = await isolatedRedis();
    const { announcements } = createStore(fixture.redis, quietLog);
    const heard: unknown[] = [];
    const end = await announcements.listen('moved', (message) => heard.push(message));

    await fixture.goAway();
    await fixture.comeBack();

    await vi.waitUntil(
      async () => {
        await isTaken(announcements.announce('moved', 'again'));
        return heard.length > 0;
      },
      { timeout: 15_000 },
    );
    await end();
  });

  it('says at once that nobody listens, without the password', async () => {
    const url = 'redis://someone:secret-word@127.0.0.1:1/0';

    const connecting = connectRedis({ url }, quietLog);

    await expect(connecting).rejects.toThrow('Redis does not answer at redis://127.0.0.1:1/0');
    await expect(connecting).rejects.not.toThrow('secret-word');
  });

  it('gives up on a server that takes the connection and never answers', async () => {
    const silent = createServer();
    const listening = Promise.withResolvers<void>();
    silent.listen({ port: 0, host: '127.0.0.1' }, listening.resolve);
    await listening.promise;
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;

    const connecting = connectRedis({ url: `redis://127.0.0.1:${port}` }, quietLog);

    await expect(connecting).rejects.toMatchObject({ code: 'GATE_REDIS_UNAVAILABLE' });
    silent.close();
  });

  it('logs once when Redis goes and once when it is back', async () => {
    await using fixture = await isolatedRedis();
    const log = recordingLog();
    const redis = await connectRedis(fixture.address, log);

    await fixture.goAway();
    await vi.waitUntil(() => log.lines.length > 0, { timeout: 15_000 });
    await fixture.comeBack();
    await vi.waitUntil(() => log.lines.some((line) => line.level === 'info'), { timeout: 15_000 });

    expect(log.lines.map((line) => line.message)).toEqual([
      'Redis does not answer',
      'Redis answers again',
    ]);
    redis.disconnect();
  });

  it('describes an address that is no URL without repeating it', () => {
    expect(describeAddress({ url: 'secret' })).toBe('an address that is no URL');
    expect(describeAddress({ socketPath: '/run/redis.sock' })).toBe('/run/redis.sock');
  });
});

async function isTaken(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false, // still away
  );
}

import { buildId, buildsetId, tenantId } from '@gatehouse/model';
import { createStore } from '@gatehouse/store';
import { fakeClock, quietLog, redisForTests } from '@gatehouse/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { START } from '../testing/items.ts';
import { webUnderTest } from '../testing/web-under-test.ts';
import { hashToken } from './report-hash.ts';

test('over sockets and a real Redis a build is reported from its start to its end', async () => {
  const { report, store } = await start();
  await openAttempt(store, 1);
  const results = [
    await report('started', 1, {}),
    await report('result', 1, { result: 'RETRY' }),
    await report('result', 1, { result: 'RETRY' }),
    await report('result', 1, { result: 'SUCCESS' }),
  ];
  await openAttempt(store, 2);
  results.push(
    await report('result', 1, { result: 'SUCCESS' }),
    await report('result', 2, { result: 'SUCCESS' }),
    await report('result', 3, { result: 'SUCCESS' }),
  );

  expect(results).toEqual([200, 200, 200, 409, 409, 200, 401]);
  const { events } = await store.tenants.openTurn(tenantId('acme'), 10);
  expect(events.map((event) => event.id.replace(/started\/.*/, 'started'))).toEqual([
    'run-1.0/1/started',
    'run-1.0/1/completed',
    'run-1.0/2/completed',
  ]);
});

test('413: a client that sends too much hears so', async () => {
  const { report, store } = await start();
  await openAttempt(store, 1);

  const status = await report('result', 1, { result: 'SUCCESS', data: 'x'.repeat(1_100_000) });

  expect(status).toBe(413);
});

async function start() {
  const redis = await redisForTests();
  onTestFinished(() => redis[Symbol.asyncDispose]());
  const store = createStore(redis.redis, quietLog);
  const web = await webUnderTest({ store, clock: fakeClock(START), log: quietLog });
  onTestFinished(() => web[Symbol.asyncDispose]());
  const address = await web.app.listen({ port: 0, host: '127.0.0.1' });
  const report = async (kind: string, attempt: number, body: object): Promise<number> => {
    const answer = await fetch(`${address}/api/v1/builds/run-1.0/${kind}`, {
      method: 'POST',
      headers: { authorization: `Bearer token-${attempt}` },
      body: JSON.stringify(body),
    });
    await answer.text();
    return answer.status;
  };
  return { report, store };
}

async function openAttempt(
  { builds }: Pick<ReturnType<typeof createStore>, 'builds'>,
  attempt: number,
): Promise<void> {
  await builds.openAttempt({
    build: buildId('run-1.0'),
    buildset: buildsetId('run-1'),
    tenant: tenantId('acme'),
    attempt,
    tokenHash: hashToken(`token-${attempt}`),
  });
}

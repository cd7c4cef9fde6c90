import { GatehouseError } from '@gatehouse/model';
import { fakeClock, memoryStore, recordingLog } from '@gatehouse/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { START } from '../testing/items.ts';
import { ADMIN_TOKEN, type Overrides, webUnderTest } from '../testing/web-under-test.ts';

test('it lives', async () => {
  const { web } = await start();

  const answer = await web.app.inject('/healthz');

  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
});

test('ready is 200', async () => {
  const { web } = await start();

  const answer = await web.app.inject('/readyz');

  expect([answer.statusCode, answer.json()]).toEqual([200, { ready: true, reasons: [] }]);
});

test('not ready is 503 with the reasons', async () => {
  const reasons = ['Redis does not answer.'];
  const { web } = await start({ readiness: async () => ({ ready: false, reasons }) });

  const answer = await web.app.inject('/readyz');

  expect([answer.statusCode, answer.json()]).toEqual([503, { ready: false, reasons }]);
});

test('a probe that breaks is 503 and says no more than the kind of trouble', async () => {
  const { web, log } = await start({
    readiness: () => Promise.reject(new Error('redis://user:secret@host')),
  });

  const answer = await web.app.inject('/readyz');

  expect(answer.statusCode).toBe(503);
  expect(answer.body).not.toContain('secret');
  expect(log.lines).toMatchObject([{ level: 'warn' }]);
});

test('metrics are text in the format they name', async () => {
  const { web } = await start();

  const answer = await web.app.inject('/metrics');

  expect(answer.headers['content-type']).toContain('version=0.0.4');
  expect(answer.body).toBe('up 1\n');
});

test('while Redis is away an API says that, for how long, and nothing else', async () => {
  const { web, log } = await start({
    queue: {
      send: () => Promise.reject(away),
      count: () => Promise.reject(away),
      work: () => {
        throw away;
      },
    },
  });

  const answer = await web.app.inject('/api/v1/status');

  expect(answer.statusCode).toBe(503);
  expect(answer.headers['retry-after']).toBe('5');
  expect(answer.json().error.code).toBe('unavailable');
  expect(answer.body).not.toContain('10.1.2.3');
  expect(log.lines).toMatchObject([{ level: 'warn' }]);
});

test('a mistake of ours is a page with an id to quote, and a fatal line in the log', async () => {
  const { web, log } = await start({
    tenants: {
      ...memoryStore().tenants,
      tenantOfBuildset: () => Promise.reject(new Error('oops inside')),
    },
  });

  const page = await web.app.inject({
    url: '/buildsets/run-1',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });

  expect(page.statusCode).toBe(500);
  expect(page.body).toMatch(/Quote request \S+ when you ask/);
  expect(page.body).not.toContain('oops');
  expect(log.lines).toMatchObject([{ level: 'fatal' }]);
});

const away = new GatehouseError('GATE_REDIS_UNAVAILABLE', 'connect ECONNREFUSED 10.1.2.3');

async function start(overrides: Overrides = {}) {
  const log = recordingLog();
  const web = await webUnderTest({ store: memoryStore(), clock: fakeClock(START), log }, overrides);
  onTestFinished(() => web[Symbol.asyncDispose]());
  return { web, log };
}

import type { FailedDelivery } from '@gatehouse/ports';
import { quietLog } from '@gatehouse/testkit';
import { expect, test } from 'vitest';
import { type LookDeps, look } from './look.ts';

const failed: FailedDelivery = {
  attemptId: '1',
  deliveryId: 'd-1',
  event: 'push',
  deliveredAt: 0,
};

test.each([
  ['before a page', 'page'],
  ['before a delivery', 'delivery'],
])('a stop %s begins nothing that nobody would wait for', async (_when, at) => {
  const stop = new AbortController();
  const begun: string[] = [];
  let asked = 0;
  const deps: LookDeps = {
    deliveryLog: {
      async *listFailed() {
        begun.push('page');
        yield [failed];
      },
    },
    heal: () => {
      begun.push('delivery');
      return Promise.reject(new Error('Redis is closed by now'));
    },
    wait: () => Promise.resolve(),
    clock: { now: () => 0 },
    log: quietLog,
    onProgress: async () => {
      asked += 1;
      // The first call is for the page, the second for its delivery.
      if (asked === 2) stop.abort();
    },
  };
  if (at === 'page') stop.abort();

  const looking = look(deps, { since: 0, pagesMax: null, signal: stop.signal });

  await expect(looking).rejects.toThrow('aborted');
  expect(begun).toEqual(at === 'page' ? [] : ['page']);
});

import type { FailedDelivery } from '@gatehouse/ports';
import { expect, test } from 'vitest';
import { createHarness } from './test/harness.ts';
import { type StubGitHub, startStubGitHub } from './test/stub-github.ts';

const list = 'GET /app/hook/deliveries';

interface Row {
  readonly id: number | string;
  readonly guid: string;
  readonly minute: number;
  readonly isOk?: boolean;
  readonly isAgain?: boolean;
}

function minutes(minute: number): number {
  return Date.UTC(2026, 10, 21, 12, minute);
}

/** JSON by hand, because ids have more digits than a number holds. */
function rows(...list: readonly Row[]): string {
  const text = list.map((row) =>
    JSON.stringify({
      guid: row.guid,
      delivered_at: new Date(minutes(row.minute)).toISOString(),
      redelivery: row.isAgain ?? false,
      duration: 0.1,
      status: row.isOk === true ? 'OK' : 'Service Timeout',
      status_code: row.isOk === true ? 202 : 504,
      event: 'push',
      action: null,
      installation_id: 11,
      repository_id: 77,
    }).replace('{', `{"id":${row.id},`),
  );
  return `[${text.join(',')}]`;
}

async function failedSince(stub: StubGitHub, since: number): Promise<FailedDelivery[][]> {
  const pages: FailedDelivery[][] = [];
  const { github } = createHarness({ apiUrl: stub.url });
  for await (const page of github.listFailed(since)) pages.push([...page]);
  return pages;
}

test('a delivery with any attempt that succeeded is not failed', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, {
    body: rows(
      { id: 3, guid: 'healed', minute: 9, isOk: true, isAgain: true },
      { id: 2, guid: 'lost', minute: 5 },
      { id: 1, guid: 'healed', minute: 4 },
    ),
  });

  const pages = await failedSince(stub, 0);

  expect(pages).toEqual([
    [{ attemptId: '2', deliveryId: 'lost', event: 'push', deliveredAt: minutes(5) }],
  ]);
});

test('a redelivery that failed does not hide the success before it', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, {
    body: rows(
      { id: 2, guid: 'fine', minute: 9, isAgain: true },
      { id: 1, guid: 'fine', minute: 4, isOk: true },
    ),
  });

  const pages = await failedSince(stub, 0);

  expect(pages).toEqual([]);
});

test('a delivery that failed again and again is listed once, across pages', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, ({ path }, url) =>
    path.includes('cursor=c2')
      ? { body: rows({ id: 1, guid: 'lost', minute: 1 }) }
      : {
          body: rows({ id: 2, guid: 'lost', minute: 9, isAgain: true }),
          headers: { link: `<${url}/app/hook/deliveries?per_page=100&cursor=c2>; rel="next"` },
        },
  );

  const pages = await failedSince(stub, 0);

  expect(pages.flat().map(({ deliveryId }) => deliveryId)).toEqual(['lost']);
});

test('the walk ends at the moment asked for', async () => {
  await using stub = await startStubGitHub();
  stub.on(list, (_request, url) => ({
    body: rows({ id: 2, guid: 'new', minute: 9 }, { id: 1, guid: 'old', minute: 1 }),
    headers: { link: `<${url}/app/hook/deliveries?cursor=c2>; rel="next"` },
  }));

  const pages = await failedSince(stub, minutes(5));

  expect(pages.flat().map(({ deliveryId }) => deliveryId)).toEqual(['new']);
  expect(stub.asked(list)).toHaveLength(1);
});

test('an attempt of 64 bits is named to the last digit when it is sent again', async () => {
  await using stub = await startStubGitHub();
  const id = '3804004623172239366';
  stub.on(list, { body: rows({ id, guid: 'lost', minute: 1 }) });
  stub.on(`POST /app/hook/deliveries/${id}/attempts`, { status: 202 });
  const { github } = createHarness({ apiUrl: stub.url });

  for await (const page of github.listFailed(0)) {
    for (const failed of page) await github.redeliver(failed.attemptId);
  }

  expect(stub.asked(`POST /app/hook/deliveries/${id}/attempts`)).toHaveLength(1);
});

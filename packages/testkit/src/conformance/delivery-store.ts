import { deliveryId } from '@gatehouse/model';
import type { DeliveryStore, RawDelivery } from '@gatehouse/ports';
import { expect, it, vi } from 'vitest';

/** What every DeliveryStore does. @param open gives an empty one. */
export function deliveryStoreConformance(open: () => Promise<DeliveryStore>): void {
  it('stores a new delivery byte for byte', async () => {
    const store = await open();
    const delivery = deliveryOf('d-1', new Uint8Array([0, 255, 10, 128, 13]));

    const answer = await store.claimDelivery(delivery);

    expect(answer).toBe('new');
    const read = await store.readDelivery(delivery.deliveryId);
    expect(read && { ...read, body: [...read.body] }).toEqual({
      ...delivery,
      body: [0, 255, 10, 128, 13],
    });
  });

  it('says pending for a delivery that was claimed and not worked on', async () => {
    const store = await open();
    await store.claimDelivery(deliveryOf('d-1', Buffer.from('first')));

    const again = await store.claimDelivery(deliveryOf('d-1', Buffer.from('second')));

    expect(again).toBe('pending');
    const read = await store.readDelivery(deliveryId('d-1'));
    expect(Buffer.from(read?.body ?? []).toString()).toBe('first');
  });

  it('drops the body and remembers the id of a delivery that was worked on', async () => {
    const store = await open();
    await store.claimDelivery(deliveryOf('d-1', Buffer.from('{}')));

    await store.finishDelivery(deliveryId('d-1'), 'posted');

    expect(await store.readDelivery(deliveryId('d-1'))).toBeNull();
    expect(await store.claimDelivery(deliveryOf('d-1', Buffer.from('{}')))).toBe('processed');
    expect(await store.isKnownDelivery('d-1')).toBe(true);
  });

  it('does not know what it never saw', async () => {
    const store = await open();

    expect(await store.isKnownDelivery('d-9')).toBe(false);
    expect(await store.readDelivery(deliveryId('d-9'))).toBeNull();
  });

  it('knows a delivery that waits', async () => {
    const store = await open();

    await store.claimDelivery(deliveryOf('d-1', Buffer.from('{}')));

    expect(await store.isKnownDelivery('d-1')).toBe(true);
  });

  it('takes an empty body', async () => {
    const store = await open();

    await store.claimDelivery(deliveryOf('d-1', new Uint8Array(0)));

    expect((await store.readDelivery(deliveryId('d-1')))?.body).toHaveLength(0);
  });

  inboxConformance(open);
}

function inboxConformance(open: () => Promise<DeliveryStore>): void {
  const claim = (store: DeliveryStore, id: string) =>
    store.claimDelivery(deliveryOf(id, Buffer.from('{}')));

  async function waiting(store: DeliveryStore): Promise<string[]> {
    return (await store.readInbox(10)).map((entry) => entry.deliveryId);
  }

  it('has new deliveries wait in the order they came in', async () => {
    const store = await open();

    for (const id of ['d-2', 'd-1', 'd-3']) await claim(store, id);

    expect(await store.countInbox()).toBe(3);
    expect(await store.readInbox(2)).toMatchObject([
      { deliveryId: 'd-2', event: 'pull_request' },
      { deliveryId: 'd-1', event: 'pull_request' },
    ]);
  });

  it('keeps what waits until it is cleared, and what came in meanwhile', async () => {
    const store = await open();
    await claim(store, 'd-1');
    const read = await store.readInbox(10);
    const readAgain = await store.readInbox(10);
    await claim(store, 'd-2');

    await store.clearInbox(read);

    expect(readAgain).toEqual(read);
    expect(await waiting(store)).toEqual(['d-2']);
  });

  it('takes it calmly when entries are cleared twice, or none', async () => {
    const store = await open();
    await claim(store, 'd-1');
    const read = await store.readInbox(10);
    await store.clearInbox(read);
    await claim(store, 'd-1');

    await store.clearInbox(read);
    await store.clearInbox([]);

    expect(await waiting(store)).toEqual(['d-1']);
  });

  it('has a delivery that was never worked on wait again when it comes again', async () => {
    const store = await open();
    await claim(store, 'd-1');
    await store.clearInbox(await store.readInbox(10));

    await claim(store, 'd-1');

    expect(await waiting(store)).toEqual(['d-1']);
  });

  it('has nothing wait that was worked on', async () => {
    const store = await open();
    await claim(store, 'd-1');
    await store.clearInbox(await store.readInbox(10));
    await store.finishDelivery(deliveryId('d-1'), 'posted');

    await claim(store, 'd-1');

    expect(await store.countInbox()).toBe(0);
    expect(await waiting(store)).toEqual([]);
  });

  it('tells a watcher of what comes into an empty inbox, until it stops watching', async () => {
    const store = await open();
    const told: string[] = [];
    const end = await store.watchInbox(() => told.push('told'));

    await claim(store, 'd-1');
    await vi.waitUntil(() => told.length > 0);
    await end();
    await store.clearInbox(await store.readInbox(10));
    await claim(store, 'd-2');

    expect(await store.countInbox()).toBe(1);
    expect(told).toEqual(['told']);
  });
}

function deliveryOf(id: string, body: Uint8Array): RawDelivery {
  return { deliveryId: deliveryId(id), event: 'pull_request', body, receivedAt: 1_767_225_600_000 };
}

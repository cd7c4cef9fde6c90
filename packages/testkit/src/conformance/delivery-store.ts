import { deliveryId } from '@gatehouse/model';
import type { DeliveryStore, RawDelivery } from '@gatehouse/ports';
import { expect, it } from 'vitest';

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
}

function deliveryOf(id: string, body: Uint8Array): RawDelivery {
  return { deliveryId: deliveryId(id), event: 'pull_request', body, receivedAt: 1_767_225_600_000 };
}

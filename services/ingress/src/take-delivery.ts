import { GatehouseError } from '@gatehouse/model';
import type { DeliveryStore, RawDelivery, WorkQueue } from '@gatehouse/ports';

/** Where deliveries are kept and queued. */
export interface TakeDeliveryDeps {
  readonly deliveries: Pick<DeliveryStore, 'claimDelivery'>;
  readonly queue: Pick<WorkQueue, 'send'>;
  /** Limit for both steps together, in milliseconds. */
  readonly storeTimeoutMs: number;
}

/**
 * Stores and queues a delivery; resolves only when both are done. A delivery that was stored but
 * never worked on is queued again: that repairs a crash between the two steps, and the queue does
 * not double what is waiting.
 * @returns `known`: it has been worked on before and nothing was queued
 * @throws GatehouseError `GATE_REDIS_UNAVAILABLE`, at the latest after `storeTimeoutMs`; what was
 *   begun may still happen, and the redelivery finds it
 */
export async function takeDelivery(
  deps: TakeDeliveryDeps,
  delivery: RawDelivery,
): Promise<'queued' | 'known'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow(deps.storeTimeoutMs)), deps.storeTimeoutMs);
  });
  try {
    return await Promise.race([storeAndQueue(deps, delivery), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function storeAndQueue(
  deps: TakeDeliveryDeps,
  delivery: RawDelivery,
): Promise<'queued' | 'known'> {
  const state = await deps.deliveries.claimDelivery(delivery);
  if (state === 'processed') return 'known';
  const { deliveryId, event } = delivery;
  await deps.queue.send('events', { kind: 'delivery', deliveryId, event });
  return 'queued';
}

function tooSlow(timeoutMs: number): GatehouseError {
  return new GatehouseError('GATE_REDIS_UNAVAILABLE', `no answer in ${timeoutMs} ms`);
}

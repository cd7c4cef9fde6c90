import { GatehouseError } from '@gatehouse/model';
import type { DeliveryStore, RawDelivery } from '@gatehouse/ports';

/** Where deliveries are kept. */
export interface TakeDeliveryDeps {
  readonly deliveries: Pick<DeliveryStore, 'claimDelivery'>;
  /** In milliseconds. */
  readonly storeTimeoutMs: number;
}

/**
 * Stores a delivery and puts it into the inbox, from where the engine queues it; resolves only when
 * both are done, which is one step. What was stored before and never worked on waits once more.
 * @returns `known`: it has been worked on before and nothing was done
 * @throws GatehouseError `GATE_REDIS_UNAVAILABLE`, at the latest after `storeTimeoutMs`; what was
 *   begun may still happen, and the redelivery finds it
 */
export function takeDelivery(
  deps: TakeDeliveryDeps,
  delivery: RawDelivery,
): Promise<'queued' | 'known'> {
  const { deliveries, storeTimeoutMs } = deps;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow(storeTimeoutMs)), storeTimeoutMs);
    deliveries.claimDelivery(delivery).then(
      (state) => {
        clearTimeout(timer);
        resolve(state === 'processed' ? 'known' : 'queued');
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

function tooSlow(timeoutMs: number): GatehouseError {
  return new GatehouseError('GATE_REDIS_UNAVAILABLE', `no answer in ${timeoutMs} ms`);
}

/** Gives what Redis and its client throw on the way into a queue a code of ours. */
import { GatehouseError } from '@gatehouse/model';

/** @throws GatehouseError `GATE_REDIS_UNAVAILABLE` when the work fails. */
export async function onRedis<T>(
  operation: string,
  queue: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new GatehouseError('GATE_REDIS_UNAVAILABLE', `Redis cannot take ${operation} now`, {
      cause,
      details: { operation, queue },
    });
  }
}

/** Gives what Redis and its client throw a code of ours. */
import { GatehouseError } from '@gatehouse/model';

/**
 * Answers that mean "not now": the server loads, fails over, is out of memory or cannot write its
 * file. Source: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors and
 * the messages of Redis 7.
 */
const passingReplies =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|MISCONF|NOREPLICAS|UNBLOCKED)\b/;

/** Runs one operation on Redis. @throws GatehouseError whatever goes wrong. */
export async function onRedis<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw redisError(operation, error);
  }
}

/** `GATE_REDIS_UNAVAILABLE`, or `GATE_INVARIANT` when Redis refused what we said. */
export function redisError(operation: string, error: unknown): GatehouseError {
  if (error instanceof GatehouseError) return error;
  const isReply = error instanceof Error && error.name === 'ReplyError';
  if (isReply && !passingReplies.test(error.message)) {
    const message = `Redis refused ${operation}: ${error.message}`;
    return new GatehouseError('GATE_INVARIANT', message, { cause: error, details: { operation } });
  }
  return new GatehouseError('GATE_REDIS_UNAVAILABLE', `Redis cannot take ${operation} now`, {
    cause: error,
    details: { operation },
  });
}

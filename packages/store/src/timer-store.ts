import type { EffectKey, TenantId } from '@gatehouse/model';
import type { Timer, TimerStore } from '@gatehouse/ports';
import type { ChainableCommander, Redis } from 'ioredis';
import { timerBodiesKey, timerIdsKey, timersKey } from './keys.ts';
import { onRedis } from './redis-errors.ts';
import { fireTimers } from './scripts/fire-timers.ts';

/** Wake-ups in one sorted set by due time. */
export function createTimerStore(redis: Redis): TimerStore {
  return {
    setTimer: (timer) => setTimer(redis, timer),
    cancelTimer: (tenant, key) => cancelTimer(redis, tenant, key),
    fireDueTimers: (now, timersMax) => fireTimers(redis, now, timersMax),
    nextTimerAt: () => nextTimerAt(redis),
  };
}

async function setTimer(redis: Redis, timer: Timer): Promise<void> {
  const member = memberOf(timer.tenant, timer.key);
  await together('set-timer', () =>
    redis
      .multi()
      .zadd(timersKey, timer.dueAt, member)
      .hset(timerIdsKey, member, timer.event.id)
      .hset(timerBodiesKey, member, JSON.stringify(timer.event.body)),
  );
}

async function cancelTimer(redis: Redis, tenant: TenantId, key: EffectKey): Promise<void> {
  const member = memberOf(tenant, key);
  await together('cancel-timer', () =>
    redis.multi().zrem(timersKey, member).hdel(timerIdsKey, member).hdel(timerBodiesKey, member),
  );
}

async function nextTimerAt(redis: Redis): Promise<number | null> {
  const first = await onRedis('next-timer', () => redis.zrange(timersKey, '0', '0', 'WITHSCORES'));
  return first[1] === undefined ? null : Number(first[1]);
}

/** A tenant's name has no bar, so that the first one parts the two. */
function memberOf(tenant: TenantId, key: EffectKey): string {
  return `${tenant}|${key}`;
}

async function together(operation: string, queue: () => ChainableCommander): Promise<void> {
  await onRedis(operation, async () => {
    const results = await queue().exec();
    for (const [error] of results ?? []) if (error !== null) throw error;
  });
}

import type {
  Announcements,
  BuildRegister,
  DeliveryStore,
  Log,
  NoteStore,
  ResponseCache,
  StandingProblems,
  TenantStore,
  TimerStore,
} from '@gatehouse/ports';
import type { Redis } from 'ioredis';
import { createAnnouncements } from './announcements.ts';
import { createBuildRegister } from './build-register.ts';
import { createDeliveryStore } from './delivery-store.ts';
import { createNoteStore, createResponseCache } from './small-stores.ts';
import { createStandingProblems } from './standing-problems.ts';
import { createTenantStore } from './tenant-store.ts';
import { createTimerStore } from './timer-store.ts';

/** Every port that is kept in Redis. */
export interface Store {
  readonly deliveries: DeliveryStore;
  readonly tenants: TenantStore;
  readonly timers: TimerStore;
  readonly builds: BuildRegister;
  readonly notes: NoteStore;
  readonly announcements: Announcements;
  readonly responses: ResponseCache;
  readonly standings: StandingProblems;
}

/** @param redis from `connectRedis`; whoever opened it closes it, after the last use of the store. */
export function createStore(redis: Redis, log: Log): Store {
  const announcements = createAnnouncements(redis, log);
  return {
    deliveries: createDeliveryStore(redis, announcements),
    tenants: createTenantStore(redis),
    timers: createTimerStore(redis),
    builds: createBuildRegister(redis),
    notes: createNoteStore(redis),
    announcements,
    responses: createResponseCache(redis),
    standings: createStandingProblems(redis),
  };
}

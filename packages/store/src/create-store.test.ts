import {
  announcementsConformance,
  buildRegisterConformance,
  deliveryStoreConformance,
  noteStoreConformance,
  quietLog,
  redisForTests,
  responseCacheConformance,
  standingProblemsConformance,
  type TestRedis,
  tenantStoreConformance,
  timerStoreConformance,
} from '@gatehouse/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { createStore, type Store } from './create-store.ts';

describe('the store in Redis', () => {
  let fixture: TestRedis;
  const open = async (): Promise<Store> => {
    await fixture.flush();
    return createStore(fixture.redis, quietLog);
  };
  beforeAll(async () => {
    fixture = await redisForTests();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  deliveryStoreConformance(async () => (await open()).deliveries);
  tenantStoreConformance(async () => (await open()).tenants);
  timerStoreConformance(open);
  buildRegisterConformance(open);
  noteStoreConformance(async () => (await open()).notes);
  responseCacheConformance(async () => (await open()).responses);
  announcementsConformance(async () => (await open()).announcements);
  standingProblemsConformance(async () => (await open()).standings);
});

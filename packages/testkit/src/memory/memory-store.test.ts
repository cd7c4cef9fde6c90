import { describe } from 'vitest';
import { buildRegisterConformance } from '../conformance/build-register.ts';
import { deliveryStoreConformance } from '../conformance/delivery-store.ts';
import {
  announcementsConformance,
  noteStoreConformance,
  responseCacheConformance,
} from '../conformance/small-stores.ts';
import { standingProblemsConformance } from '../conformance/standing-problems.ts';
import { tenantStoreConformance } from '../conformance/tenant-store.ts';
import { timerStoreConformance } from '../conformance/timer-store.ts';
import { memoryStore } from './memory-store.ts';

describe('the store in memory', () => {
  deliveryStoreConformance(async () => memoryStore().deliveries);
  tenantStoreConformance(async () => memoryStore().tenants);
  timerStoreConformance(async () => memoryStore());
  buildRegisterConformance(async () => memoryStore());
  noteStoreConformance(async () => memoryStore().notes);
  responseCacheConformance(async () => memoryStore().responses);
  announcementsConformance(async () => memoryStore().announcements);
  standingProblemsConformance(async () => memoryStore().standings);
});

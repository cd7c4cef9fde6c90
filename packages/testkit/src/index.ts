export { browserForTests } from './browser.ts';
export {
  buildRegisterConformance,
  type RegisterUnderTest,
} from './conformance/build-register.ts';
export { deliveryStoreConformance } from './conformance/delivery-store.ts';
export {
  announcementsConformance,
  noteStoreConformance,
  responseCacheConformance,
} from './conformance/small-stores.ts';
export { standingProblemsConformance } from './conformance/standing-problems.ts';
export { tenantStoreConformance } from './conformance/tenant-store.ts';
export { type TimersUnderTest, timerStoreConformance } from './conformance/timer-store.ts';
export { conformanceAttemptsMax, workQueueConformance } from './conformance/work-queue.ts';
export { countingIds } from './counting-ids.ts';
export { type FakeClock, fakeClock } from './fake-clock.ts';
export {
  type Files,
  type MemoryCodeHost,
  memoryCodeHost,
  type NewChange,
} from './memory/memory-code-host.ts';
export { type MemoryStore, memoryStore } from './memory/memory-store.ts';
export { type MemoryRetry, memoryWorkQueue } from './memory/memory-work-queue.ts';
export { type LogLine, quietLog, type RecordingLog, recordingLog } from './quiet-log.ts';
export {
  type IsolatedRedis,
  isolatedRedis,
  redisForTests,
  type TestRedis,
} from './redis-fixture.ts';

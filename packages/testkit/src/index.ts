export { countingIds } from './counting-ids.ts';
export { type FakeClock, fakeClock } from './fake-clock.ts';
export { type LogLine, quietLog, type RecordingLog, recordingLog } from './quiet-log.ts';
export {
  type IsolatedRedis,
  isolatedRedis,
  redisForTests,
  type TestRedis,
} from './redis-fixture.ts';

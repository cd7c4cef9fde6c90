export { connectRedis, describeAddress, type RedisAddress } from './connect.ts';
export { createStore, type Store } from './create-store.ts';
export {
  type EmbeddedRedis,
  type EmbeddedRedisOptions,
  startEmbeddedRedis,
} from './embedded-redis/start-embedded-redis.ts';
export { createJobLogs, type JobLogsOptions } from './job-logs/create-job-logs.ts';

import {
  conformanceAttemptsMax,
  quietLog,
  redisForTests,
  type TestRedis,
  workQueueConformance,
} from '@gatehouse/testkit';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { queueNames } from './messages.ts';
import { createWorkQueue, type OpenWorkQueue } from './work-queue.ts';

const plan = { firstMs: 5, mostMs: 20, attemptsMax: conformanceAttemptsMax };

describe('the work queue on Redis', () => {
  let fixture: TestRedis;
  let opened: OpenWorkQueue | null = null;
  beforeAll(async () => {
    fixture = await redisForTests();
  });
  afterEach(async () => {
    await opened?.close();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  workQueueConformance(async () => {
    await fixture.flush();
    const retryPlans = Object.fromEntries(queueNames.map((name) => [name, plan]));
    opened = createWorkQueue({ redis: fixture.redis, log: quietLog, retryPlans });
    return opened;
  });
});

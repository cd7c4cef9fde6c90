import { describe } from 'vitest';
import { conformanceAttemptsMax, workQueueConformance } from '../conformance/work-queue.ts';
import { memoryWorkQueue } from './memory-work-queue.ts';

describe('the work queue in memory', () => {
  workQueueConformance(async () =>
    memoryWorkQueue({ attemptsMax: conformanceAttemptsMax, pauseMs: 5 }),
  );
});

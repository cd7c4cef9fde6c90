export { queueNames } from './messages.ts';
export { type RetryPlan, retryPlans } from './retry.ts';
export { createWorkQueue, type OpenWorkQueue, type WorkQueueDeps } from './work-queue.ts';

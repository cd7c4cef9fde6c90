export { createLog, type LogDestination, type LogOptions } from './create-log.ts';
export { bindLog, type LogFields } from './log-fields.ts';
export {
  createMetrics,
  type HealingOutcome,
  type Metrics,
  type MetricsOptions,
  type WebhookResult,
} from './metrics.ts';
export { createScrubber, createTextScrubber, SCRUBBED, type Scrubber } from './scrubber.ts';
export { type LoggedError, serializeError } from './serialize-error.ts';

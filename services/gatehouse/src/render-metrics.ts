/** The page that Prometheus reads. What is counted elsewhere is asked for when the page is. */
import type { Log, QueueName, WorkQueue } from '@gatehouse/ports';
import type { Metrics } from '@gatehouse/telemetry';

/** Every queue; a record, so that one that is new cannot be forgotten. */
const queues: Readonly<Record<QueueName, true>> = {
  events: true,
  turns: true,
  merges: true,
  launches: true,
  reports: true,
};

/** What the page is made of. */
export interface MetricsPageDeps {
  readonly queue: Pick<WorkQueue, 'count'>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Renders the metrics with the depth of each queue as it is now. When Redis cannot be asked the
 * page comes without depths rather than not at all: it is then that it is needed.
 */
export async function renderMetrics({ queue, metrics, log }: MetricsPageDeps) {
  const names = Object.keys(queues) as QueueName[]; // the keys that the record's type demands
  try {
    const counts = await Promise.all(names.map((name) => queue.count(name)));
    counts.forEach((count, at) => {
      const name = names[at];
      if (name !== undefined) metrics.queueDepth(name, count);
    });
  } catch (error) {
    metrics.forgetQueueDepths();
    log.warn({ err: error }, 'the depth of the queues is not known');
  }
  return metrics.renderMetrics();
}

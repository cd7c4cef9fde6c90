import { createMetrics } from '@gatehouse/telemetry';
import { memoryWorkQueue, recordingLog } from '@gatehouse/testkit';
import { describe, expect, it } from 'vitest';
import { renderMetrics } from './render-metrics.ts';

function page() {
  const metrics = createMetrics({ version: 'test', hasProcessMetrics: false });
  const queue = memoryWorkQueue({ attemptsMax: 1, pauseMs: 1 });
  return { metrics, queue, log: recordingLog() };
}

describe('the metrics page', () => {
  it('says how much waits in each queue when it is asked', async () => {
    const deps = page();
    await deps.queue.send('events', { kind: 'delivery', deliveryId: 'd' as never, event: 'push' }); // any id

    const { text } = await renderMetrics(deps);

    expect(text).toContain('gatehouse_queue_messages{queue="events",state="waiting"} 1');
    expect(text).toContain('gatehouse_queue_messages{queue="reports",state="waiting"} 0');
  });

  it('comes without depths, not with old ones, when Redis cannot be asked', async () => {
    const deps = page();
    await renderMetrics(deps);
    const count = () => Promise.reject(new Error('Redis is away'));

    const { text } = await renderMetrics({ ...deps, queue: { count } });

    expect(text).not.toContain('gatehouse_queue_messages{');
    expect(text).toContain('gatehouse_info{version="test"} 1');
    expect(deps.log.lines).toMatchObject([{ level: 'warn' }]);
  });
});

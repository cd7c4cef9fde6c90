import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('what is recorded is rendered as Prometheus text', async () => {
  const metrics = createMetrics({ version: '1.2.3', hasProcessMetrics: false });

  metrics.webhookAnswered('queued', 12);
  metrics.webhookAnswered('forged', 1);
  metrics.buildEnded('SUCCESS', 'command');
  metrics.githubCalled('GET /repos/{owner}/{repo}', 200, 80);
  metrics.reportWritten('check', 400);
  metrics.queueDepth('events', { waiting: 3, active: 1, delayed: 0 });
  const { contentType, text } = await metrics.renderMetrics();

  expect(contentType).toContain('text/plain');
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'gatehouse_info{version="1.2.3"} 1',
      'gatehouse_webhook_deliveries_total{result="queued"} 1',
      'gatehouse_webhook_deliveries_total{result="forged"} 1',
      'gatehouse_webhook_durable_seconds_count 1',
      'gatehouse_builds_total{result="SUCCESS",executor="command"} 1',
      'gatehouse_github_calls_total{route="GET /repos/{owner}/{repo}",status="200"} 1',
      'gatehouse_report_lag_seconds_count{kind="check"} 1',
      'gatehouse_queue_messages{queue="events",state="waiting"} 3',
    ]),
  );
});

test('two sets of metrics do not mix', async () => {
  const first = createMetrics({ version: '1', hasProcessMetrics: false });
  const second = createMetrics({ version: '1', hasProcessMetrics: false });

  first.redeliveryRequested();

  const { text } = await second.renderMetrics();
  expect(text).toContain('gatehouse_healing_redeliveries_total 0');
});

/** The page that lists every metric, from the registry that a process serves. */
import { createMetrics } from '@gatehouse/telemetry';

const head = `# Metrics

Made by \`node tools/docs/write-pages.ts\` from the metrics themselves; a test keeps the two equal.

Every process answers \`GET /metrics\` in Prometheus' text format, whatever its roles. Counters and
histograms are of that process since its start: add them up over processes. The depths of the queues
are Redis', the same from every process; they are left out while Redis cannot be asked. Besides
these there are the usual ones of the process itself (memory, processor, event loop, collection).
Labels come from closed sets, never from what strangers send.`;

const alerts = `## What to be woken for

| when | because |
| --- | --- |
| \`gatehouse_webhook_deliveries_total{result="unavailable"}\` grows | Redis does not take events; GitHub is told, and is asked to send them again |
| \`gatehouse_queue_messages{state="waiting"}\` of \`events\` or \`reports\` grows for minutes | nobody works on that queue, or GitHub is slow |
| \`gatehouse_report_failures_total\` grows | something is not shown on GitHub; the label is an [error code](../errors.md) |
| \`gatehouse_wedged_runs_total\` grows | a fault in Gatehouse stopped a run; the log holds the event that did it |
| \`gatehouse_turns_total{outcome="failed"}\` grows | turns cannot be committed, mostly because Redis is away |
| \`gatehouse_github_budget_remaining\` is near zero | GitHub will refuse calls until the hour is over |
| \`gatehouse_healing_rounds_total{outcome="failed"}\` grows | missed webhooks are not healed, because GitHub cannot be asked |`;

/** The whole page, as Markdown. */
export async function renderMetricsPage(): Promise<string> {
  const metrics = createMetrics({ version: 'any', hasProcessMetrics: false });
  const { text } = await metrics.renderMetrics();
  const rows = [...text.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\S+)$/gm)];
  const table = [
    '| metric | kind | what it says |',
    '| --- | --- | --- |',
    ...rows.map(([, name, help, kind]) => `| \`${name}\` | ${kind} | ${help} |`),
  ];
  return `${[head, table.join('\n'), alerts].join('\n\n')}\n`;
}

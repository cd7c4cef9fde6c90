/**
 * The metrics of the service, as verbs: the rest of the code neither knows the library nor the
 * names. Labels come from closed sets or route templates, never from what strangers send, so that
 * the number of series stays bounded.
 */
import type { BuildResult } from '@gatehouse/model';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What became of a request to the webhook's address. */
export type WebhookResult =
  | 'queued'
  | 'known'
  | 'too_large'
  | 'forged'
  | 'malformed'
  | 'truncated'
  | 'unavailable';

/** What became of a look at GitHub's failed deliveries. */
export type HealingOutcome = 'complete' | 'interrupted' | 'failed' | 'elsewhere';

/** Records what happens. All durations are in milliseconds. */
export interface Metrics {
  webhookAnswered(result: WebhookResult, durationMs: number): void;
  healingRound(outcome: HealingOutcome): void;
  redeliveryRequested(): void;
  /** @param type of the domain event, a word of the engine's catalogue. */
  eventFolded(type: string): void;
  turnEnded(outcome: 'committed' | 'stale' | 'empty' | 'failed', durationMs: number): void;
  /** @param executor `command`, `http`, `workflow` or `noop`. */
  buildEnded(result: BuildResult, executor: string): void;
  /** @param route template of the route. @param status 0: no answer. */
  githubCalled(route: string, status: number, durationMs: number): void;
  githubBudget(installation: number, remaining: number): void;
  /** @param lagMs from the change of state to what the code host shows. */
  reportWritten(kind: 'check' | 'status', lagMs: number): void;
  /** @param code of the error that a report was given up for. */
  reportGivenUp(code: string): void;
  queueDepth(queue: string, counts: { waiting: number; active: number; delayed: number }): void;
  /** Until they are told again, no depth is better than an old one. */
  forgetQueueDepths(): void;
  /** A run was stopped because an invariant broke. */
  runWedged(): void;
  /** In Prometheus' text format. */
  renderMetrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Options of {@link createMetrics}. */
export interface MetricsOptions {
  readonly version: string;
  /** True: memory, CPU, event loop and garbage collection of this process too. */
  readonly hasProcessMetrics: boolean;
}

const FAST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10];
const SLOW_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
const MS = 1000;

/** Metrics of their own registry, so that two services in one process do not mix. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  if (options.hasProcessMetrics) collectDefaultMetrics({ register: registry });
  gauge(registry, {
    name: 'gatehouse_info',
    help: 'Version of this process.',
    labelNames: ['version'],
  }).set({ version: options.version }, 1);
  return {
    ...webhookMetrics(registry),
    ...engineMetrics(registry),
    ...githubMetrics(registry),
    renderMetrics: async () => ({
      contentType: registry.contentType,
      text: await registry.metrics(),
    }),
  };
}

function webhookMetrics(registry: Registry) {
  const answered = counter(registry, {
    name: 'gatehouse_webhook_deliveries_total',
    help: 'Requests to the webhook address by what became of them.',
    labelNames: ['result'],
  });
  const duration = histogram(
    registry,
    {
      name: 'gatehouse_webhook_durable_seconds',
      help: 'From the first byte of a genuine webhook to its durable answer.',
    },
    FAST_SECONDS,
  );
  const rounds = counter(registry, {
    name: 'gatehouse_healing_rounds_total',
    help: "Looks at GitHub's failed deliveries by outcome.",
    labelNames: ['outcome'],
  });
  const redelivered = counter(registry, {
    name: 'gatehouse_healing_redeliveries_total',
    help: 'Deliveries that GitHub was asked to send again.',
  });
  return {
    webhookAnswered(result: WebhookResult, durationMs: number): void {
      answered.inc({ result });
      if (result === 'queued' || result === 'known') duration.observe(durationMs / MS);
    },
    healingRound: (outcome: HealingOutcome) => rounds.inc({ outcome }),
    redeliveryRequested: () => redelivered.inc(),
  };
}

function engineMetrics(registry: Registry) {
  const events = counter(registry, {
    name: 'gatehouse_events_total',
    help: 'Events that turns have folded, by type.',
    labelNames: ['type'],
  });
  const turns = counter(registry, {
    name: 'gatehouse_turns_total',
    help: 'Turns of the engine by outcome.',
    labelNames: ['outcome'],
  });
  const turnDuration = histogram(
    registry,
    { name: 'gatehouse_turn_seconds', help: 'Duration of a turn.' },
    FAST_SECONDS,
  );
  const builds = counter(registry, {
    name: 'gatehouse_builds_total',
    help: 'Finished builds by result.',
    labelNames: ['result', 'executor'],
  });
  const depth = gauge(registry, {
    name: 'gatehouse_queue_messages',
    help: 'Messages by queue and state.',
    labelNames: ['queue', 'state'],
  });
  const wedged = counter(registry, {
    name: 'gatehouse_wedged_runs_total',
    help: 'Runs that were stopped because an invariant broke.',
  });
  return {
    eventFolded: (type: string) => events.inc({ type }),
    turnEnded(outcome: string, durationMs: number): void {
      turns.inc({ outcome });
      turnDuration.observe(durationMs / MS);
    },
    buildEnded: (result: BuildResult, executor: string) => builds.inc({ result, executor }),
    queueDepth(queue: string, counts: { waiting: number; active: number; delayed: number }): void {
      for (const [state, count] of Object.entries(counts)) depth.set({ queue, state }, count);
    },
    forgetQueueDepths: () => depth.reset(),
    runWedged: () => wedged.inc(),
  };
}

function githubMetrics(registry: Registry) {
  const calls = counter(registry, {
    name: 'gatehouse_github_calls_total',
    help: 'Calls by route and status.',
    labelNames: ['route', 'status'],
  });
  const duration = histogram(
    registry,
    {
      name: 'gatehouse_github_call_seconds',
      help: 'Duration of a call, waiting for the budget not included.',
    },
    SLOW_SECONDS,
  );
  const budget = gauge(registry, {
    name: 'gatehouse_github_budget_remaining',
    help: 'Calls that the installation has left in this hour.',
    labelNames: ['installation'],
  });
  const lag = histogram(
    registry,
    {
      name: 'gatehouse_report_lag_seconds',
      help: 'From a change of state to its being shown on the code host.',
      labelNames: ['kind'],
    },
    SLOW_SECONDS,
  );
  const failures = counter(registry, {
    name: 'gatehouse_report_failures_total',
    help: 'Reports that were given up, by error code.',
    labelNames: ['code'],
  });
  return {
    githubCalled(route: string, status: number, durationMs: number): void {
      calls.inc({ route, status });
      duration.observe(durationMs / MS);
    },
    githubBudget: (installation: number, remaining: number) =>
      budget.set({ installation }, remaining),
    reportWritten: (kind: string, lagMs: number) => lag.observe({ kind }, lagMs / MS),
    reportGivenUp: (code: string) => failures.inc({ code }),
  };
}

interface MetricText {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
}

function counter(registry: Registry, text: MetricText): Counter {
  return new Counter({ ...labelled(text), registers: [registry] });
}

function gauge(registry: Registry, text: MetricText): Gauge {
  return new Gauge({ ...labelled(text), registers: [registry] });
}

function histogram(registry: Registry, text: MetricText, buckets: number[]): Histogram {
  return new Histogram({ ...labelled(text), buckets, registers: [registry] });
}

function labelled(text: MetricText) {
  return { name: text.name, help: text.help, labelNames: [...(text.labelNames ?? [])] };
}

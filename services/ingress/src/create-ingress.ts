/**
 * The ingress: takes webhooks in, and has those sent again that were lost. It knows nothing of
 * pipelines. Modes: stopped → running → stopped; the route answers in all of them.
 */
import { setTimeout as waitFor } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createHealingTask, type HealingDeps } from './healing-task.ts';
import type { Wait } from './look.ts';
import { registerWebhookRoute, type WebhookRouteDeps } from './webhook-route.ts';

/** What the ingress works with. */
export type IngressDeps = WebhookRouteDeps &
  Omit<HealingDeps, 'wait'> & {
    /** Real time unless given. */
    readonly wait?: Wait;
  };

/** The role. */
export interface Ingress extends AsyncDisposable {
  /** Adds the webhook's route to the server; before it listens. */
  registerRoutes(app: FastifyInstance): void;
  /** Starts the healing of lost deliveries. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** For readiness: false when stopped, or when healing broke off. */
  readonly isRunning: boolean;
}

const waitInRealTime: Wait = async (delayMs, signal) => {
  await waitFor(delayMs, undefined, { signal });
};

/** The role, not yet started. */
export function createIngress(deps: IngressDeps): Ingress {
  const healing = createHealingTask({ ...deps, wait: deps.wait ?? waitInRealTime });
  return {
    registerRoutes: (app) => registerWebhookRoute(app, deps),
    start: async () => healing.start(),
    stop: () => healing.stop(),
    [Symbol.asyncDispose]: () => healing.stop(),
    get isRunning() {
      return healing.isRunning;
    },
  };
}

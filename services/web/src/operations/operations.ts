/** What an operator's tools ask: is it alive, can it work, how is it doing. */
import type { HealthBody, ReadinessBody } from '@gatehouse/contracts';
import { conductOf, kindOf } from '@gatehouse/model';
import type { FastifyInstance } from 'fastify';
import type { Readiness, WebDeps } from '../deps.ts';

/** Registers `/healthz`, `/readyz` and `/metrics`. */
export function registerOperations(scope: FastifyInstance, deps: WebDeps): void {
  scope.get('/healthz', async (): Promise<HealthBody> => ({ status: 'ok' }));
  scope.get('/readyz', async (_request, reply) => {
    const { ready, reasons } = await readinessOf(deps);
    const body: ReadinessBody = { ready, reasons: [...reasons] };
    return reply.code(ready ? 200 : 503).send(body);
  });
  scope.get('/metrics', async (_request, reply) => {
    const metrics = await deps.renderMetrics();
    return reply.type(metrics.contentType).send(metrics.text);
  });
}

/** A probe that breaks means "not ready", and says no more than the kind of trouble. */
async function readinessOf({ readiness, log }: WebDeps): Promise<Readiness> {
  try {
    return await readiness();
  } catch (error) {
    log.warn({ err: error }, 'readiness could not be told');
    return { ready: false, reasons: [`${conductOf(kindOf(error)).userText}.`] };
  }
}

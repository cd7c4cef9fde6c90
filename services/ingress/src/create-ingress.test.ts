import { fakeClock, memoryStore, quietLog } from '@gatehouse/testkit';
import { fastify } from 'fastify';
import { expect, test, vi } from 'vitest';
import { createIngress } from './create-ingress.ts';
import { WEBHOOK_PATH } from './webhook-route.ts';

test('the role heals while it runs, takes webhooks beside, and stops at once', async () => {
  const store = memoryStore();
  const rounds: string[] = [];
  const ingress = createIngress({
    webhookSecret: 'secret',
    deliveries: store.deliveries,
    queue: { send: async () => undefined },
    notes: store.notes,
    deliveryLog: {
      async *listFailed() {
        yield [];
      },
      redeliver: async () => undefined,
    },
    clock: fakeClock(),
    log: quietLog,
    metrics: {
      webhookAnswered: () => undefined,
      healingRound: (outcome) => rounds.push(outcome),
      redeliveryRequested: () => undefined,
    },
    processId: 'one',
  });
  const app = fastify();
  ingress.registerRoutes(app);

  await ingress.start();
  await vi.waitFor(() => expect(rounds).toEqual(['complete']));
  const unsigned = await app.inject({ method: 'POST', url: WEBHOOK_PATH, payload: '{}' });
  const wasRunning = ingress.isRunning;
  await ingress.stop();
  await app.close();

  expect(unsigned.statusCode).toBe(401);
  expect([wasRunning, ingress.isRunning]).toEqual([true, false]);
});

test('what the server does for every other route stays as it was', async () => {
  const app = fastify();
  app.post('/other', async (request) => request.body);
  await app.register(async (scope) => {
    createIngress({
      ...{ webhookSecret: 's', processId: 'one', clock: fakeClock(), log: quietLog },
      deliveries: memoryStore().deliveries,
      notes: memoryStore().notes,
      queue: { send: async () => undefined },
      deliveryLog: {
        async *listFailed() {
          yield [];
        },
        redeliver: async () => undefined,
      },
      metrics: {
        webhookAnswered: () => undefined,
        healingRound: () => undefined,
        redeliveryRequested: () => undefined,
      },
    }).registerRoutes(scope);
  });

  const answer = await app.inject({ method: 'POST', url: '/other', payload: { a: 1 } });
  await app.close();

  expect(answer.json()).toEqual({ a: 1 });
});

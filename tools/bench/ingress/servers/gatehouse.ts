/** The webhook route as the service runs it, on a Redis that is given as JSON. */
import type { AddressInfo } from 'node:net';
import { registerWebhookRoute } from '@gatehouse/ingress';
import { connectRedis, createStore, type RedisAddress } from '@gatehouse/store';
import { createLog, createMetrics } from '@gatehouse/telemetry';
import { fastify } from 'fastify';
import { SECRET } from '../webhook.ts';
import { answerQuestions } from './serve.ts';

const address = JSON.parse(process.argv[2] ?? '') as RedisAddress; // written by the benchmark
const log = createLog({ level: 'info', secrets: [SECRET] });
const redis = await connectRedis(address, log);
const app = fastify({
  logger: false,
  routerOptions: { maxParamLength: 192 },
  forceCloseConnections: true,
  requestTimeout: 60_000,
});
registerWebhookRoute(app, {
  webhookSecret: SECRET,
  deliveries: createStore(redis, log).deliveries,
  clock: { now: () => Date.now() },
  log,
  metrics: createMetrics({ version: '0', hasProcessMetrics: false }),
});
await app.listen({ port: 0, host: '127.0.0.1' });
answerQuestions((app.server.address() as AddressInfo).port); // it listens on TCP

/**
 * The yardstick: fastify as its documentation shows it for signed webhooks. It reads the body as a
 * buffer, verifies the HMAC and answers; it parses nothing and stores nothing.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { SECRET, WEBHOOK_PATH } from '../webhook.ts';
import { answerQuestions } from './serve.ts';

const app = fastify({ logger: false, bodyLimit: 25 * 1024 * 1024 });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
  done(null, body);
});
app.post(WEBHOOK_PATH, async (request, reply) => {
  const claimed = Buffer.from(String(request.headers['x-hub-signature-256']));
  // parseAs: 'buffer' above makes it one.
  const digest = createHmac('sha256', SECRET)
    .update(request.body as Buffer)
    .digest('hex');
  const expected = Buffer.from(`sha256=${digest}`);
  const isGenuine = claimed.length === expected.length && timingSafeEqual(claimed, expected);
  return reply.code(isGenuine ? 202 : 401).send({ ok: isGenuine });
});
await app.listen({ port: 0, host: '127.0.0.1' });
answerQuestions((app.server.address() as AddressInfo).port); // it listens on TCP

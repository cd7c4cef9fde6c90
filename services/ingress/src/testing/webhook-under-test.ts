/** The webhook's route on a server that listens, and clients of it. */
import { createHmac } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { DeliveryStore } from '@gatehouse/ports';
import { fakeClock, memoryStore, recordingLog } from '@gatehouse/testkit';
import { fastify } from 'fastify';
import { afterEach } from 'vitest';
import { registerWebhookRoute, WEBHOOK_PATH, type WebhookRouteDeps } from '../webhook-route.ts';

const SECRET = 'it is a secret';
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** What a test may change. */
export interface HarnessOptions {
  readonly limits?: NonNullable<WebhookRouteDeps['limits']>;
  readonly deliveries?: Partial<DeliveryStore>;
}

/** Listens with the route over a store in memory, until the test is over. */
export async function listen(options: HarnessOptions = {}) {
  const store = memoryStore();
  const clock = fakeClock();
  const log = recordingLog();
  const results: string[] = [];
  const app = fastify();
  registerWebhookRoute(app, {
    webhookSecret: SECRET,
    deliveries: { ...store.deliveries, ...options.deliveries },
    clock,
    log,
    metrics: { webhookAnswered: (result) => results.push(result) },
    limits: { bodyBytesMax: 1000, ...options.limits },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  open.push(() => app.close());
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    url: `http://127.0.0.1:${port}${WEBHOOK_PATH}`,
    store,
    clock,
    log,
    /** What waits for the engine. */
    waiting: async () => {
      const entries = await store.deliveries.readInbox(10);
      return entries.map(({ deliveryId: id, event }) => ({ id, event }));
    },
    results,
  };
}

/** The header of a body. */
export function sign(body: string, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** What GitHub sends with a body; null leaves one out. */
export function headersOf(body: string, overrides: Record<string, string | null> = {}) {
  const headers: Record<string, string | null> = {
    'content-type': 'application/json',
    'x-github-event': 'pull_request',
    'x-github-delivery': 'd-1',
    'x-hub-signature-256': sign(body),
    ...overrides,
  };
  const given = Object.entries(headers).filter((entry) => entry[1] !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

/** Sends a body, signed unless `overrides` says otherwise. */
export async function post(
  url: string,
  body: string,
  overrides: Record<string, string | null> = {},
) {
  const response = await fetch(url, { method: 'POST', body, headers: headersOf(body, overrides) });
  const answer: unknown = await response.json();
  return { status: response.status, answer, headers: response.headers };
}

/** Speaks HTTP by hand, for what no client sends. */
export async function dial(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString();
  });
  socket.on('error', () => socket.destroy());
  open.push(async () => socket.destroy());
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { socket, closed, received: () => received };
}

/** The first lines of a request by hand. */
export function requestHead(headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${WEBHOOK_PATH} HTTP/1.1`, 'host: x', ...lines, '', ''].join('\r\n');
}

/** A small payload. */
export const opened = JSON.stringify({ action: 'opened', number: 7 });

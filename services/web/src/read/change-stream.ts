/**
 * Server-sent events that only say "something changed, look again". They carry no name, so there
 * is nothing to leak and nothing to filter, and a client that missed some has lost nothing.
 *
 * Modes: idle (nobody listens, no subscription) → open (first client until the end of the
 * process) → closed. Announcements that come close together become one tick.
 */
import { PassThrough } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { CHANGES_TOPIC, type WebDeps } from '../deps.ts';
import { sendFailure } from '../http/failures.ts';
import { text } from '../text.ts';
import type { ReadDeps } from './read-api.ts';

/** Each holds a socket and a buffer. */
export const STREAM_CLIENTS_MAX = 200;
/** Proxies cut connections that are silent for a minute. */
const HEARTBEAT_MS = 20_000;
/** More often nobody can read, and every tick makes each client ask. */
const TICK_INTERVAL_MS = 250;
/** A client that has not taken this much is gone or hopelessly behind. */
const BACKLOG_BYTES_MAX = 4096;

const TICK = 'event: change\ndata: {}\n\n';
const HEARTBEAT = ': still here\n\n';
/** Tells the browser how soon to come back, in ms, and that the stream is open. */
const OPENING = 'retry: 2000\n: open\n\n';

/** Registers `GET /api/v1/events`. */
export function registerChangeStream(scope: FastifyInstance, read: ReadDeps): void {
  const stream = createChangeStream(read.deps);
  // Before the server waits for open connections: these would never end by themselves.
  scope.addHook('preClose', () => stream.close());
  scope.get('/api/v1/events', { exposeHeadRoute: false }, async (request, reply) => {
    if (!read.runs.maySeeAnything(read.viewerOf(request))) {
      return sendFailure(reply, text.failures.notFound);
    }
    const client = await stream.open();
    if (client === null) {
      return sendFailure(reply.header('retry-after', '10'), text.failures.tooManyStreams);
    }
    return (
      reply
        .type('text/event-stream; charset=utf-8')
        // Buffering proxies would hold ticks back.
        .header('x-accel-buffering', 'no')
        .send(client)
    );
  });
}

interface ChangeStream {
  /** Null: there are as many clients as there may be. */
  open(): Promise<PassThrough | null>;
  close(): Promise<void>;
}

function createChangeStream({ announcements, log }: WebDeps): ChangeStream {
  const clients = new Set<PassThrough>();
  let subscription: Promise<() => Promise<void>> | null = null;
  let heartbeat: NodeJS.Timeout | null = null;
  let pendingTick: NodeJS.Timeout | null = null;
  let isClosed = false;

  const sendAll = (message: string): void => {
    for (const client of clients) {
      if (client.writableLength + client.readableLength > BACKLOG_BYTES_MAX) client.destroy();
      else client.write(message);
    }
  };
  const announceSoon = (): void => {
    pendingTick ??= setTimeout(() => {
      pendingTick = null;
      sendAll(TICK);
    }, TICK_INTERVAL_MS);
  };
  const subscribe = async (): Promise<void> => {
    subscription ??= announcements.listen(CHANGES_TOPIC, announceSoon);
    try {
      await subscription;
    } catch (error) {
      subscription = null;
      throw error;
    }
  };

  return {
    async open() {
      if (isClosed || clients.size >= STREAM_CLIENTS_MAX) return null;
      const client = new PassThrough();
      clients.add(client);
      client.once('close', () => clients.delete(client));
      try {
        await subscribe();
      } catch (error) {
        client.destroy();
        throw error;
      }
      heartbeat ??= setInterval(() => sendAll(HEARTBEAT), HEARTBEAT_MS).unref();
      client.write(OPENING);
      return client;
    },
    async close() {
      isClosed = true;
      if (heartbeat !== null) clearInterval(heartbeat);
      if (pendingTick !== null) clearTimeout(pendingTick);
      for (const client of clients) client.end();
      try {
        await (await subscription)?.();
      } catch (error) {
        log.warn({ err: error }, 'the subscription to changes could not be ended');
      }
    },
  };
}

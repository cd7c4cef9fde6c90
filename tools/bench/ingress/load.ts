/**
 * Sends webhooks over connections that stay open, the next one as soon as the last is answered. A
 * client of its own, because it shares a processor with Redis and has to leave it alone: a request
 * is one string and one buffer that is the same each time.
 */
import { connect, type Socket } from 'node:net';
import { percentile } from '../kit/stats.ts';
import { webhook } from './webhook.ts';

/** What to send. */
export interface LoadQuestion {
  readonly port: number;
  readonly connections: number;
  /** Ends after this long, milliseconds; or after so many requests; whichever is given. */
  readonly durationMs?: number;
  readonly requests?: number;
  readonly isGenuine: boolean;
  /** Requests a second over all connections; null: as many as the server takes. */
  readonly perSecond?: number;
}

/** What came back. */
export interface LoadAnswer {
  readonly requests: number;
  readonly elapsedMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
}

let deliveries = 0;
const run = String(process.pid).padStart(12, '0');

process.on('message', (question: LoadQuestion) => {
  void send(question).then((answer) => process.send?.(answer));
});
process.send?.('ready');

async function send(question: LoadQuestion): Promise<LoadAnswer> {
  const { body, head } = webhook(question);
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const startedAt = performance.now();
  const endAt = startedAt + (question.durationMs ?? Number.POSITIVE_INFINITY);
  let left = question.requests ?? Number.POSITIVE_INFINITY;
  const pauseMs =
    question.perSecond === undefined ? 0 : (question.connections * 1000) / question.perSecond;

  function isOver(): boolean {
    left -= 1;
    return left < 0 || performance.now() >= endAt;
  }

  function talk(socket: Socket): Promise<void> {
    return new Promise((resolve, reject) => {
      let sentAt = 0;
      let rest = '';
      function next(): void {
        if (isOver()) {
          socket.destroy();
          resolve();
          return;
        }
        deliveries += 1;
        const id = `${deliveries.toString(16).padStart(8, '0')}-0000-4000-8000-${run}`;
        sentAt = performance.now();
        socket.cork();
        socket.write(`${head}${id}\r\n\r\n`, 'latin1');
        socket.write(body);
        socket.uncork();
      }
      socket.on('error', reject).on('close', () => reject(new Error('the server hung up')));
      socket.setEncoding('latin1').on('data', (text: string) => {
        rest = rest === '' ? text : rest + text;
        const status = wholeAnswer(rest);
        if (status === null) return;
        rest = '';
        latencies.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
        // Spread at random, so that the connections do not come in step.
        if (pauseMs > 0) setTimeout(next, pauseMs * 2 * Math.random());
        else next();
      });
      next();
    });
  }

  const sockets = Array.from({ length: question.connections }, () =>
    connect({ port: question.port, host: '127.0.0.1', noDelay: true }),
  );
  await Promise.all(sockets.map(talk));
  const elapsedMs = performance.now() - startedAt;
  const sorted = Float64Array.from(latencies).sort();
  return {
    requests: latencies.length,
    elapsedMs,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    statuses,
  };
}

/** The status once head and body are there; null before. Answers are short and come whole. */
function wholeAnswer(text: string): string | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (length !== undefined && text.length < headEnd + 4 + Number(length)) return null;
  if (length === undefined && !text.endsWith('0\r\n\r\n')) return null;
  return text.slice(9, 12);
}

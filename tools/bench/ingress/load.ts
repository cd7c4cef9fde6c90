/**
 * Sends webhooks over connections that stay open, the next one as soon as the last is answered. A
 * client of its own, because it shares a processor with Redis and has to leave it alone: a request
 * is one buffer in which only the delivery's id changes.
 */
import { connect } from 'node:net';
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
}

/** What came back. */
export interface LoadAnswer {
  readonly requests: number;
  readonly elapsedMs: number;
  /** Of the client itself. */
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Bytes of an answer; all of them are short. */
const ANSWER_BYTES_MAX = 4096;
const ID_LENGTH = '00000000-0000-4000-8000-000000000000'.length;

let deliveries = 0;
const run = String(process.pid).padStart(12, '0');

process.on('message', (question: LoadQuestion) => {
  void send(question).then((answer) => process.send?.(answer));
});
process.send?.('ready');

async function send(question: LoadQuestion): Promise<LoadAnswer> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  const startedAt = performance.now();
  const startedUs = process.cpuUsage();
  const endAt = startedAt + (question.durationMs ?? Number.POSITIVE_INFINITY);
  let left = question.requests ?? Number.POSITIVE_INFINITY;
  const note: Note = {
    isOver: () => {
      left -= 1;
      return left < 0 || performance.now() >= endAt;
    },
    answered: (status, latencyMs) => {
      latencies.push(latencyMs);
      statuses[status] = (statuses[status] ?? 0) + 1;
    },
  };
  await Promise.all(Array.from({ length: question.connections }, () => talk(question, note)));
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(startedUs);
  const sorted = Float64Array.from(latencies).sort();
  return {
    requests: latencies.length,
    elapsedMs,
    cpuUs: user + system,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    statuses,
  };
}

interface Note {
  isOver(): boolean;
  answered(status: string, latencyMs: number): void;
}

/** One connection, until it is over. */
function talk(question: LoadQuestion, note: Note): Promise<void> {
  const { request, idAt } = requestBytes(question);
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let rest = '';

    function next(): void {
      if (note.isOver()) {
        socket.off('close', onClose);
        socket.destroy();
        resolve();
        return;
      }
      deliveries += 1;
      const id = `${deliveries.toString(16).padStart(8, '0')}-0000-4000-8000-${run}`;
      // The server has answered the last one, so that nobody reads these bytes any more.
      request.write(id, idAt, 'latin1');
      sentAt = performance.now();
      socket.write(request);
    }

    function onBytes(count: number, bytes: Uint8Array): boolean {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, count).toString('latin1');
      rest = rest === '' ? text : rest + text;
      const status = wholeAnswer(rest);
      if (status === null) return true;
      rest = '';
      note.answered(status, performance.now() - sentAt);
      next();
      return true;
    }

    function onClose(): void {
      reject(new Error('the server hung up'));
    }

    const socket = connect({
      port: question.port,
      host: '127.0.0.1',
      noDelay: true,
      // Into one buffer and past the streams: what the client costs is taken from Redis.
      onread: { buffer: Buffer.alloc(ANSWER_BYTES_MAX), callback: onBytes },
    });
    socket.on('error', reject).on('close', onClose).once('connect', next);
  });
}

function requestBytes(question: LoadQuestion): { request: Buffer; idAt: number } {
  const { body, head } = webhook(question);
  const gap = '0'.repeat(ID_LENGTH);
  const request = Buffer.concat([Buffer.from(`${head}${gap}\r\n\r\n`, 'latin1'), body]);
  return { request, idAt: Buffer.byteLength(head, 'latin1') };
}

/** The status once head and body are there; null before. */
function wholeAnswer(text: string): string | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (length !== undefined && text.length < headEnd + 4 + Number(length)) return null;
  if (length === undefined && !text.endsWith('0\r\n\r\n')) return null;
  return text.slice(9, 12);
}

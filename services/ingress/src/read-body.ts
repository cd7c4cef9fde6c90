/**
 * Reads a request's body as bytes, within limits. fastify's own reader copies once more and costs a
 * quarter of the route's throughput, and it refuses odd content types before the signature can be
 * looked at; this one only counts and keeps.
 *
 * It owns the bytes that a request holds of the shared budget from the first chunk until
 * `release()`. Modes: reading → whole | too-large | overloaded | truncated | timed-out, each final.
 */
import type { IncomingMessage } from 'node:http';

/** Bytes in memory over all requests. */
export interface ByteBudget {
  readonly bytesMax: number;
  used: number;
}

/** How reading ended. */
export type BodyReading =
  | {
      readonly kind: 'whole';
      /** In order; empty when they were not to be kept. */
      readonly chunks: readonly Buffer[];
      /** Gives the bytes back to the budget; call it once the body is no longer held. */
      release(): void;
    }
  /** Over the limit, as declared or as counted; or over what all requests may hold together. */
  | { readonly kind: 'too-large' | 'overloaded' }
  /** The connection ended before the declared end of the body, or its time was up. */
  | { readonly kind: 'truncated' | 'timed-out' };

/** How to read. */
export interface ReadBodyOptions {
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly budget: ByteBudget;
  /** False: the body is counted and thrown away. */
  readonly isKept: boolean;
}

/** Reads to the end or to the first reason not to. Never rejects. */
export function readBody(source: IncomingMessage, options: ReadBodyOptions): Promise<BodyReading> {
  const { budget, bytesMax, isKept } = options;
  if (Number(source.headers['content-length'] ?? 0) > bytesMax) {
    return Promise.resolve({ kind: 'too-large' });
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let held = 0;
    let isSettled = false;
    const timer = setTimeout(() => fail('timed-out'), options.timeoutMs);

    function onData(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > bytesMax) fail('too-large');
      else if (isKept && budget.used + chunk.length > budget.bytesMax) fail('overloaded');
      else if (isKept) keep(chunk);
    }

    function keep(chunk: Buffer): void {
      budget.used += chunk.length;
      held += chunk.length;
      chunks.push(chunk);
    }

    function onEnd(): void {
      settle({ kind: 'whole', chunks, release });
    }

    function onClose(): void {
      fail('truncated');
    }

    function fail(kind: Exclude<BodyReading['kind'], 'whole'>): void {
      if (isSettled) return;
      release();
      settle({ kind });
    }

    function settle(reading: BodyReading): void {
      isSettled = true;
      clearTimeout(timer);
      source.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(reading);
    }

    function release(): void {
      budget.used -= held;
      held = 0;
    }

    // Stays on: without a listener an aborted request's error would end the process.
    source.on('error', onClose);
    source.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

/** What every server under test does besides its route: listen, and tell what it has used. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server has used since it started. */
export interface Usage {
  /** Of the whole process, user and system, microseconds. */
  readonly cpuUs: number;
  /** Bytes in use after a collection; null: not asked for. */
  readonly heapBytes: number | null;
  readonly rssBytes: number;
}

/** What a server is asked; `address` answers the port. */
export type ServerQuestion = { readonly ask: 'address' | 'usage' | 'usage-after-gc' };

/** Listens on a free port with a bare `node:http` server. */
export async function serveListener(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an address of this form.
  answerQuestions((server.address() as AddressInfo).port);
}

/** Answers the benchmark from now on; a program that calls this is ready. */
export function answerQuestions(port: number): void {
  process.on('message', ({ ask }: ServerQuestion) => {
    process.send?.(ask === 'address' ? { port } : usage(ask === 'usage-after-gc'));
  });
  process.send?.('ready');
}

function usage(isCollected: boolean): Usage {
  if (isCollected) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  return { cpuUs: user + system, heapBytes: isCollected ? heapUsed : null, rssBytes: rss };
}

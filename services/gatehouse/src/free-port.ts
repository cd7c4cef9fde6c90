/** Choosing a port before it is listened on. */
import { createServer } from 'node:net';

/** @returns `wanted` if nobody listens there, else any free port of `host`. */
export async function freePort(host: string, wanted: number): Promise<number> {
  return (await probe(host, wanted)) ?? (await probe(host, 0)) ?? 0;
}

/** The port that could be listened on; null when it is taken. */
function probe(host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, host, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(taken));
    });
  });
}

/** The HTTP server of a process; the roles register their routes on it. */
import { webServerOptions } from '@gatehouse/web';
import { type FastifyInstance, fastify } from 'fastify';

/** Requests in hand when the process stops may take this long to end, in milliseconds. */
const CLOSE_PATIENCE_MS = 5_000;

/**
 * An app without request logging: one line per delivery is written by whoever takes it, and a
 * flood of forged requests must not write any.
 */
export function createHttpApp(): FastifyInstance {
  return fastify({
    ...webServerOptions,
    logger: false,
    // Live streams would otherwise hold up stopping for ever.
    forceCloseConnections: true,
    requestTimeout: CLOSE_PATIENCE_MS * 12,
    trustProxy: false,
  });
}

/** Starts listening. @returns the port that was taken. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  await app.listen({ host, port });
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/**
 * The log of a build that ran here, part by part. Job output is a stranger's text: it is only ever
 * plain text, and no browser is left to guess.
 */
import type { FastifyInstance } from 'fastify';
import { sendFailure } from '../http/failures.ts';
import { text } from '../text.ts';
import type { ReadDeps } from './read-api.ts';

interface LogRoute {
  Params: { id: string };
  Querystring: { offset?: string };
}

/** Registers `GET /api/v1/builds/:id/log?offset=BYTES`. */
export function registerLogApi(scope: FastifyInstance, { deps, runs, viewerOf }: ReadDeps): void {
  scope.get<LogRoute>('/api/v1/builds/:id/log', async (request, reply) => {
    const found = await runs.findBuild(request.params.id, viewerOf(request));
    if (found === null) return sendFailure(reply, text.failures.notFound);
    const offset = readOffset(request.query.offset);
    if (offset === null) return sendFailure(reply, text.failures.badOffset);
    const part = await deps.logs.readLog(found.build.id, null, offset);
    if (part === null) return sendFailure(reply, text.failures.notFound);
    return reply
      .type('text/plain; charset=utf-8')
      .header('x-log-next-offset', String(part.nextOffset))
      .header('x-log-complete', String(part.isComplete))
      .send(Buffer.from(part.bytes));
  });
}

/** Null: not a whole number of bytes. */
function readOffset(given: unknown): number | null {
  if (given === undefined) return 0;
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) return null;
  return Number(given);
}

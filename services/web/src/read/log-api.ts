/**
 * The log of a build that ran here, part by part. Job output is a stranger's text: it is only ever
 * plain text, and no browser is left to guess.
 */
import { Readable } from 'node:stream';
import type { BuildId } from '@gatehouse/model';
import type { Build, Item } from '@gatehouse/pipeline';
import type { JobLogPart, JobLogs } from '@gatehouse/ports';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendFailure } from '../http/failures.ts';
import { text } from '../text.ts';
import type { ReadDeps } from './read-api.ts';

interface LogRoute {
  Params: { id: string };
  Querystring: { attempt?: string; offset?: string; tail?: string; limit?: string };
}

/** A log that somebody asked for. */
interface Asked {
  readonly logs: JobLogs;
  readonly build: BuildId;
  /** Null: the newest that there is. */
  readonly attempt: number | null;
}

/** How long after a build's end its log may still come in, in milliseconds. */
const LATE_LOG_MS = 60_000;

const PLAIN = 'text/plain; charset=utf-8';

/**
 * Registers `GET /api/v1/builds/:id/log?offset=BYTES&limit=BYTES` (or `?tail=BYTES` for the end),
 * and `…/log/full` for all that is there now. Both take `attempt=N`: the log of that attempt, which
 * is not there (404) before the attempt has begun to write. Without it, the newest that there is
 * when the request comes. One answer is from one log, but the next request may be answered from
 * another one while a job is tried again, so whoever reads on from an offset names the attempt.
 */
export function registerLogApi(scope: FastifyInstance, { deps, runs, viewerOf }: ReadDeps): void {
  const { logs } = deps;

  scope.get<LogRoute>('/api/v1/builds/:id/log', async (request, reply) => {
    const found = await runs.findBuild(request.params.id, viewerOf(request));
    if (found === null) return sendFailure(reply, text.failures.notFound);
    const attempt = readAttempt(request.query.attempt);
    if (attempt === 'bad') return sendFailure(reply, text.failures.badAttempt);
    const [offset, tail, limit] = (['offset', 'tail', 'limit'] as const).map((name) =>
      readBytes(request.query[name]),
    );
    if (offset === 'bad' || tail === 'bad' || limit === 'bad') {
      return sendFailure(reply, text.failures.badOffset);
    }
    const { id } = found.build;
    const part = await (typeof tail === 'number'
      ? readTail({ logs, build: id, attempt }, tail)
      : logs.readLog(id, attempt, offset ?? 0));
    return part === null
      ? sendFailure(reply, text.failures.notFound)
      : sendPart(reply, shorten(orCutOff(part, found), limit ?? part.bytes.byteLength));
  });

  /**
   * A log whose writer died has no end of its own: nothing comes any more when its build is over, or
   * its run, which leaves its builds as they were when an internal error ends it.
   */
  function orCutOff(part: JobLogPart, found: { item: Item; build: Build }): JobLogPart {
    const overAt = found.build.completedAt ?? found.item.completedAt;
    const isOver = overAt !== null && deps.clock.now() - overAt > LATE_LOG_MS;
    return isOver && part.bytes.byteLength === 0 ? { ...part, isComplete: true } : part;
  }

  scope.get<LogRoute>('/api/v1/builds/:id/log/full', async (request, reply) => {
    const found = await runs.findBuild(request.params.id, viewerOf(request));
    if (found === null) return sendFailure(reply, text.failures.notFound);
    const attempt = readAttempt(request.query.attempt);
    if (attempt === 'bad') return sendFailure(reply, text.failures.badAttempt);
    const asked: Asked = { logs, build: found.build.id, attempt };
    const first = await logs.readLog(asked.build, attempt, 0);
    if (first === null) return sendFailure(reply, text.failures.notFound);
    return reply.type(PLAIN).send(Readable.from(allParts(asked, first)));
  });
}

function sendPart(reply: FastifyReply, part: JobLogPart): FastifyReply {
  return reply
    .type(PLAIN)
    .header('x-log-offset', String(part.nextOffset - part.bytes.byteLength))
    .header('x-log-next-offset', String(part.nextOffset))
    .header('x-log-complete', String(part.isComplete))
    .send(Buffer.from(part.bytes));
}

/** The last bytes; as many as one part has when the log grows meanwhile. */
async function readTail(asked: Asked, tail: number): Promise<JobLogPart | null> {
  const { logs, build, attempt } = asked;
  // An offset beyond the end counts as the end, and says where that is.
  const end = await logs.readLog(build, attempt, Number.MAX_SAFE_INTEGER);
  if (end === null) return null;
  return logs.readLog(build, end.attempt, Math.max(0, end.nextOffset - tail));
}

function shorten(part: JobLogPart, bytesMax: number): JobLogPart {
  const excess = part.bytes.byteLength - bytesMax;
  if (excess <= 0) return part;
  const bytes = part.bytes.subarray(0, bytesMax);
  return { ...part, bytes, nextOffset: part.nextOffset - excess, isComplete: false };
}

/** Ends at what is the end then, also while the job goes on writing or is tried again. */
async function* allParts({ logs, build }: Asked, first: JobLogPart) {
  let part: JobLogPart | null = first;
  while (part !== null && part.bytes.byteLength > 0) {
    yield Buffer.from(part.bytes);
    if (part.isComplete) return;
    part = await logs.readLog(build, first.attempt, part.nextOffset);
  }
}

/** Attempts count from 1; null when none is named. */
function readAttempt(given: unknown): number | null | 'bad' {
  if (given === undefined) return null;
  if (typeof given !== 'string' || !/^[1-9]\d{0,14}$/.test(given)) return 'bad';
  return Number(given);
}

/** A whole number of bytes; undefined when none is given. */
function readBytes(given: unknown): number | undefined | 'bad' {
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^\d{1,15}$/.test(given)) return 'bad';
  return Number(given);
}

/**
 * Callbacks of runners elsewhere (contracts, section 5). Refusals come in this order: 404, 401,
 * 413, 400, 422, 409. Who reports is settled before the body is read, so that strangers cannot
 * make the service hold megabytes, and staleness is left to the register, which decides in the
 * same step as it takes the report.
 */
import { type CallbackAnswer, readResultBody, readStartedBody } from '@gatehouse/contracts';
import { eventId } from '@gatehouse/model';
import { asJson, type BuildCompleted, type BuildStarted } from '@gatehouse/pipeline';
import type { BuildReport, ReportAnswer } from '@gatehouse/ports';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebDeps } from '../deps.ts';
import { type JsonBody, readAnyJson } from '../http/bodies.ts';
import { sendFailure } from '../http/failures.ts';
import { text } from '../text.ts';
import { hashReport } from './report-hash.ts';
import { findReporter, type Reporter } from './reporter.ts';

/** The contract's limit: a report carries references and remarks, not logs. */
const REPORT_BYTES_MAX = 1024 * 1024;

interface CallbackRoute {
  Params: { id: string };
  Body: JsonBody | undefined;
}

/** Registers `/api/v1/builds/:id/started` and `/result`. */
export function registerCallbacks(parent: FastifyInstance, deps: WebDeps): void {
  parent.register(async (scope) => {
    readAnyJson(scope);
    const reporters = new WeakMap<FastifyRequest['raw'], Reporter>();
    const identify = async (request: FastifyRequest<CallbackRoute>, reply: FastifyReply) => {
      const { authorization } = request.headers;
      const reporter = await findReporter(deps.builds, request.params.id, authorization);
      if (typeof reporter === 'string') return refuse(reply, reporter);
      reporters.set(request.raw, reporter);
    };
    const handlers = { started: takeStart, result: takeResult };
    for (const [path, take] of Object.entries(handlers)) {
      scope.post<CallbackRoute>(
        `/api/v1/builds/:id/${path}`,
        { bodyLimit: REPORT_BYTES_MAX, onRequest: identify },
        async (request, reply) => {
          const reporter = reporters.get(request.raw);
          if (reporter === undefined) return refuse(reply, 'wrong-token');
          if (request.body?.ok === false) return sendFailure(reply, text.failures.malformedJson);
          return take({ deps, reporter, reply }, request.body?.value);
        },
      );
    }
  });
}

interface Call {
  readonly deps: WebDeps;
  readonly reporter: Reporter;
  readonly reply: FastifyReply;
}

async function takeStart(call: Call, body: unknown): Promise<FastifyReply> {
  const reading = readStartedBody(body);
  if (!reading.ok) return unfit(call.reply, reading.reasons);
  const { build, buildset, tenant, attempt } = call.reporter.ticket;
  const { logUrl } = reading.value;
  const resultHash = hashReport({ logUrl });
  const event: BuildStarted = {
    type: 'BuildStarted',
    id: eventId(`${build}/${attempt}/started/${resultHash.slice(0, 8)}`),
    tenant,
    at: call.deps.clock.now(),
    buildset,
    build,
    attempt,
    logUrl,
    hasLog: false,
  };
  const report = reportOf(call.reporter, resultHash, event);
  return conclude(call, await call.deps.builds.acceptStart(report), []);
}

async function takeResult(call: Call, body: unknown): Promise<FastifyReply> {
  const reading = readResultBody(body);
  if (!reading.ok) return unfit(call.reply, reading.reasons);
  const { build, buildset, tenant, attempt } = call.reporter.ticket;
  const { result, logUrl, data } = reading.result;
  const event: BuildCompleted = {
    type: 'BuildCompleted',
    id: eventId(`${build}/${attempt}/completed`),
    tenant,
    at: call.deps.clock.now(),
    buildset,
    build,
    attempt,
    result,
    logUrl,
    detail: null,
    data,
  };
  const report = reportOf(call.reporter, hashReport({ result, logUrl, data }), event);
  return conclude(call, await call.deps.builds.acceptResult(report), [...reading.dropped]);
}

function reportOf(
  { ticket, tokenHash }: Reporter,
  resultHash: string,
  event: BuildStarted | BuildCompleted,
): BuildReport {
  const stored = { id: event.id, body: asJson(event) };
  return { build: ticket.build, attempt: null, tokenHash, resultHash, event: stored };
}

async function conclude(
  { deps, reporter, reply }: Call,
  answer: ReportAnswer,
  dropped: CallbackAnswer['dropped'],
): Promise<FastifyReply> {
  if (answer !== 'accepted' && answer !== 'repeated') return refuse(reply, answer);
  const { build, buildset, tenant, attempt } = reporter.ticket;
  // After a repetition too: the first answer may have been lost together with this message.
  await deps.queue.send('turns', { tenant });
  deps.log.info(
    { buildset, build, attempt, answer, dropped: dropped.length },
    'a runner reported on a build',
  );
  const body: CallbackAnswer = { accepted: true, state: answer, dropped };
  return reply.send(body);
}

function unfit(reply: FastifyReply, reasons: readonly string[]): FastifyReply {
  return sendFailure(reply, { ...text.failures.unfitReport, reasons });
}

function refuse(
  reply: FastifyReply,
  answer: Exclude<ReportAnswer, 'accepted' | 'repeated'>,
): FastifyReply {
  if (answer === 'wrong-token') reply.header('www-authenticate', 'Bearer');
  return sendFailure(reply, text.callbacks[answer]);
}

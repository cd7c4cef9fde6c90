/**
 * Answers that are not what was asked for: JSON for APIs, a plain page for pages. The kind of an
 * error decides status and log level; what a stranger is told never holds more than that.
 */
import type { ErrorBody } from '@gatehouse/contracts';
import { conductOf, GatehouseError, kindOf } from '@gatehouse/model';
import type { Log } from '@gatehouse/ports';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { text } from '../text.ts';

/** An answer other than the one asked for. */
export interface Failure {
  readonly status: number;
  /** Stable word. */
  readonly code: string;
  readonly message: string;
  /** What exactly does not fit, one sentence each. */
  readonly reasons?: readonly string[];
}

/** Renders a failure as a page. */
export type FailurePage = (failure: Failure, request: FastifyRequest) => string;

/** Sends a failure of an API. */
export function sendFailure(reply: FastifyReply, failure: Failure): FastifyReply {
  const { status, code, message, reasons } = failure;
  const error = { code, message, ...(reasons === undefined ? {} : { reasons: [...reasons] }) };
  const body: ErrorBody = { error };
  return reply.code(status).type('application/json; charset=utf-8').send(body);
}

/** Answers unknown routes and everything that is thrown in this scope. */
export function handleFailures(scope: FastifyInstance, log: Log, renderPage: FailurePage): void {
  const send = (request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply =>
    isPage(request)
      ? reply
          .code(failure.status)
          .type('text/html; charset=utf-8')
          .send(renderPage(failure, request))
      : sendFailure(reply, failure);
  scope.setNotFoundHandler((request, reply) => send(request, reply, text.failures.noSuchRoute));
  scope.setErrorHandler<FastifyError>((error, request, reply) => {
    const failure = failureOf(error, request, log);
    if (failure.status === 503) reply.header('retry-after', '5');
    return send(request, reply, failure);
  });
}

function isPage({ url }: FastifyRequest): boolean {
  return !/^\/(?:api\/|healthz|readyz|metrics)/.test(url);
}

function failureOf(error: FastifyError, request: FastifyRequest, log: Log): Failure {
  const status = error.statusCode ?? 500;
  if (!(error instanceof GatehouseError) && status >= 400 && status < 500) {
    return status === 413
      ? text.failures.tooLarge
      : { status, code: 'bad_request', message: text.failures.badRequest(status) };
  }
  const { logLevel, isRetried } = conductOf(
    error instanceof GatehouseError ? kindOf(error) : 'invariant',
  );
  // Somebody waits for this answer, so even what is retried elsewhere is worth a warning here.
  log[isRetried ? 'warn' : logLevel](
    { request_id: request.id, route: request.routeOptions.url, err: error },
    'a request could not be answered',
  );
  return isRetried ? text.failures.unavailable : text.failures.internal(request.id);
}

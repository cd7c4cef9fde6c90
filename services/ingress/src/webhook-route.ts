/**
 * The webhook's address. What a sender gets is fixed: 413 for a body over the limit, then 401 for
 * a signature that is missing or wrong, then 400 for what is not JSON or lacks GitHub's headers,
 * and 202 only after the delivery is stored and waits in the inbox. 503 makes GitHub show the
 * delivery as failed, from where it is sent again.
 *
 * Everything happens in the `onRequest` hook: what fastify does between there and a handler
 * (choosing a body parser by content type) could answer before the signature was looked at.
 *
 * A forged request costs its HMAC, a counter and nothing else: no log line, no copy of the body.
 */
import type { IncomingMessage } from 'node:http';
import { isDeliveryId, kindOf } from '@gatehouse/model';
import type { Clock, Log, RawDelivery } from '@gatehouse/ports';
import type { Metrics } from '@gatehouse/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerAndLinger } from './answer-and-linger.ts';
import { type RefusalAnswer, refusalBody, refusals } from './answers.ts';
import { isJson } from './is-json.ts';
import { BODY_BYTES_MAX, BODY_TIMEOUT_MS, BUFFERED_BYTES_MAX, STORE_TIMEOUT_MS } from './limits.ts';
import { type BodyReading, type ByteBudget, readBody } from './read-body.ts';
import { createRefusalLog, type Refusal, type RefusalLog } from './refusal-log.ts';
import { isSignatureOf, parseSignature, signatureKey } from './signature.ts';
import { type TakeDeliveryDeps, takeDelivery } from './take-delivery.ts';

/** Where GitHub sends webhooks. */
export const WEBHOOK_PATH = '/webhooks/github';

/** What the route works with. */
export interface WebhookRouteDeps extends Omit<TakeDeliveryDeps, 'storeTimeoutMs'> {
  readonly webhookSecret: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'webhookAnswered'>;
  /** Limits that tests make smaller. */
  readonly limits?: {
    readonly bodyBytesMax?: number;
    readonly bufferedBytesMax?: number;
    readonly bodyTimeoutMs?: number;
    readonly storeTimeoutMs?: number;
  };
}

const EVENT = /^[A-Za-z0-9_.-]{1,100}$/;

/** Adds `POST /webhooks/github` to `app`, in a scope of its own. */
export function registerWebhookRoute(app: FastifyInstance, deps: WebhookRouteDeps): void {
  const refusalLog = createRefusalLog(deps);
  const take = createTaker(deps, refusalLog);
  app.register(async (scope) => {
    scope.route({
      method: 'POST',
      url: WEBHOOK_PATH,
      logLevel: 'silent',
      onRequest: take,
      handler: (_request, reply) => reply,
    });
    scope.addHook('onClose', async () => refusalLog.flush());
  });
}

/** A body with a good signature, or the reason to refuse. */
type Genuine =
  | { readonly ok: true; readonly body: Buffer; release(): void }
  | { readonly ok: false; readonly refusal: RefusalAnswer };

function createTaker(deps: WebhookRouteDeps, refusalLog: RefusalLog) {
  const key = signatureKey(deps.webhookSecret);
  const budget: ByteBudget = {
    bytesMax: deps.limits?.bufferedBytesMax ?? BUFFERED_BYTES_MAX,
    used: 0,
  };
  const readOptions = {
    bytesMax: deps.limits?.bodyBytesMax ?? BODY_BYTES_MAX,
    timeoutMs: deps.limits?.bodyTimeoutMs ?? BODY_TIMEOUT_MS,
    budget,
  };
  const storeTimeoutMs = deps.limits?.storeTimeoutMs ?? STORE_TIMEOUT_MS;
  const taking: TakeDeliveryDeps = { ...deps, storeTimeoutMs };

  async function readGenuine(raw: IncomingMessage): Promise<Genuine> {
    const claimed = parseSignature(raw.headers['x-hub-signature-256']);
    const reading = await readBody(raw, { ...readOptions, isKept: claimed !== null });
    if (reading.kind !== 'whole') return { ok: false, refusal: refusalOf(reading.kind) };
    const { chunks, release } = reading;
    if (claimed === null || !isSignatureOf(claimed, chunks, key)) {
      release();
      return { ok: false, refusal: refusals.forged };
    }
    const [first] = chunks;
    const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    return { ok: true, body, release };
  }

  return async function take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const startedAt = performance.now();

    function refuse(refusal: RefusalAnswer, err?: unknown): FastifyReply {
      deps.metrics.webhookAnswered(refusal.result, performance.now() - startedAt);
      refusalLog.note({ code: refusal.code, level: levelOf(refusal, err), err });
      return sendRefusal(reply, refusal);
    }

    const genuine = await readGenuine(request.raw);
    if (!genuine.ok) return refuse(genuine.refusal);
    try {
      const delivery = readDelivery(request.raw, genuine.body, deps.clock.now());
      if (!delivery.ok) return refuse(delivery.refusal);
      const { deliveryId } = delivery.delivery;
      const state = await takeDelivery(taking, delivery.delivery);
      deps.metrics.webhookAnswered(state, performance.now() - startedAt);
      deps.log.debug(
        { delivery_id: deliveryId, event: delivery.delivery.event, state },
        'Delivery taken',
      );
      return sendAccepted(reply, `{"delivery":"${deliveryId}","state":"${state}"}`);
    } catch (error) {
      // Whatever kept it from being stored, GitHub has to see a failure and send it again.
      return refuse(refusals.unavailable, error);
    } finally {
      genuine.release();
    }
  };
}

function levelOf(refusal: RefusalAnswer, err: unknown): Refusal['level'] {
  if (refusal.result !== 'unavailable') return 'warn';
  return kindOf(err) === 'invariant' ? 'fatal' : 'error';
}

function refusalOf(kind: Exclude<BodyReading['kind'], 'whole'>): RefusalAnswer {
  switch (kind) {
    case 'too-large':
      return refusals.tooLarge;
    case 'overloaded':
      return refusals.overloaded;
    case 'timed-out':
      return refusals.timedOut;
    case 'truncated':
      return refusals.truncated;
  }
}

/** Past fastify's own sending, which has nothing to add here. @param body of ASCII alone. */
function sendAccepted(reply: FastifyReply, body: string): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(202, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  reply.raw.end(body, 'latin1');
  return reply;
}

function sendRefusal(reply: FastifyReply, refusal: RefusalAnswer): FastifyReply {
  const body = refusalBody(refusal);
  if (refusal.isClosing) {
    reply.hijack();
    answerAndLinger(reply.raw, refusal, body);
    return reply;
  }
  if (refusal.retryAfterS !== undefined) reply.header('retry-after', refusal.retryAfterS);
  return reply
    .code(refusal.status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(body);
}

/** A delivery as it is stored, or the reason to refuse. */
type DeliveryReading =
  | { readonly ok: true; readonly delivery: RawDelivery }
  | { readonly ok: false; readonly refusal: RefusalAnswer };

function readDelivery(raw: IncomingMessage, body: Buffer, receivedAt: number): DeliveryReading {
  const { headers } = raw;
  if (isFormEncoded(headers['content-type'])) return { ok: false, refusal: refusals.formEncoded };
  if (!isJson(body)) return { ok: false, refusal: refusals.malformed };
  const event = headers['x-github-event'];
  if (typeof event !== 'string' || !EVENT.test(event)) {
    return { ok: false, refusal: refusals.missingEvent };
  }
  const deliveryId = headers['x-github-delivery'];
  if (typeof deliveryId !== 'string' || !isDeliveryId(deliveryId)) {
    return { ok: false, refusal: refusals.missingDelivery };
  }
  return { ok: true, delivery: { deliveryId, event, body, receivedAt } };
}

function isFormEncoded(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded') ?? false;
}

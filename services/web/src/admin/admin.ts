/**
 * The admin API (contracts, section 3). Only the bearer token opens it, never a session, so that
 * no page of somebody else can make a browser use it. What is wished is posted to the engine and
 * done behind the answer.
 */
import { randomUUID } from 'node:crypto';
import {
  type AdminAnswer,
  type AdminBody,
  adminActions,
  readAdminBody,
} from '@gatehouse/contracts';
import {
  type BuildsetId,
  eventId,
  proposedChangeKey,
  refChangeKey,
  type TenantId,
  tenantOf,
} from '@gatehouse/model';
import {
  asJson,
  changeRecordKey,
  type DequeueRequested,
  readChangeRecord,
} from '@gatehouse/pipeline';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { WebDeps } from '../deps.ts';
import { type JsonBody, readAnyJson } from '../http/bodies.ts';
import { sendFailure } from '../http/failures.ts';
import { text } from '../text.ts';
import { isAdminToken } from '../viewer/viewers.ts';

/** Four short words. */
const ADMIN_BYTES_MAX = 64 * 1024;

/** Part of the ids that follow from it, which have at most 128 characters. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

type Act = (call: AdminCall) => Promise<FastifyReply>;

interface AdminCall {
  readonly deps: WebDeps;
  readonly body: AdminBody;
  /** The same when the caller says that it is the same wish. */
  readonly requestId: string;
  readonly reply: FastifyReply;
}

const acts = {
  enqueue,
  dequeue,
  abort: dequeue,
  promote: async ({ reply }) => sendFailure(reply, text.admin.noSharedQueues),
} as const satisfies Record<(typeof adminActions)[number], Act>;

/** Registers `/api/v1/admin/…`. */
export function registerAdmin(parent: FastifyInstance, deps: WebDeps): void {
  const { adminToken } = deps.settings;
  parent.register(async (scope) => {
    readAnyJson(scope);
    scope.addHook('onRequest', async (request, reply) => {
      if (adminToken === null) return sendFailure(reply, text.admin.off);
      if (isAdminToken(adminToken, request.headers.authorization)) return;
      return sendFailure(reply.header('www-authenticate', 'Bearer'), text.admin.wrongToken);
    });
    for (const action of adminActions) {
      scope.post<{ Body: JsonBody | undefined }>(
        `/api/v1/admin/${action}`,
        { bodyLimit: ADMIN_BYTES_MAX },
        async ({ body, headers }, reply) => {
          if (body?.ok === false) return sendFailure(reply, text.failures.malformedJson);
          const reading = readAdminBody(body?.value);
          if (!reading.ok) {
            return sendFailure(reply, { ...text.admin.badBody, reasons: reading.reasons });
          }
          const requestId = requestIdOf(headers['idempotency-key']);
          return acts[action]({ deps, body: reading.value, requestId, reply });
        },
      );
    }
  });
}

/** What a caller names its wish, so that sending it twice makes one run; else a new name. */
function requestIdOf(given: string | string[] | undefined): string {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

async function enqueue({ deps, body, requestId, reply }: AdminCall): Promise<FastifyReply> {
  const { repository, number, pipeline } = body;
  if (deps.enqueue === undefined) return sendFailure(reply, text.admin.cannotEnqueue);
  if (number === undefined) return sendFailure(reply, text.admin.onlyProposed);
  const answer = await deps.enqueue({ repository, number, pipeline, requestId });
  if (answer.code !== 'accepted') return sendFailure(reply, text.admin[answer.code]);
  deps.log.info({ ...body }, 'an administrator had a change enqueued');
  return accept(reply, []);
}

/** Aborting a run and taking it out of its pipeline are the same while each has its own queue. */
async function dequeue({ deps, body, reply }: AdminCall): Promise<FastifyReply> {
  const tenant = tenantOf(body.repository);
  const buildsets = await findLive(deps, tenant, body);
  if (buildsets.length === 0) return sendFailure(reply, text.admin.notLive);
  const events = buildsets.map((buildset) => dequeueRequest(deps, tenant, buildset));
  await deps.tenants.post(
    tenant,
    events.map((event) => ({ id: event.id, body: asJson(event) })),
  );
  await deps.queue.send('turns', { tenant });
  deps.log.info({ ...body, buildsets }, 'an administrator had a change dequeued');
  return accept(reply, buildsets);
}

async function findLive(
  { tenants }: WebDeps,
  tenant: TenantId,
  { repository, number, ref, pipeline }: AdminBody,
): Promise<readonly BuildsetId[]> {
  const key =
    number === undefined
      ? refChangeKey(repository, ref ?? '')
      : proposedChangeKey(repository, number);
  const [stored] = await tenants.readRecords(tenant, [changeRecordKey(key)]);
  if (stored == null) return [];
  return readChangeRecord(stored)
    .live.filter((run) => run.pipeline === pipeline)
    .map((run) => run.buildset);
}

function dequeueRequest(deps: WebDeps, tenant: TenantId, buildset: BuildsetId): DequeueRequested {
  return {
    type: 'DequeueRequested',
    // A run leaves its pipeline once, so the same wish is the same event.
    id: eventId(`${buildset}/dequeue-requested`),
    tenant,
    at: deps.clock.now(),
    buildset,
    by: text.admin.who,
  };
}

function accept(reply: FastifyReply, buildsets: readonly BuildsetId[]): FastifyReply {
  const body: AdminAnswer = { accepted: true, buildsets: [...buildsets] };
  return reply.code(202).send(body);
}

/**
 * Intake: from what arrived to what the engine is told. A delivery says where to look; the facts
 * are asked from the code host now, so that doubled, late and reordered deliveries are harmless.
 * Everything ends in a visible place: an event in the mailbox, or a finished delivery with the
 * reason why nothing follows.
 */
import {
  type DeliveryId,
  GatehouseError,
  type Json,
  type TenantId,
  tenantOf,
} from '@gatehouse/model';
import { asJson, type EngineEvent } from '@gatehouse/pipeline';
import type {
  MessageCatalogue,
  MessageContext,
  MessageOutcome,
  RawDelivery,
} from '@gatehouse/ports';
import type { EngineDeps } from '../deps.ts';
import { freezeItem, ownedBranchIn } from './freeze.ts';
import { eventIdOf } from './ids.ts';
import { NOT_SHOWN_PAUSE_MS, NOT_SHOWN_TRIES_MAX } from './limits.ts';
import { createNotedLayouts } from './noted-layouts.ts';
import { type EnqueueRequest, type Observation, observe, observeByHand } from './observer.ts';

type EventsMessage = MessageCatalogue['events'];

/** How an administrator's enqueue went. */
export type EnqueueAnswer =
  | { readonly code: 'accepted' }
  | { readonly code: 'unknown-change' }
  | { readonly code: 'not-in-pipeline' };

/** Makes the handlers of the `events` queue. */
export function createIntake(deps: EngineDeps) {
  const { layouts, tellNotes, reviewOwner } = createNotedLayouts(deps);
  const withLayouts = { ...deps, layouts };

  async function post(tenant: TenantId, events: readonly EngineEvent[]): Promise<void> {
    const stored = events.map((event) => ({ id: event.id, body: asJson(event) }));
    await deps.tenants.post(tenant, stored);
    await deps.queue.send('turns', { tenant });
  }

  async function handle(message: EventsMessage, context: MessageContext): Promise<MessageOutcome> {
    if (message.kind === 'delivery') return takeDelivery(message.deliveryId, context);
    const event = await freezeItem(withLayouts, message, context.attempt);
    if (event !== null) await post(message.tenant, [event]);
    return 'done';
  }

  async function takeDelivery(id: DeliveryId, context: MessageContext): Promise<MessageOutcome> {
    const log = deps.log.child({ delivery_id: id });
    const raw = await deps.deliveries.readDelivery(id);
    if (raw === null) {
      log.debug({}, 'delivery was worked on before');
      return 'done';
    }
    const payload = payloadOf(raw);
    if (payload === undefined) return finish(id, 'ignored: the body is not JSON');
    const notice = deps.deliveryReader.readDelivery(raw.event, payload);
    const observation = await observe(withLayouts, notice, id);
    if (observation.code === 'not-shown' && context.attempt < NOT_SHOWN_TRIES_MAX) {
      throw notShownYet(observation);
    }
    if (notice.kind === 'installation') await reviewOwner(notice.account);
    if (observation.code !== 'observed') return finish(id, `ignored: ${observation.reason}`);
    for (const event of observation.events) await post(tenantOf(event.change.repository), [event]);
    return finish(id, `observed: ${observation.events.length} changes`);
  }

  async function finish(id: DeliveryId, outcome: string): Promise<MessageOutcome> {
    await tellNotes();
    await deps.deliveries.finishDelivery(id, outcome);
    deps.log.info({ delivery_id: id, outcome }, 'delivery worked on');
    return 'done';
  }

  /** The delivery's id stays pending, so that its redelivery is worked on again. */
  async function giveUp(message: EventsMessage, error: Error): Promise<void> {
    deps.log.error({ message, err: error }, 'an event was given up');
    if (message.kind === 'delivery') return;
    const { tenant, buildset, key } = message;
    await post(tenant, [
      {
        type: 'ItemPrepared',
        id: eventIdOf(key, 'given-up'),
        tenant,
        at: deps.clock.now(),
        buildset,
        preparation: {
          code: 'failed',
          message: error.message,
          ownedBranch: ownedBranchIn(message),
        },
      },
    ]);
  }

  async function enqueue(request: EnqueueRequest): Promise<EnqueueAnswer> {
    const observation = await observeByHand(withLayouts, request);
    if (observation.code !== 'observed') return { code: 'unknown-change' };
    const takesPart = observation.events.some((event) =>
      event.pipelines.some((one) => one.takesPart && one.definition.name === request.pipeline),
    );
    if (!takesPart) return { code: 'not-in-pipeline' };
    for (const event of observation.events) await post(event.tenant, [event]);
    return { code: 'accepted' };
  }

  return { handle, giveUp, enqueue };
}

function notShownYet(observation: Extract<Observation, { code: 'not-shown' }>): GatehouseError {
  return new GatehouseError('GATE_GITHUB_NOT_FOUND', observation.reason, {
    retryAfterMs: NOT_SHOWN_PAUSE_MS,
  });
}

/** Undefined when the body is no JSON; ingress refuses those, so only an old record can hold one. */
function payloadOf(raw: RawDelivery): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(raw.body)) as Json; // what JSON.parse gives
  } catch {
    return undefined;
  }
}

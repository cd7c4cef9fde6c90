import { conductOf, type DeliveryId, isDeliveryId, kindOf } from '@gatehouse/model';
import type {
  Clock,
  DeliveryLog,
  DeliveryStore,
  FailedDelivery,
  Log,
  WorkQueue,
} from '@gatehouse/ports';
import { bindLog, type Metrics } from '@gatehouse/telemetry';
import type { HealingNotes } from './healing-notes.ts';
import { ASK_AGAIN_MS } from './limits.ts';

/** What healing one delivery takes. */
export interface HealDeliveryDeps {
  readonly deliveries: Pick<DeliveryStore, 'isKnownDelivery' | 'readDelivery'>;
  readonly queue: Pick<WorkQueue, 'send'>;
  readonly deliveryLog: Pick<DeliveryLog, 'redeliver'>;
  readonly notes: HealingNotes;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'redeliveryRequested'>;
}

/** What was done about a failed delivery. */
export type Healing =
  /** GitHub was asked to send it again. */
  | 'asked'
  /** It had come in but was never queued: it is now. */
  | 'requeued'
  /** It was worked on. */
  | 'known'
  /** It was asked for a short while ago, or so often that another time makes no sense. */
  | 'left'
  /** GitHub does not send this one again, for instance because it is too old. */
  | 'refused';

/**
 * Brings one failed delivery back. Doing it twice is harmless: a redelivery carries the same id.
 * @throws GatehouseError transient ones, and a missing permission: they concern every delivery
 */
export async function healDelivery(
  deps: HealDeliveryDeps,
  failed: FailedDelivery,
): Promise<Healing> {
  const { deliveryId } = failed;
  const log = bindLog(deps.log, { delivery_id: deliveryId, event: failed.event });
  if (!isDeliveryId(deliveryId)) {
    log.warn({}, 'Failed delivery has no usable id');
    return 'left';
  }
  if (await deps.deliveries.isKnownDelivery(deliveryId)) return requeue(deps, deliveryId, log);
  const before = (await deps.notes.readAsked(deliveryId)) ?? { times: 0, at: 0 };
  const now = deps.clock.now();
  if (before.times > 0 && now - before.at < pauseAfter(before.times)) return 'left';
  const times = before.times + 1;
  // Noted first: a crash in between costs one pause, the other order could ask without end.
  await deps.notes.writeAsked(deliveryId, { times, at: now });
  try {
    await deps.deliveryLog.redeliver(failed.attemptId);
  } catch (error) {
    if (concernsAll(error)) {
      // It was not this delivery's fault, so it does not count against it.
      await deps.notes.writeAsked(deliveryId, before);
      throw error;
    }
    log.warn({ err: error }, 'Redelivery refused');
    return 'refused';
  }
  deps.metrics.redeliveryRequested();
  const fields = { times, delivered_at: failed.deliveredAt };
  if (pauseAfter(times) === Infinity) log.warn(fields, 'Redelivery requested for the last time');
  else log.info(fields, 'Redelivery requested');
  return 'asked';
}

function pauseAfter(times: number): number {
  return ASK_AGAIN_MS[times - 1] ?? Infinity;
}

/** A delivery whose body is here waits to be worked on; whether it was queued cannot be seen. */
async function requeue(deps: HealDeliveryDeps, deliveryId: DeliveryId, log: Log): Promise<Healing> {
  const stored = await deps.deliveries.readDelivery(deliveryId);
  if (stored === null) return 'known';
  await deps.queue.send('events', { kind: 'delivery', deliveryId, event: stored.event });
  log.info({}, 'Stored delivery queued again');
  return 'requeued';
}

/** Whether the next delivery would meet the same error. */
function concernsAll(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'GATE_GITHUB_NOT_FOUND' || code === 'GATE_GITHUB_REFUSED') return false;
  return conductOf(kindOf(error)).isRetried || code === 'GATE_GITHUB_PERMISSION';
}

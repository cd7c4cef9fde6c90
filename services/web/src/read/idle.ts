/**
 * How much is waiting and in hand, and whether that is nothing.
 *
 * Work walks in a circle (inbox → events → turns → merges, launches, reports → events), and a step is
 * handed on before it is taken off. Counting in that direction, a thing that moves on meanwhile is
 * seen where it goes; only what comes round from the end to the start could be missed, so that
 * "nothing" counts when it was seen twice in a row.
 */
import type { StatusBody } from '@gatehouse/contracts';
import type { DeliveryStore, QueueName, TenantStore, WorkQueue } from '@gatehouse/ports';

/** The load as the status API tells it. */
export interface Load {
  readonly isIdle: boolean;
  readonly queues: StatusBody['queues'];
}

interface Deps {
  readonly queue: Pick<WorkQueue, 'count'>;
  readonly deliveries: Pick<DeliveryStore, 'countInbox'>;
  readonly tenants: Pick<TenantStore, 'countWaiting'>;
}

/** Counts; timers do not count, and neither do builds that run elsewhere. */
export async function measureLoad(deps: Deps): Promise<Load> {
  const first = await countAll(deps);
  if (!isNothing(first)) return { isIdle: false, queues: first };
  const second = await countAll(deps);
  return { isIdle: isNothing(second), queues: second };
}

function isNothing({ events, builds, reports }: StatusBody['queues']): boolean {
  return events + builds + reports === 0;
}

async function countAll(deps: Deps): Promise<StatusBody['queues']> {
  const arrived = await deps.deliveries.countInbox();
  const deliveries = await countQueue(deps, 'events');
  const stored = await deps.tenants.countWaiting();
  const turns = await countQueue(deps, 'turns');
  const merges = await countQueue(deps, 'merges');
  const launches = await countQueue(deps, 'launches');
  const reports = await countQueue(deps, 'reports');
  return {
    events: arrived + deliveries + stored.events + stored.effects + turns,
    builds: merges + launches,
    reports,
  };
}

async function countQueue({ queue }: Deps, name: QueueName): Promise<number> {
  const { waiting, active, delayed } = await queue.count(name);
  return waiting + active + delayed;
}

/**
 * Hands effects from the outbox to the queues, oldest first, and clears them only when the queue
 * has them: each is relayed at least once, under its own key.
 */
import { assertNever, type TenantId } from '@gatehouse/model';
import { asJson, type Effect, readEffect } from '@gatehouse/pipeline';
import type { Log, StoredEffect, TenantStore, TimerStore, WorkQueue } from '@gatehouse/ports';

/** Effects handed on at once: bounds what a crash makes be relayed again. */
const EFFECTS_PER_RELAY_MAX = 100;

/** What relaying works with. */
export interface RelayDeps {
  readonly tenants: TenantStore;
  readonly timers: TimerStore;
  readonly queue: WorkQueue;
  readonly log: Log;
}

/** Relays until the outbox is empty. */
export async function relayEffects(deps: RelayDeps, tenant: TenantId): Promise<void> {
  for (;;) {
    const stored = await deps.tenants.readOutbox(tenant, EFFECTS_PER_RELAY_MAX);
    if (stored.length === 0) return;
    for (const one of stored) {
      const effect = readOrReport(deps.log, one);
      if (effect !== null) await relay(deps, effect);
    }
    await deps.tenants.clearOutbox(
      tenant,
      stored.map((one) => one.key),
    );
  }
}

/** An effect that cannot be read would block all that follow it; it is reported and left out. */
function readOrReport(log: Log, { key, body }: StoredEffect): Effect | null {
  try {
    return readEffect(body);
  } catch (error) {
    log.fatal({ effect: key, err: error }, 'an effect in an outbox cannot be read');
    return null;
  }
}

async function relay(deps: RelayDeps, effect: Effect): Promise<void> {
  const { key, tenant, buildset } = effect;
  deps.log.debug({ effect: key, effect_kind: effect.kind }, 'effect relayed');
  switch (effect.kind) {
    case 'PrepareItem':
      return deps.queue.send('merges', { key, tenant, buildset, action: 'build-state' });
    case 'ReleaseState':
      return deps.queue.send('merges', { key, tenant, buildset, action: 'release-state' });
    case 'LaunchBuild':
    case 'CancelBuild': {
      const { build, attempt } = effect;
      const action = effect.kind === 'LaunchBuild' ? 'launch' : 'cancel';
      return deps.queue.send('launches', { key, tenant, buildset, build, attempt, action });
    }
    case 'ReportItem':
      return deps.queue.send('reports', { tenant, buildset });
    case 'SetTimer':
      return deps.timers.setTimer({
        tenant,
        key,
        dueAt: effect.dueAt,
        event: { id: effect.event.id, body: asJson(effect.event) },
      });
    default:
      return assertNever(effect);
  }
}

/** Tenants with a number of live runs, and one more event for any of them. */
import {
  type BuildsetId,
  commitSha,
  eventId,
  repositoryKey,
  type TenantId,
  tenantId,
} from '@gatehouse/model';
import { asJson, type ChangeObserved } from '@gatehouse/pipeline';
import { aChange, observed } from '@gatehouse/pipeline/testing';
import type { TenantStore } from '@gatehouse/ports';

/** A tenant and the changes that are live in it. */
export interface Population {
  readonly tenant: TenantId;
  readonly size: number;
  /** How often a change got a new head so far. */
  heads: number;
}

/** A tenant of this many live runs, still without any. */
export function population(size: number): Population {
  return { tenant: tenantId(`live-${size}`), size, heads: 0 };
}

/**
 * A new head of one change: its run ends, another begins, so that as many are live as before.
 * @param number which change, from 1
 */
export function newHead(of: Population, number: number): ChangeObserved {
  of.heads += 1;
  const headSha = commitSha(of.heads.toString(16).padStart(40, '0'));
  const repository = repositoryKey(`${of.tenant}/api`);
  const event = observed({ change: aChange({ repository, number, headSha }) });
  return {
    ...event,
    tenant: of.tenant,
    id: eventId(`${of.tenant}-${of.heads}`),
    seed: `${of.tenant}-${of.heads}`,
  };
}

/** Posts events to the tenant's mailbox. */
export async function post(
  tenants: Pick<TenantStore, 'post'>,
  of: Population,
  events: readonly ChangeObserved[],
): Promise<void> {
  await tenants.post(
    of.tenant,
    events.map((event) => ({ id: event.id, body: asJson(event) })),
  );
}

/** @throws Error when the tenant does not have the live runs it should have. */
export function assertLive(of: Population, live: readonly BuildsetId[]): void {
  if (live.length !== of.size) {
    throw new Error(`${of.tenant} has ${live.length} live runs instead of ${of.size}`);
  }
}

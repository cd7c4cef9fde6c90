import type { Clock, Log, StateBuilder, TenantStore, WorkQueue } from '@gatehouse/ports';

/** What the merger works with. */
export interface MergerDeps {
  readonly queue: WorkQueue;
  readonly tenants: TenantStore;
  readonly states: StateBuilder;
  readonly clock: Clock;
  readonly log: Log;
}

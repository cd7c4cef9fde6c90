import type { Clock, Log, NoteStore, StateBuilder, TenantStore, WorkQueue } from '@gatehouse/ports';

/** What the merger works with. */
export interface MergerDeps {
  readonly queue: WorkQueue;
  readonly tenants: TenantStore;
  readonly notes: NoteStore;
  readonly states: StateBuilder;
  readonly clock: Clock;
  readonly log: Log;
}

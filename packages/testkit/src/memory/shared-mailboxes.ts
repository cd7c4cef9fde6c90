/** The mailboxes that tenants, timers and the register of builds have in common. */
import type { BuildsetId, TenantId } from '@gatehouse/model';
import type { StoredEvent } from '@gatehouse/ports';

/** What all parts share. */
export interface MemoryTenants {
  readonly mailboxes: Map<TenantId, Map<string, string>>;
  readonly seen: Set<string>;
  readonly tenantOfBuildset: Map<BuildsetId, TenantId>;
}

/** Appends unless seen. JSON is kept as text, so that nobody changes what is stored. */
export function postInto(
  shared: MemoryTenants,
  { tenant, event }: { readonly tenant: TenantId; readonly event: StoredEvent },
): void {
  const mark = `${tenant}|${event.id}`;
  if (shared.seen.has(mark)) return;
  shared.seen.add(mark);
  const mailbox = shared.mailboxes.get(tenant) ?? new Map<string, string>();
  shared.mailboxes.set(tenant, mailbox.set(event.id, JSON.stringify(event.body)));
}

/** What the engine role is given: ports, each as narrow as its use. */
import type {
  AccountMemory,
  Announcements,
  ChangeReader,
  Clock,
  ConfigurationReader,
  DeliveryReader,
  DeliveryStore,
  Log,
  TenantStore,
  TimerStore,
  WorkQueue,
} from '@gatehouse/ports';

/** What the engine works with. */
export interface EngineDeps {
  readonly queue: WorkQueue;
  readonly tenants: TenantStore;
  readonly timers: TimerStore;
  readonly deliveries: DeliveryStore;
  readonly deliveryReader: DeliveryReader;
  readonly changes: ChangeReader;
  readonly configuration: ConfigurationReader;
  readonly accounts: AccountMemory;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the engine role is given: ports, each as narrow as its use. */
import type {
  AccountMemory,
  Announcements,
  ChangeReader,
  Clock,
  ConfigurationReader,
  ConfigurationSurvey,
  DeliveryReader,
  DeliveryStore,
  Log,
  StandingProblems,
  TenantStore,
  TimerStore,
  WorkQueue,
} from '@gatehouse/ports';
import type { Metrics } from '@gatehouse/telemetry';

/** What the engine counts. */
export type EngineMetrics = Pick<Metrics, 'buildEnded' | 'eventFolded' | 'runWedged' | 'turnEnded'>;

/** What the engine works with. */
export interface EngineDeps {
  readonly queue: WorkQueue;
  readonly tenants: TenantStore;
  readonly timers: TimerStore;
  readonly deliveries: DeliveryStore;
  readonly deliveryReader: DeliveryReader;
  readonly changes: ChangeReader;
  readonly configuration: ConfigurationReader & ConfigurationSurvey;
  readonly accounts: AccountMemory;
  readonly announcements: Announcements;
  readonly standings: StandingProblems;
  readonly metrics: EngineMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** What can be told to Apps, and the teller as the rest of the simulator sees it. */
import type { AppRecord, InstallationRecord, RepoRecord, UserRecord } from '../state/types.ts';
import type { DeliveryRecord } from './log.ts';

/** Something that GitHub tells Apps. */
export interface HookEvent {
  readonly event: string;
  readonly action: string | null;
  readonly repo: RepoRecord;
  readonly sender: UserRecord;
  /** What this event carries besides repository, sender, organisation and installation. */
  readonly payload: Record<string, unknown>;
  /** Only this App gets it, subscribed or not. */
  readonly onlyApp?: number;
}

/** An event about an installation itself; every App gets its own, subscribed or not. */
export interface InstallationEvent {
  readonly event: 'installation' | 'installation_repositories';
  readonly action: string;
  readonly installation: InstallationRecord;
  readonly sender: UserRecord;
  readonly payload: Record<string, unknown>;
}

export interface Hooks {
  /** True when some App would be told; saves making payloads that nobody gets. */
  isHeard(event: string, repo: RepoRecord): boolean;
  emit(event: HookEvent): void;
  emitInstallation(event: InstallationEvent): void;
  ping(app: AppRecord): void;
  log(): readonly DeliveryRecord[];
  /** @throws Refusal 404 when there is no such delivery. */
  redeliver(id: number): void;
}

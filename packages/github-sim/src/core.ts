/** What every part of the simulator works on; made once by `createGithubSim`. */
import { join } from 'node:path';
import type { RequestRow, Violation } from './actions/types.ts';
import type { SimTick } from './client.ts';
import type { Identity } from './git/read.ts';
import type { Faults } from './http/faults.ts';
import type { RateLimits } from './http/rate-limit.ts';
import type { Locks } from './locks.ts';
import type { ResolvedOptions } from './options.ts';
import { fullName } from './state/find.ts';
import type { Store } from './state/store.ts';
import type { RepoRecord, SimState, UserRecord } from './state/types.ts';
import type { Urls } from './urls.ts';
import type { Hooks } from './webhooks/hook-types.ts';

export interface Core {
  readonly options: ResolvedOptions;
  readonly store: Store;
  readonly state: SimState;
  readonly urls: Urls;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly locks: Locks;
  readonly hooks: Hooks;
  readonly requests: RequestRow[];
  readonly violations: Violation[];
  readonly listeners: Set<(tick: SimTick) => void>;
  /** Work in the background (mergeability, webhooks) that `settled()` waits for. */
  readonly background: Set<Promise<void>>;
  version: number;
}

/** Now, in GitHub's notation. */
export function now(core: Core): string {
  return isoTime(core.options.clock.now());
}

export function isoTime(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Folder of a repository's bare git repository. */
export function repoDir(core: Core, repo: Pick<RepoRecord, 'id'>): string {
  return join(core.options.dataDir, 'repos', `${repo.id}.git`);
}

/** A user as git knows them, now. */
export function identityOf(core: Core, user: UserRecord): Identity {
  return { name: user.name, email: user.email, date: now(core) };
}

/** The committer of whatever GitHub commits itself. */
export function githubIdentity(core: Core): Identity {
  return { name: 'GitHub', email: 'noreply@github.com', date: now(core) };
}

/** Tells listeners that something changed, and has the state saved. */
export function tick(core: Core, kind: string, repository: string | null = null): void {
  core.version += 1;
  core.store.touch();
  for (const listener of core.listeners) listener({ version: core.version, kind, repository });
}

/** Keeps track of work that goes on after the answer. */
export function inBackground(core: Core, work: Promise<void>): void {
  const tracked: Promise<void> = work
    .catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      core.violations.push({ kind: 'misuse', method: 'BACKGROUND', path: '', message });
    })
    .finally(() => core.background.delete(tracked));
  core.background.add(tracked);
}

/** `OWNER/NAME` of a repository. */
export function fullNameOf(core: Core, repo: RepoRecord): string {
  return fullName(core.state, repo);
}

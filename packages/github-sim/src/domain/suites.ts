/** Check suites: GitHub's automatic ones, and the one into which an App's runs fall. */
import { type Core, fullNameOf, now, tick } from '../core.ts';
import { showSuite } from '../present/checks.ts';
import { installationsOn } from '../state/find.ts';
import type { RepoRecord, SuiteRecord, UserRecord } from '../state/types.ts';
import { suiteVerdict } from './suite-verdict.ts';

/** Makes a suite for each App with `checks: write` on a push, and tells it to that App. */
export async function requestSuites(
  core: Core,
  push: {
    repo: RepoRecord;
    branch: string;
    before: string;
    after: string;
    actor: UserRecord;
  },
): Promise<void> {
  const { repo, branch, after } = push;
  for (const installation of installationsOn(core.state, repo)) {
    const { appId } = installation;
    if (installation.permissions.checks !== 'write') continue;
    if (installation.suspendedAt !== null || repo.suitesOff.includes(appId)) continue;
    const known = findSuite(core, { repoId: repo.id, appId, headSha: after });
    if (known !== undefined) continue;
    const suite = addSuite(core, { repoId: repo.id, appId, headSha: after, headBranch: branch });
    suite.before = push.before;
    await emitSuite(core, suite, { action: 'requested', repo, sender: push.actor });
  }
}

interface SuiteKey {
  readonly repoId: number;
  readonly appId: number;
  readonly headSha: string;
}

/** The one suite of an App on a commit. */
export function findSuite(core: Core, key: SuiteKey): SuiteRecord | undefined {
  return core.state.suites.find(
    (suite) =>
      suite.repoId === key.repoId && suite.appId === key.appId && suite.headSha === key.headSha,
  );
}

/** Makes the suite of an App on a commit. `headBranch` is null for heads in forks. */
export function addSuite(core: Core, key: SuiteKey & { headBranch: string | null }): SuiteRecord {
  const time = now(core);
  const suite: SuiteRecord = {
    ...key,
    id: core.store.id(),
    before: null,
    requeued: false,
    toldConclusion: null,
    createdAt: time,
    updatedAt: time,
  };
  core.state.suites.push(suite);
  return suite;
}

/** Tells about a suite: requested and rerequested go to its own App only. */
export async function emitSuite(
  core: Core,
  suite: SuiteRecord,
  event: {
    action: 'requested' | 'rerequested' | 'completed';
    repo: RepoRecord;
    sender: UserRecord;
  },
): Promise<void> {
  const { action, repo, sender } = event;
  const payload = { check_suite: await showSuite(core, suite) };
  const only = action === 'completed' ? {} : { onlyApp: suite.appId };
  core.hooks.emit({ event: 'check_suite', action, repo, sender, payload, ...only });
  tick(core, `check_suite.${action}`, fullNameOf(core, repo));
}

/** Tells that a suite is complete, once for each time it becomes so. */
export async function tellIfComplete(
  core: Core,
  suite: SuiteRecord,
  on: { repo: RepoRecord; sender: UserRecord },
): Promise<void> {
  const { status, conclusion } = suiteVerdict(core.state, suite);
  const told = status === 'completed' ? conclusion : null;
  if (told === suite.toldConclusion) return;
  suite.toldConclusion = told;
  if (told !== null) await emitSuite(core, suite, { action: 'completed', ...on });
}

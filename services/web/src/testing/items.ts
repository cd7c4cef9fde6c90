/** Builders for tests: runs as the engine would have left them, with what nobody may be shown. */
import { buildId, buildsetId, commitSha, type ProposedChange } from '@gatehouse/model';
import type { Build, Item } from '@gatehouse/pipeline';
import { aBuild, aChange, aJob, anItem, aPipeline } from '@gatehouse/pipeline/testing';

/** 2026-01-01T00:00:00Z, where the tests' clocks start. */
export const START = Date.UTC(2026, 0, 1);

const sha = commitSha('a'.repeat(40));

/** An open change of `acme/api`, public unless said otherwise. */
export function change(overrides: Partial<ProposedChange> = {}): ProposedChange {
  return aChange({
    title: 'Make it faster',
    headRef: 'faster',
    baseSha: sha,
    headSha: sha,
    ...overrides,
  });
}

/** A build of a command job that runs and keeps its log here. */
export function build(overrides: Partial<Build> & { readonly name?: string } = {}): Build {
  const { name = 'unit', ...rest } = overrides;
  return aBuild(name, {
    id: buildId('run-1.0'),
    job: aJob(name, {
      execution: { kind: 'command', preRun: [], run: ['npm test'], postRun: [] },
      vars: { password: 'hunter2' },
      secrets: ['deploy-key'],
    }),
    phase: 'running',
    result: null,
    launchedAt: START,
    startedAt: START,
    completedAt: null,
    data: { returned: 'inner' },
    ...rest,
  });
}

/** A live run of `check` with one running build. */
export function item(overrides: Partial<Item> & { readonly id?: string } = {}): Item {
  const { id = 'run-1', ...rest } = overrides;
  return anItem({
    buildset: buildsetId(id),
    pipeline: aPipeline({ triggers: [] }),
    change: change(),
    phase: 'running',
    state: { ref: 'refs/pull/7/merge', sha, baseSha: sha, ownedBranch: null },
    builds: [build({ id: buildId(`${id}.0`) })],
    enqueuedAt: START,
    startedAt: START,
    revision: 2,
    ...rest,
  });
}

import type { Change } from '@gatehouse/model';
import { describe, expect, it } from 'vitest';
import type { EngineState } from './state.ts';
import {
  aChange,
  anItemPrepared,
  codes,
  fakeSha,
  live,
  newestItem,
  noTrigger,
  observed,
  runSteps,
  writer,
} from './testing/builders.ts';

const aRef: Change = {
  kind: 'ref',
  repository: aChange().repository,
  isRepositoryPublic: true,
  ref: 'refs/heads/main',
  headSha: fakeSha('1'),
  oldSha: null,
  url: 'https://github.example/acme/api/commit/1',
};

describe('re-running', () => {
  const rerequested = { ...noTrigger, event: 'check_run', action: 'rerequested' };
  const overRun = [
    () => observed(),
    (state: EngineState) => anItemPrepared(newestItem(state), []),
  ] as const;

  it('makes a new run with an id of its own', () => {
    const result = runSteps(...overRun, () => observed({ trigger: rerequested }));

    expect(new Set(Object.keys(result.state.items)).size).toBe(2);
    expect(live(result.state)).toBe(1);
  });

  it.each([
    ['a proposed change', aChange()],
    ['a branch', aRef],
  ])('of %s makes a newer run, although the clock was put back', (_what, change) => {
    const { items } = runSteps(
      () => observed({ change, at: 9_000_000 }),
      (state) => anItemPrepared(newestItem(state), []),
      () => observed({ change, at: 5_000_000, trigger: rerequested, actor: writer }),
      (state) => anItemPrepared(newestItem(state), []),
      () => observed({ change, at: 9_500_000, trigger: rerequested, actor: writer }),
    ).state;

    const times = Object.values(items).map(({ enqueuedAt }) => enqueuedAt);
    expect(times).toEqual([9_000_000, 9_000_001, 9_500_000]);
  });

  it('is refused to a stranger without triage', () => {
    const actor = { login: 'eve', isBot: false, isSelf: false, permission: 'read' } as const;

    const result = runSteps(...overRun, () => observed({ trigger: rerequested, actor }));

    expect(codes(result)).toEqual(['rerun-not-permitted']);
  });

  it('of all checks starts only what the suite shows', () => {
    const trigger = { ...noTrigger, event: 'check_suite', action: 'rerequested' };

    const result = runSteps(...overRun, () => observed({ trigger, shownPipelines: ['other'] }));

    expect(codes(result)).toEqual(['trigger-suite-lacks-run']);
  });
});

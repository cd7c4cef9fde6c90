import { describe, expect, it } from 'vitest';
import type { EngineState } from './state.ts';
import {
  anItemPrepared,
  codes,
  live,
  newestItem,
  noTrigger,
  observed,
  runSteps,
} from './testing/builders.ts';

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

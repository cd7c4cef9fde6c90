/** The end of an item: one place, whatever the reason. */
import { changeKey } from '@gatehouse/model';
import { endBuild } from '../build/end.ts';
import { cancelBuild, type Effect, releaseState, reportItem } from '../effects.ts';
import { type Build, changeRecordOf, type Item, type Verdict, withChange } from '../state.ts';
import { explain, storeItem, type Work, want } from '../work.ts';
import { nextItemPhase } from './machine.ts';

/**
 * Ends an item with a verdict: stops what still runs, takes it off its change's list of live runs,
 * has its branch removed and its end reported. Ignored when the item is over already.
 */
export function conclude(work: Work, item: Item, verdict: Verdict): Work {
  const phase = nextItemPhase(item.phase, 'conclude');
  if (phase === null) {
    return explain(work, { code: 'item-is-over', subject: item.buildset });
  }
  const builds = item.builds.map((build) => stopped(build, work.at));
  const ended: Item = { ...item, phase, builds, verdict, completedAt: work.at };
  const stored = storeItem(withoutLiveRun(work, item), ended);
  const report = reportItem({ ...ended, revision: item.revision + 1 });
  return explain(want(stored, ...cleanUp(item), report), ...verdict.reasons);
}

/** Stops what an item that ends still runs, and has its branch removed. */
export function cleanUp(item: Item): readonly Effect[] {
  const cancels = item.builds
    .filter((build) => build.phase === 'launched' || build.phase === 'running')
    .map((build) => cancelBuild(item, build));
  return item.state?.ownedBranch == null ? cancels : [...cancels, releaseState(item)];
}

function stopped(build: Build, at: number): Build {
  if (build.phase === 'completed') return build;
  return endBuild(build, 'cancel', { result: 'CANCELED', at, detail: null });
}

/** Takes an item that ends off its change's list, so that the change can be run again. */
export function withoutLiveRun(work: Work, item: Item): Work {
  const record = changeRecordOf(work.state, changeKey(item.change));
  const live = record.live.filter((run) => run.buildset !== item.buildset);
  return { ...work, state: withChange(work.state, { ...record, live }) };
}

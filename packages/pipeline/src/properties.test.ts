import { isDeepStrictEqual } from 'node:util';
import { changeKey } from '@gatehouse/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { firstReads, furtherReads } from './reads.ts';
import { type Build, type EngineState, emptyState, type Item } from './state.ts';
import { step } from './step.ts';
import { aBuildReport, aJob, anItemPrepared } from './testing/builders.ts';
import { authors, eventOf, histories, type Story, storyBy } from './testing/histories.ts';
import type { StepResult } from './work.ts';

/** A step of a history, with everything that came before it. */
interface Moment {
  readonly before: EngineState;
  readonly result: StepResult;
  /** The same event stepped once more. */
  readonly again: StepResult;
  readonly wanted: readonly Effect[];
  readonly story: Story;
  readonly event: EngineEvent;
}

/** Checks each step of many histories. A failure prints the seed and the shortest history. */
function inEveryHistory(check: (moment: Moment) => void, atEnd?: (last: Moment) => void): void {
  fc.assert(
    fc.property(authors, histories, (author, commands) => {
      const story = storyBy(author);
      const wanted: Effect[] = [];
      let state = emptyState;
      let last: Moment | null = null;
      for (const command of commands) {
        const event = eventOf(story, Object.values(state.items), command);
        if (event === null) continue;
        const result = step(state, event);
        wanted.push(...result.effects);
        last = { before: state, result, again: step(state, event), wanted, story, event };
        check(last);
        state = result.state;
      }
      if (last !== null) atEnd?.(last);
    }),
    { numRuns: 400 },
  );
}

const itemsOf = (state: EngineState): readonly Item[] => Object.values(state.items);
const buildOf = (state: EngineState, id: string): Build | undefined =>
  itemsOf(state)
    .flatMap((item) => item.builds)
    .find((build) => build.id === id);
const live = (state: EngineState) => itemsOf(state).filter((item) => item.verdict === null);

describe('in every history of a change', () => {
  it('a step that is taken again gives the same, and everything survives being stored', () => {
    inEveryHistory(({ result, again }) => {
      const stored = JSON.stringify(result);
      expect(JSON.stringify(again) === stored).toBe(true);
      expect(isDeepStrictEqual(JSON.parse(stored), result)).toBe(true);
    });
  });

  it('the effects of a step have different keys', () => {
    inEveryHistory(({ result }) => {
      const keys = result.effects.map((effect) => effect.key);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  it('no pipeline has two live runs of one head on one base', () => {
    inEveryHistory(({ result }) => {
      const runs = live(result.state).map(({ pipeline, change }) =>
        JSON.stringify([
          pipeline.name,
          change.headSha,
          change.kind === 'proposed' && change.baseRef,
        ]),
      );
      expect(new Set(runs).size).toBe(runs.length);
    });
  });

  it("the change's list of live runs is the items without a verdict", () => {
    inEveryHistory(({ result, story }) => {
      const record = result.state.changes[changeKey(story.change)];
      expect(record?.live.map((run) => run.buildset).sort() ?? []).toEqual(
        live(result.state)
          .map((item) => item.buildset)
          .sort(),
      );
    });
  });

  it('a run that is over never changes', () => {
    inEveryHistory(({ before, result }) => {
      for (const item of itemsOf(before)) {
        if (item.verdict !== null) expect(result.state.items[item.buildset]).toBe(item);
      }
    });
  });

  it('every change of a run is reported', () => {
    inEveryHistory(({ before, result }) => {
      const keys = result.effects.map((effect) => effect.key as string);
      for (const item of itemsOf(result.state)) {
        if (item === before.items[item.buildset]) continue;
        expect(keys).toContain(`${item.buildset}/report/${item.revision}`);
      }
    });
  });

  it('an untrusted head never has a command started', () => {
    inEveryHistory(({ result }) => {
      for (const effect of result.effects) {
        if (effect.kind !== 'LaunchBuild') continue;
        const item = result.state.items[effect.buildset];
        const build = item?.builds.find((one) => one.id === effect.build);
        if (item?.trust.isTrusted === false) expect(build?.job.execution.kind).toBe('http');
      }
    });
  });

  it('what was started is stopped when its run ends without it, or its time is up', () => {
    inEveryHistory(({ before, result, event }) => {
      const stopped = result.effects.flatMap((one) =>
        one.kind === 'CancelBuild' ? [`${one.build}/${one.attempt}`] : [],
      );
      for (const build of itemsOf(before).flatMap((item) => item.builds)) {
        const after = buildOf(result.state, build.id);
        const wasOpen = build.phase === 'launched' || build.phase === 'running';
        const isTold = event.type === 'BuildCompleted' && event.build === build.id;
        if (!wasOpen || isTold || after?.phase !== 'completed') continue;
        expect(stopped).toContain(`${build.id}/${build.attempt}`);
      }
    });
  });

  it('nothing is left open in a run that is over', () => {
    inEveryHistory(({ result }) => {
      for (const { verdict, builds } of itemsOf(result.state)) {
        if (verdict === null) continue;
        expect(builds.filter((build) => build.phase !== 'completed')).toEqual([]);
      }
    });
  });

  it('a branch that was made is removed when its run ends', () => {
    inEveryHistory(({ result, wanted }) => {
      const released = wanted
        .filter((one) => one.kind === 'ReleaseState')
        .map((one) => one.buildset);
      for (const { buildset, verdict, state } of itemsOf(result.state)) {
        if (verdict !== null && state?.ownedBranch != null) expect(released).toContain(buildset);
      }
    });
  });

  it('what runs is what the newest reading shows, where old heads are not kept', () => {
    inEveryHistory(({ result, event }) => {
      if (event.type !== 'ChangeObserved') return;
      for (const record of Object.values(result.state.changes)) {
        const newest = record.newest?.change;
        for (const item of live(result.state)) {
          if (!item.pipeline.isDequeuedOnNewHead) continue;
          expect(item.change).toMatchObject({ headSha: newest?.headSha, baseRef: newest?.baseRef });
        }
      }
    });
  });

  it('every run ends when its state is built and its jobs end', () => {
    inEveryHistory(
      () => undefined,
      ({ result }) => {
        let { state } = result;
        for (const { buildset } of live(state)) state = finish(state, buildset);

        expect(live(state)).toEqual([]);
      },
    );
  });

  it('a step needs no other records than those it names', () => {
    fc.assert(
      fc.property(authors, histories, (author, commands) => {
        const story = storyBy(author);
        let state = emptyState;
        for (const command of commands) {
          const event = eventOf(story, Object.values(state.items), command);
          // Mailboxes leave out what they have seen.
          if (event === null || story.sent.indexOf(event) < story.sent.length - 1) continue;
          const full = step(state, event);
          expect(step(onlyWhatIsNamed(state, event), event).effects).toEqual(full.effects);
          state = full.state;
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Ends an item as the rest of the world would in the end. */
function finish(start: EngineState, buildset: string): EngineState {
  let state = start;
  for (let round = 0; round < 20; round += 1) {
    const item = state.items[buildset];
    if (item === undefined || item.verdict !== null) return state;
    const open = item.builds.find((one) => one.phase === 'launched' || one.phase === 'running');
    const event =
      open === undefined
        ? anItemPrepared(item, [aJob('unit')])
        : { ...aBuildReport(item, open.job.name, 'SUCCESS'), attempt: open.attempt };
    state = step(state, event).state;
  }
  return state;
}

function onlyWhatIsNamed(state: EngineState, event: Parameters<typeof step>[1]): EngineState {
  let known: EngineState = emptyState;
  let wanted = firstReads(event);
  for (let round = 0; round < 3; round += 1) {
    const changes = wanted.changes.flatMap((key) => entryOf(state.changes, key));
    const items = wanted.items.flatMap((id) => entryOf(state.items, id));
    known = {
      changes: { ...known.changes, ...Object.fromEntries(changes) },
      items: { ...known.items, ...Object.fromEntries(items) },
    };
    wanted = furtherReads(known);
  }
  return known;
}

function entryOf<T>(records: Readonly<Record<string, T>>, key: string): readonly [string, T][] {
  const record = records[key];
  return record === undefined ? [] : [[key, record]];
}

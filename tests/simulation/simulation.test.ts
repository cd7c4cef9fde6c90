import { changeKey, tenantOf } from '@gatehouse/model';
import { type Item, itemRecordKey, readItem } from '@gatehouse/pipeline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSimulation, type Simulation } from './simulation.ts';
import {
  type Act,
  closes,
  conflicts,
  isComputing,
  movesBase,
  opens,
  presses,
  pushes,
  reopens,
  repository,
  reruns,
  type Site,
  says,
} from './site.ts';

/** Each seed is another order of everything and other faults. */
const SEEDS = 25;
/** Faults in one run: enough to strike nearly every kind of call over all seeds. */
const FAULTS = 14;

const tenant = tenantOf(repository);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const brokenFile = { '.gatehouse.yaml': '- job: {name: unit, rnu: x}\n- job: {nam: y}\n' };

/** The life of several changes; each act is worked off before the next. */
const life: readonly Act[] = [
  opens(1),
  says(1, 'recheck'),
  pushes(1),
  reruns(1),
  opens(2, 'break unit'),
  opens(3, 'retry e2e, break lint', { isOutside: true }),
  presses(3, 'approve'),
  opens(4, '', { files: brokenFile }),
  (site) => {
    movesBase()(site);
    isComputing(1, true)(site);
    pushes(1)(site);
  },
  isComputing(1, false),
  (site) => {
    conflicts(5)(site);
    opens(5)(site);
  },
  opens(6, 'silence remote'),
  closes(2),
  reopens(2),
  closes(1),
];

/** What people see of every run, but for when it was. */
function seen({ checks }: Site): readonly object[] {
  return checks
    .map(({ content, annotations }) => {
      const { buildset, headSha, status, conclusion, title, actions } = content;
      const buttons = actions.map((action) => action.identifier);
      const lines = annotations.map((one) => `${one.path}:${one.startLine} ${one.message}`);
      return { buildset, headSha, status, conclusion, title, buttons, lines };
    })
    .sort((a, b) => a.buildset.localeCompare(b.buildset));
}

/** What must hold however things went. */
async function holds({ site, store }: Simulation): Promise<void> {
  const buildsets = site.checks.map(({ content }) => content.buildset);
  expect(new Set(buildsets).size, 'one check run for each run').toBe(buildsets.length);
  expect(site.checks.filter(({ content }) => content.conclusion === null)).toEqual([]);
  expect(await store.tenants.liveBuildsets(tenant)).toEqual([]);
  expect(await store.tenants.countWaiting()).toEqual({ events: 0, effects: 0 });
  const branches = site.host.branchesOf(repository);
  expect(branches.filter((branch) => branch.startsWith('gatehouse/'))).toEqual([]);
  const ended = await store.tenants.recentBuildsets(tenant, 1_000);
  const records = await store.tenants.readRecords(tenant, ended.map(itemRecordKey));
  const items = records.map(readItem);
  for (const item of items) expect(item.phase).toBe('completed');
  // A run that a newer one of the same head overtook before it had a check run gets none.
  expect(ended).toEqual(expect.arrayContaining(buildsets));
  for (const item of items) {
    const same = items.filter((other) => placeOf(other) === placeOf(item));
    const newest = same.reduce((one, other) => (other.enqueuedAt > one.enqueuedAt ? other : one));
    const shown = buildsets.filter((one) => same.some(({ buildset }) => buildset === one));
    expect(shown.at(-1), 'GitHub shows the newest run of a head').toBe(newest.buildset);
  }
}

/** Runs of one place have check runs of one name on one commit. */
function placeOf({ change, pipeline }: Item): string {
  return `${changeKey(change)} ${change.headSha} ${pipeline.name}`;
}

/** A run where one thing happens after the other. */
async function calm(seed: number, faults: number): Promise<Simulation> {
  const simulation = openSimulation({ seed, faults });
  for (const act of life) await simulation.run([act]);
  return simulation;
}

describe('however often everything dies, is lost or comes twice', () => {
  it('people see what they would have seen without', async () => {
    const undisturbed = await calm(0, 0);
    await holds(undisturbed);
    const expected = seen(undisturbed.site);
    expect(
      undisturbed.site.checks.map(({ content }) => `${content.conclusion}: ${content.title}`),
    ).toMatchInlineSnapshot(`
      [
        "success: 4 jobs passed",
        "success: 4 jobs passed",
        "success: 4 jobs passed",
        "success: 4 jobs passed",
        "failure: 1 of 4 jobs failed",
        "action_required: Waiting for approval",
        "success: 3 of 4 jobs passed, 1 non-voting failed",
        "failure: Configuration error",
        "success: 4 jobs passed",
        "failure: Merge conflict",
        "timed_out: 1 of 4 jobs timed out",
        "failure: 1 of 4 jobs failed",
      ]
    `);

    for (let seed = 1; seed <= SEEDS; seed += 1) {
      await told(seed, async () => {
        const disturbed = await calm(seed, FAULTS);
        await holds(disturbed);
        expect(seen(disturbed.site)).toEqual(expected);
      });
    }
  });

  it('and people do not wait for it, the newest head of each change is judged rightly', async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      await told(seed, async () => {
        const simulation = openSimulation({ seed, faults: FAULTS });
        await simulation.run(rush);
        await holds(simulation);
        const { site } = simulation;
        const judged = Object.keys(verdicts).map((number) => [
          number,
          site.checksOn(Number(number)).at(-1)?.content.conclusion,
        ]);
        expect(Object.fromEntries(judged)).toEqual(verdicts);
      });
    }
  });
});

/** Many things at once; what each change comes to in the end follows from how it stands then. */
const rush: readonly Act[] = [
  opens(1),
  opens(2, 'break e2e'),
  opens(3, '', { isOutside: true }),
  pushes(1),
  opens(4, '', { files: brokenFile }),
  closes(2),
  says(1, 'recheck'),
  movesBase(),
  pushes(2),
  reopens(2),
  pushes(3),
  opens(5, 'retry unit'),
  closes(5),
  reopens(5),
  pushes(5),
  pushes(1),
  opens(6),
  closes(6),
];

const verdicts = {
  1: 'success',
  2: 'failure',
  3: 'action_required',
  4: 'failure',
  5: 'success',
};

/** Names the seed of a failure. */
async function told(seed: number, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw new Error(`with the seed ${seed}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

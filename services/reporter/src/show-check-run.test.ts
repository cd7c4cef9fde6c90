import type { ConfigurationProblem } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import { aBuild, anItem, aPipeline, shownRuns } from '@gatehouse/pipeline/testing';
import type { NoteStore } from '@gatehouse/ports';
import { createMetrics } from '@gatehouse/telemetry';
import { type FakeClock, fakeClock, memoryStore, quietLog } from '@gatehouse/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLooks } from './look-after.ts';
import { renderRun } from './render/run.ts';
import { showCheckRun } from './show-check-run.ts';
import { type FakeCheckRuns, fakeCheckRuns } from './testing/fake-check-runs.ts';

let github: FakeCheckRuns;
let clock: FakeClock;
let notes: NoteStore;

beforeEach(() => {
  github = fakeCheckRuns();
  clock = fakeClock();
  notes = memoryStore().notes;
});

const publicUrl = 'https://ci.example';
const pipeline = aPipeline({ reports: shownRuns, progressIntervalMs: 10_000 });
const queued = anItem({ pipeline });
const running = anItem({
  ...queued,
  phase: 'running',
  builds: [aBuild('a', open()), aBuild('b', open())],
});
const further = anItem({ ...running, builds: [aBuild('a'), aBuild('b', open())] });
const passed = anItem({
  ...further,
  phase: 'completed',
  verdict: { outcome: 'success', reasons: [] },
  builds: [aBuild('a'), aBuild('b')],
});

function open() {
  return { phase: 'running', result: null, completedAt: null } as const;
}

/** Shows an item as the reporter does; gives how long to wait until progress may be written. */
async function show(item: Item, keptIn: NoteStore = notes): Promise<number | null> {
  const unused = () => Promise.reject(new Error('not used here'));
  const deps = {
    checkRuns: github,
    notes: keptIn,
    metrics: createMetrics({ version: 'test', hasProcessMetrics: false }),
    clock,
    log: quietLog,
    publicUrl,
    statuses: { createStatus: unused },
    tenants: memoryStore().tenants,
    queue: {
      send: unused,
      count: unused,
      work: () => {
        throw new Error('not used here');
      },
    },
  };
  const content = renderRun(item, publicUrl);
  if (content === null) throw new Error('the pipeline shows no run');
  const looks = createLooks(quietLog);
  const { signal } = new AbortController();
  const came = await showCheckRun({ ...deps, looks }, { item, signal }, content);
  return came.code === 'later' ? came.inMs : null;
}

/** How the code host's only run stands. */
function onlyRun() {
  expect(github.runs).toHaveLength(1);
  return github.runs[0]?.content;
}

describe('a check run', () => {
  it('is created with one call and brought up to date with one more', async () => {
    await show(queued);
    await show(passed);

    expect(github.calls).toEqual(['create', 'update']);
    expect(onlyRun()).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  it('is not written again while nothing changed', async () => {
    await show(passed);

    for (const again of [1, 2, 3]) expect(await show(passed), `time ${again}`).toBeNull();

    expect(github.calls).toEqual(['create']);
  });

  it('is created concluded when its end is all there was to show', async () => {
    await show(passed);

    expect(onlyRun()).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  it('is created when the first try did not reach GitHub', async () => {
    github.fail();
    await expect(show(queued)).rejects.toThrow('no answer');

    await show(queued);

    expect(github.calls).toEqual(['create', 'find', 'create']);
    expect(onlyRun()?.status).toBe('queued');
  });

  it('whose creation got no answer is found by its buildset: there are never two', async () => {
    github.loseAnswer();
    await expect(show(queued)).rejects.toThrow('no answer');

    await show(passed);

    expect(github.calls).toEqual(['create', 'find', 'update']);
    expect(onlyRun()?.status).toBe('completed');
  });

  it('is updated again when the answer to an update was lost', async () => {
    await show(queued);
    github.loseAnswer();
    await expect(show(passed)).rejects.toThrow('no answer');

    await show(passed);

    expect(github.calls).toEqual(['create', 'update', 'update']);
  });

  it('that was written before the note of it was is written again, not created again', async () => {
    await expect(show(queued, failingAfter(1))).rejects.toThrow('died');

    await show(queued);

    expect(github.calls).toEqual(['create', 'find', 'update']);
    expect(onlyRun()?.status).toBe('queued');
  });

  it('is not touched when dying before the first note', async () => {
    await expect(show(queued, failingAfter(0))).rejects.toThrow('died');

    await show(queued);

    expect(github.calls).toEqual(['create']);
  });

  it('of a note that cannot be read is made anew only if GitHub has none', async () => {
    await show(queued);
    await notes.writeNote('check-run/bs-1', { schema: 99, checkRun: 'one' }, 1_000);

    await show(passed);

    expect(github.calls).toEqual(['create', 'find', 'update']);
    expect(onlyRun()?.status).toBe('completed');
  });
});

describe('progress', () => {
  it('is written at most once an interval; until then it says how long to wait', async () => {
    await show(running);
    clock.advance(4_000);

    const waitMs = await show(further);
    clock.advance(waitMs ?? 0);
    await show(further);

    expect(waitMs).toBe(6_000);
    expect(github.calls).toEqual(['create', 'update']);
    expect(onlyRun()?.title).toBe('Running: 1 of 2 jobs done');
  });

  it('into a new status is written at once', async () => {
    await show(queued);

    expect(await show(running)).toBeNull();
    expect(await show(passed)).toBeNull();

    expect(github.calls).toEqual(['create', 'update', 'update']);
  });

  it('that went back to what is shown needs no write', async () => {
    await show(running);
    await show(further);

    expect(await show(running)).toBeNull();
    expect(github.calls).toEqual(['create']);
  });
});

describe('annotations', () => {
  const broken = (count: number): Item => ({
    ...queued,
    phase: 'completed',
    verdict: { outcome: 'misconfigured', reasons: [] },
    problems: Array.from({ length: count }, (_, index) => problemOn(index + 1)),
  });
  const lines = () => github.runs[0]?.annotations.map(({ startLine }) => startLine);
  const counted = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it('are sent once, with the write that ends the run', async () => {
    await show(queued);
    await show(broken(120));
    await show(broken(120));

    expect(lines()).toEqual(counted(120));
  });

  it('go on where GitHub stopped taking them', async () => {
    await show(queued);
    github.stopAfter(50);
    await expect(show(broken(120))).rejects.toThrow('no answer');

    await show(broken(120));

    expect(lines()).toEqual(counted(120));
  });

  it('go on also when the very creation stopped half-way', async () => {
    github.stopAfter(50);
    await expect(show(broken(120))).rejects.toThrow('no answer');

    await show(broken(120));

    expect(lines()).toEqual(counted(120));
  });

  it('are not sent again when only the answer was lost', async () => {
    await show(queued);
    github.loseAnswer();
    await expect(show(broken(3))).rejects.toThrow('no answer');

    await show(broken(3));

    expect(lines()).toEqual([1, 2, 3]);
  });

  function problemOn(line: number): ConfigurationProblem {
    const range = { startLine: line, startColumn: 1, endLine: line, endColumn: 2 };
    const place = { repository: 'acme/api', branch: 'main', path: '.gatehouse.yaml', range };
    return { ...place, level: 'error', code: 'x', message: 'wrong', remedy: null };
  }
});

/** The notes, until the process dies with write number `writes` (from 0) about the run itself. */
function failingAfter(writes: number): NoteStore {
  let left = writes;
  return {
    ...notes,
    exchangeNote: async (key, change, timeToLiveMs) => {
      if (!key.startsWith('check-run/')) return notes.exchangeNote(key, change, timeToLiveMs);
      if (left === 0) throw new Error('died');
      left -= 1;
      return notes.exchangeNote(key, change, timeToLiveMs);
    },
  };
}

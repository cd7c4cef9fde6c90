/** One message in the hands of two workers, as after its lock ran out while Redis was away. */
import { GatehouseError } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import { aBuild, anItem, aPipeline, aReport, shownRuns } from '@gatehouse/pipeline/testing';
import type { NoteStore } from '@gatehouse/ports';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CREATION_MS_MAX } from './creation.ts';
import { type ReporterByHand, reporterByHand } from './testing/reporter-by-hand.ts';

let hand: ReporterByHand;
/** Notes that are asked while Redis is away. */
let isRedisAway: boolean;

beforeEach(() => {
  isRedisAway = false;
  hand = reporterByHand(awayAtTimes);
});

afterEach(() => hand.reporter.stop());

const queued = anItem({ pipeline: aPipeline({ reports: shownRuns }) });
const running = after(queued, {
  phase: 'running',
  builds: [aBuild('a', { phase: 'running', result: null, completedAt: null })],
});
const passed = after(running, {
  phase: 'completed',
  builds: [aBuild('a')],
  verdict: { outcome: 'success', reasons: [] },
});

function after(item: Item, different: Partial<Item>): Item {
  return { ...item, ...different, revision: item.revision + 1 };
}

function onlyRun() {
  expect(hand.github.runs).toHaveLength(1);
  return hand.github.runs[0]?.content;
}

/** The message is worked on until a call to GitHub is on its way; then its lock is lost. */
async function lostOnItsWay(item: Item, call: Parameters<ReporterByHand['hold']>[0]) {
  const lock = new AbortController();
  const onItsWay = hand.hold(call);
  await hand.keep(item);
  const working = hand.handOut(item, lock.signal);
  await onItsWay.made;
  lock.abort();
  return {
    arrives: async () => {
      onItsWay.arrive();
      onItsWay.answer();
      await working.catch(() => undefined); // whatever it says, nobody hears it
    },
  };
}

describe('a check run that two workers write', () => {
  beforeEach(async () => {
    await hand.keep(queued);
    await hand.handOut(queued);
  });

  it('shows the end, also when an older state arrives after it', async () => {
    const first = await lostOnItsWay(running, 'updateCheckRun');
    await hand.keep(passed);
    await hand.handOut(passed);

    await first.arrives();
    await hand.handOutSent();

    expect(onlyRun()).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  it('shows the end, also when the older state came in between and was noted first', async () => {
    const first = await lostOnItsWay(running, 'updateCheckRun');
    await hand.keep(passed);
    const onItsWay = hand.hold('updateCheckRun');
    const second = hand.handOut(passed);
    await onItsWay.made;
    onItsWay.arrive();

    await first.arrives();
    onItsWay.answer();
    await second;
    await hand.handOutSent();

    expect(onlyRun()).toMatchObject({ status: 'completed', conclusion: 'success' });
  });

  it('shows the end, also when the older state arrives without an answer', async () => {
    const first = await lostOnItsWay(running, 'updateCheckRun');
    await hand.keep(passed);
    await hand.handOut(passed);
    hand.github.loseAnswer();

    await first.arrives();
    await hand.handOutSent();

    expect(onlyRun()?.status).toBe('completed');
  });

  it('shows the end, also when the older state was read before it and written after it', async () => {
    const pause = pausedBefore('readNote', 'check-run/bs-1');
    await hand.keep(running);
    const first = hand.handOut(running);
    await pause.reached;
    await hand.keep(passed);
    await hand.handOut(passed);

    pause.goOn();
    await first;
    await hand.handOutSent();

    expect(onlyRun()?.status).toBe('completed');
  });

  it('is looked after as soon as Redis is back', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const first = await lostOnItsWay(running, 'updateCheckRun');
    await hand.keep(passed);
    await hand.handOut(passed);
    isRedisAway = true;
    await first.arrives();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(hand.sent).toEqual([]);

    isRedisAway = false;
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();

    await hand.handOutSent();
    expect(onlyRun()?.status).toBe('completed');
  });

  it('costs no more calls once it has come to rest', async () => {
    const first = await lostOnItsWay(running, 'updateCheckRun');
    await hand.keep(passed);
    await hand.handOut(passed);
    await first.arrives();
    await hand.handOutSent();
    const calls = [...hand.github.calls];

    await hand.handOut(passed);

    expect(hand.sent).toEqual([]);
    expect(hand.github.calls).toEqual(calls);
    expect(calls).toEqual(['create', 'update', 'update', 'update']);
  });
});

describe('a worker whose message was taken away', () => {
  it('creates nothing', async () => {
    await hand.keep(queued);

    await expect(hand.handOut(queued, AbortSignal.abort())).rejects.toThrow('abort');

    expect(hand.github.calls).toEqual([]);
  });

  it('updates nothing, even if it was taken away while the write was noted', async () => {
    await hand.keep(queued);
    await hand.handOut(queued);
    await hand.keep(running);
    const lock = new AbortController();
    const pause = pausedBefore('exchangeNote', 'check-run/bs-1');
    const working = hand.handOut(running, lock.signal);
    await pause.reached;
    lock.abort();
    pause.goOn();

    await expect(working).rejects.toThrow('abort');

    expect(hand.github.calls).toEqual(['create']);
    await hand.handOut(running);
    expect(onlyRun()?.status).toBe('in_progress');
  });

  it('writes no status', async () => {
    await hand.keep(withStatus(queued));

    await expect(hand.handOut(queued, AbortSignal.abort())).rejects.toThrow('abort');

    expect(hand.statuses).toEqual([]);
  });
});

describe('a check run that two workers create', () => {
  it('is created once: the second waits for the first', async () => {
    const first = await lostOnItsWay(queued, 'createCheckRun');
    await hand.keep(passed);

    const second = await hand.handOut(passed);
    await first.arrives();
    await hand.handOutSent();

    expect(second).toEqual({ againInMs: expect.any(Number) });
    expect(onlyRun()?.status).toBe('completed');
  });

  it('is created by the second when the first can no longer arrive', async () => {
    await lostOnItsWay(queued, 'createCheckRun');
    await hand.handOut(queued);
    hand.clock.advance(CREATION_MS_MAX);

    expect(await hand.handOut(queued)).toBe('done');

    expect(onlyRun()?.status).toBe('queued');
  });

  it('is created although the clock was put back by hours', async () => {
    await lostOnItsWay(queued, 'createCheckRun');
    hand.clock.advance(-3 * 60 * 60 * 1_000);

    expect(await hand.handOut(queued)).toBe('done');

    expect(onlyRun()?.status).toBe('queued');
  });
});

describe('a commit status that two workers write', () => {
  it('says the end, also when an older state arrives after it', async () => {
    const first = await lostOnItsWay(withStatus(running), 'createStatus');
    await hand.keep(withStatus(passed));
    await hand.handOut(passed);

    await first.arrives();
    await hand.handOutSent();

    expect(hand.statuses.map(({ state }) => state)).toEqual(['success', 'pending', 'success']);
    await hand.handOut(passed);
    expect(hand.statuses).toHaveLength(3);
  });

  it('says the end, also when the older state was read before it and written after it', async () => {
    const pause = pausedBefore('readNote', 'status/');
    await hand.keep(withStatus(running));
    const first = hand.handOut(running);
    await pause.reached;
    await hand.keep(withStatus(passed));
    await hand.handOut(passed);

    pause.goOn();
    await first;
    await hand.handOutSent();

    expect(hand.statuses.at(-1)?.state).toBe('success');
  });
});

function withStatus(item: Item): Item {
  const reports = {
    start: aReport({ status: 'pending' }),
    success: aReport({ status: 'success' }),
  };
  return { ...item, pipeline: aPipeline({ reports }) };
}

type Call = 'readNote' | 'exchangeNote';

let paused: { readonly call: Call; readonly key: string; wait(): Promise<void> } | null = null;

/** The next worker that makes this call about a note of this kind stops just before. */
function pausedBefore(call: Call, key: string) {
  const reached = Promise.withResolvers<void>();
  const going = Promise.withResolvers<void>();
  const wait = () => {
    paused = null;
    reached.resolve();
    return going.promise;
  };
  paused = { call, key, wait };
  return { reached: reached.promise, goOn: going.resolve };
}

function awayAtTimes(notes: NoteStore): NoteStore {
  const before = async (call: Call, key: string) => {
    if (paused?.call === call && key.startsWith(paused.key)) await paused.wait();
    if (isRedisAway) throw new GatehouseError('GATE_REDIS_UNAVAILABLE', 'Redis is away');
  };
  return {
    ...notes,
    readNote: async (key) => {
      await before('readNote', key);
      return notes.readNote(key);
    },
    exchangeNote: async (key, change, timeToLiveMs) => {
      await before('exchangeNote', key);
      return notes.exchangeNote(key, change, timeToLiveMs);
    },
  };
}

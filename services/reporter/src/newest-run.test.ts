/** Runs that write to the same place of GitHub: only the newest may have the last word. */
import { buildsetId } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import { aChange, anItem, aPipeline, aReport, shownRuns } from '@gatehouse/pipeline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isNewer } from './rank.ts';
import { type ReporterByHand, reporterByHand } from './testing/reporter-by-hand.ts';

let hand: ReporterByHand;

beforeEach(() => {
  hand = reporterByHand();
});

afterEach(() => hand.reporter.stop());

const statuses = {
  start: aReport({ status: 'pending' }),
  success: aReport({ status: 'success' }),
  failure: aReport({ status: 'failure' }),
};

/** The first run of a head, and its successors. */
function run(ordinal: number, different: Partial<Item> = {}): Item {
  const buildset = buildsetId(`bs-${ordinal}`);
  return anItem({ buildset, enqueuedAt: 1_000 * ordinal, ...different });
}

function over(item: Item, outcome: 'success' | 'failure' | 'cancelled'): Item {
  const verdict = { outcome, reasons: [] };
  return { ...item, phase: 'completed', verdict, revision: item.revision + 1 };
}

async function show(item: Item) {
  await hand.keep(item);
  return hand.handOut(item);
}

describe('a commit status', () => {
  const pipeline = aPipeline({ reports: statuses });
  const first = run(1, { pipeline });
  const second = run(2, { pipeline });
  const states = () => hand.statuses.map(({ state }) => state);

  it('is not written over by the end of an earlier run that comes late', async () => {
    await show(first);
    hand.failStatus();
    await expect(show(over(first, 'success'))).rejects.toThrow('no answer');
    await show(second);
    await show(over(second, 'failure'));

    await hand.handOut(first);

    expect(states()).toEqual(['pending', 'pending', 'failure']);
    expect(hand.log.lines).toContainEqual({
      level: 'info',
      message: 'a status is left to a newer run',
      fields: { buildset: 'bs-1', newer: 'bs-2' },
    });
  });

  it('is written again when the end of an earlier run was on its way meanwhile', async () => {
    await show(first);
    const onItsWay = hand.hold('createStatus');
    const late = show(over(first, 'success'));
    await onItsWay.made;
    await show(second);
    await show(over(second, 'failure'));
    onItsWay.arrive();
    onItsWay.answer();
    await late;

    await hand.handOutSent();

    expect(states()).toEqual(['pending', 'pending', 'failure', 'success', 'failure']);
    expect(hand.statuses.at(-1)?.targetUrl).toContain('bs-2');
  });

  it('says the end of the earlier run when the newer one ended without writing anything', async () => {
    const reports = { success: aReport({ status: 'success' }) } as const;
    const silent = { pipeline: aPipeline({ reports }) };
    await show(over(run(2, silent), 'cancelled'));

    await show(over(run(1, silent), 'success'));

    expect(states()).toEqual(['success']);
  });

  it('of another pipeline or another commit is another one', async () => {
    await show(over(second, 'failure'));

    await show(over({ ...first, pipeline: { ...pipeline, name: 'gate' } }, 'success'));
    const headSha = 'd'.repeat(40) as ReturnType<typeof aChange>['headSha'];
    await show(over({ ...first, change: aChange({ headSha }) }, 'success'));

    expect(states()).toEqual(['failure', 'success', 'success']);
  });
});

describe('a check run', () => {
  const pipeline = aPipeline({ reports: shownRuns });
  const first = run(1, { pipeline });
  const second = run(2, { pipeline });
  const shown = () => hand.github.runs.map(({ content }) => [content.buildset, content.status]);

  it('is not created any more when a newer run has one: GitHub shows the last created', async () => {
    hand.github.fail();
    await expect(show(over(first, 'success'))).rejects.toThrow('no answer');
    await show(second);

    expect(await hand.handOut(first)).toBe('done');

    expect(shown()).toEqual([['bs-2', 'queued']]);
    expect(hand.log.lines.at(-1)).toMatchObject({ level: 'info', fields: { buildset: 'bs-1' } });
  });

  it('is created after the one of an earlier run that is on its way', async () => {
    const onItsWay = hand.hold('createCheckRun');
    const late = show(over(first, 'success'));
    await onItsWay.made;

    expect(await show(second)).toEqual({ againInMs: expect.any(Number) });
    onItsWay.arrive();
    onItsWay.answer();
    await late;
    expect(await hand.handOut(second)).toBe('done');

    expect(shown()).toEqual([
      ['bs-1', 'completed'],
      ['bs-2', 'queued'],
    ]);
  });

  it('that was created is brought to its end, whatever newer runs there are', async () => {
    await show(first);
    await show(second);

    await show(over(first, 'cancelled'));

    expect(shown()).toEqual([
      ['bs-1', 'completed'],
      ['bs-2', 'queued'],
    ]);
  });

  it('whose creation only lost its answer is found and brought to its end', async () => {
    hand.github.loseAnswer();
    await expect(show(first)).rejects.toThrow('no answer');
    await show(second);

    await show(over(first, 'success'));

    expect(shown()).toEqual([
      ['bs-1', 'completed'],
      ['bs-2', 'queued'],
    ]);
  });

  it('is made for each of two changes that have the same head', async () => {
    await show({ ...second, change: aChange({ number: 8 }) });

    await show(first);

    expect(shown().map(([buildset]) => buildset)).toEqual(['bs-2', 'bs-1']);
  });
});

it('of two runs exactly one is the newer, also when they came at the same moment', () => {
  const a = { enqueuedAt: 1_000, buildset: 'bs-a' };
  const b = { enqueuedAt: 1_000, buildset: 'bs-b' };
  const later = { enqueuedAt: 1_001, buildset: 'bs-a' };

  expect([isNewer(a, b), isNewer(b, a)]).toEqual([false, true]);
  expect([isNewer(later, b), isNewer(b, later)]).toEqual([true, false]);
  expect(isNewer(a, a)).toBe(false);
});

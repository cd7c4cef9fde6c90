import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answer, Api, LogPart } from '../data/api.ts';
import type { Live } from '../data/live.ts';
import { type LogState, openLog } from './log-feed.ts';
import type { LogScreen } from './screen.ts';

/** Logs of one build as the service keeps them, by attempt. */
type Logs = Map<string, { text: string; isComplete: boolean }>;

let logs: Logs;
let asked: string[];
let ending: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false });
  logs = new Map();
  asked = [];
  ending = new AbortController();
});

afterEach(async () => {
  ending.abort();
  await vi.runAllTimersAsync();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a new try shows its own log as soon as there is one, and nothing of the try before', async () => {
  logs.set('1', { text: 'the first try\n', isComplete: true });
  const page = open({ attempt: 2 });

  await seconds(2);
  const before = { ...page.state(), shown: page.shown() };
  logs.set('2', { text: 'the second', isComplete: false });
  await seconds(1);
  const meanwhile = { ...page.state(), shown: page.shown() };
  logs.set('2', { text: 'the second try\n', isComplete: true });
  page.end();
  await seconds(1);

  expect(before).toMatchObject({ mode: 'waiting', attempt: 2, shown: '' });
  expect(meanwhile).toMatchObject({ mode: 'following', shown: 'the second' });
  expect(page.state()).toMatchObject({ mode: 'complete', attempt: 2, end: 15 });
  expect(page.shown()).toBe('the second try\n');
});

test('a try that goes on unseen does not lend its bytes to the log of the one before', async () => {
  logs.set('1', { text: 'the first\n', isComplete: false });
  const page = open({ attempt: 1 });
  await seconds(1);

  logs.set('1', { text: 'the first\nis over\n', isComplete: true });
  logs.set('2', { text: 'what a second try writes, which is more\n', isComplete: false });
  page.tick();
  await seconds(1);

  expect(page.shown()).toBe('the first\nis over\n');
});

test('a log that was closed goes on when its try begins anew, and ends with the job', async () => {
  logs.set('1', { text: 'begun\n', isComplete: true });
  const page = open({ attempt: 1 });

  await seconds(2);
  const closed = page.state();
  logs.set('1', { text: 'begun\nanew\n', isComplete: true });
  await seconds(1);
  const before = asked.length;
  await seconds(10);
  const askedInTenSeconds = asked.length - before;
  page.end();
  await seconds(1);
  const askedUntilTheEnd = asked.length;
  await seconds(10);

  expect(closed.mode).toBe('following');
  expect(askedInTenSeconds).toBe(10);
  expect(page.state().mode).toBe('complete');
  expect(page.shown()).toBe('begun\nanew\n');
  expect(asked).toHaveLength(askedUntilTheEnd);
});

test('a job whose last try left no log shows that of the try before, and earlier parts of it', async () => {
  const text = `${'x'.repeat(99)}\n`.repeat(3000);
  logs.set('1', { text, isComplete: true });
  const page = open({ attempt: 3, isOver: true });

  await seconds(1);
  const shown = page.shown();
  await page.feed.loadEarlier();

  expect(page.state()).toEqual({ mode: 'complete', attempt: 1, start: 0, end: text.length });
  expect(text.endsWith(shown) && shown.length < text.length).toBe(true);
  expect(page.shown()).toBe(text);
  expect(asked.at(-1)).toContain('attempt=1&offset=0');
});

test('a job without any log is asked about once for each try and never again', async () => {
  const page = open({ attempt: 3, isOver: true });

  await seconds(10);

  expect(page.state().mode).toBe('gone');
  expect(asked).toHaveLength(3);
});

test('what is gone while it is read stays as it is: no other log takes its place', async () => {
  logs.set('1', { text: 'the first try\n', isComplete: true });
  logs.set('2', { text: 'the second try\n', isComplete: false });
  const page = open({ attempt: 2 });
  await seconds(1);

  logs.delete('2');
  page.end();
  await seconds(1);

  expect(page.state()).toMatchObject({ mode: 'gone', attempt: 2 });
  expect(page.shown()).toBe('the second try\n');
});

test('a page that nobody sees waits once, however often something changes, until it is left', async () => {
  vi.stubGlobal('document', { hidden: true });
  logs.set('1', { text: 'begun\n', isComplete: false });
  const page = open({ attempt: 1 });
  await seconds(5);
  const askedUnseen = asked.length;

  for (let change = 0; change < 5; change += 1) {
    page.tick();
    await seconds(1);
  }
  const askedAfterChanges = asked.length - askedUnseen;
  const waits = vi.getTimerCount();
  ending.abort();
  await seconds(0);

  expect(askedUnseen).toBe(2);
  expect(askedAfterChanges).toBe(5);
  expect(waits).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

/** A page that shows the log of a try. */
function open({ attempt, isOver = false }: { attempt: number; isOver?: boolean }) {
  let over = isOver;
  let text = '';
  let state: LogState | null = null;
  const ticks = new Set<() => void>();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const screen: LogScreen = {
    append: (bytes) => {
      text += decode(bytes);
    },
    prepend: (bytes) => {
      text = decode(bytes) + text;
    },
    trim: () => 0,
    finish: () => undefined,
  };
  const live: Live = {
    mode: 'live',
    onTick: (listener) => {
      ticks.add(listener);
      return () => ticks.delete(listener);
    },
    onMode: () => () => undefined,
    doubt: () => undefined,
  };
  const feed = openLog(
    {
      ...{ api: serviceWith(logs), live, screen, signal: ending.signal },
      onState: (next) => {
        state = next;
      },
      isOver: () => over,
      keepPlace: (draw) => draw(),
      isFollowing: () => true,
    },
    { id: 'run-1.0', attempt },
  );
  return {
    feed,
    shown: () => text,
    state: (): LogState => state ?? expect.fail('nothing is known of the log yet'),
    tick: () => {
      for (const listener of ticks) listener();
    },
    end: () => {
      over = true;
    },
  };
}

/** Answers as the service does: with the newest log where no attempt is named. */
function serviceWith(known: Logs): Api {
  return {
    get: () => expect.fail('only logs are asked for here'),
    address: (path) => path,
    getLog: async (path): Promise<Answer<LogPart>> => {
      asked.push(path);
      const query = new URL(path, 'http://localhost').searchParams;
      const log = known.get(query.get('attempt') ?? [...known.keys()].sort().at(-1) ?? '');
      if (log === undefined) return { kind: 'missing' };
      const all = new TextEncoder().encode(log.text);
      const tail = query.get('tail');
      const from = tail === null ? Number(query.get('offset')) : all.length - Number(tail);
      const offset = Math.min(Math.max(0, from), all.length);
      const bytes = all.subarray(offset, offset + Number(query.get('limit') ?? all.length));
      const nextOffset = offset + bytes.length;
      const isComplete = log.isComplete && nextOffset === all.length;
      return { kind: 'ok', body: { bytes, offset, nextOffset, isComplete } };
    },
  };
}

async function seconds(count: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(count * 1000);
}

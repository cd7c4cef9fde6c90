import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildId, repositoryKey, tenantOf } from '@gatehouse/model';
import type { Item } from '@gatehouse/pipeline';
import type { Clock, JobLogPart, JobLogs } from '@gatehouse/ports';
import { createJobLogs } from '@gatehouse/store';
import { fakeClock, type MemoryStore, memoryStore, recordingLog } from '@gatehouse/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { build, item, START } from '../testing/items.ts';
import {
  ADMIN_TOKEN,
  storeItems,
  type WebUnderTest,
  webUnderTest,
} from '../testing/web-under-test.ts';

const signedIn = { authorization: `Bearer ${ADMIN_TOKEN}` };
let store: MemoryStore;

beforeEach(() => {
  store = memoryStore();
});

test('a log is handed out as plain text, part by part, and never as anything else', async () => {
  const web = await start();
  await storeRun();
  const output = `<script>alert(1)</script>\n${'x'.repeat(80)}`;
  web.logs.set('run-1.0', output);

  const first = await web.app.inject({ url: '/api/v1/builds/run-1.0/log', headers: signedIn });
  const next = first.headers['x-log-next-offset'];
  const second = await web.app.inject({
    url: `/api/v1/builds/run-1.0/log?offset=${next}`,
    headers: signedIn,
  });

  expect(first.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'x-log-next-offset': '64',
    'x-log-complete': 'false',
  });
  expect(first.headers['content-security-policy']).toContain("default-src 'none'");
  expect(first.body + second.body).toBe(output);
  expect(second.headers['x-log-complete']).toBe('true');
});

test('the end of a log is handed out without its beginning, and says where it stands', async () => {
  const web = await start();
  await storeRun();
  web.logs.set('run-1.0', `${'x'.repeat(200)}the end`);

  const end = await web.app.inject({
    url: '/api/v1/builds/run-1.0/log?tail=7',
    headers: signedIn,
  });
  const before = await web.app.inject({
    url: '/api/v1/builds/run-1.0/log?offset=190&limit=10',
    headers: signedIn,
  });

  expect(end.body).toBe('the end');
  expect(end.headers).toMatchObject({ 'x-log-offset': '200', 'x-log-next-offset': '207' });
  expect(before.body).toBe('x'.repeat(10));
  expect(before.headers).toMatchObject({ 'x-log-next-offset': '200', 'x-log-complete': 'false' });
});

const overBuild: Partial<Item> = { builds: [build({ phase: 'completed', completedAt: START })] };
const wedgedRun: Partial<Item> = {
  phase: 'wedged',
  verdict: { outcome: 'internal-error', reasons: [] },
  completedAt: START,
  builds: [build({ phase: 'running' })],
};
test.each([
  ['its build', overBuild],
  ['the run that an internal error ended', wedgedRun],
])('a log that its writer never ended is complete a minute after %s', async (_end, run) => {
  const clock = fakeClock(START);
  const bytes = new Uint8Array();
  const unended: JobLogPart = { attempt: 1, bytes, nextOffset: 5, isComplete: false };
  const openLog = () => Promise.reject(new Error('only the runner writes'));
  const web = await start({ clock, logs: { openLog, readLog: async () => unended } });
  await storeRun(run);
  const isComplete = async () => {
    const url = '/api/v1/builds/run-1.0/log?offset=5';
    const { headers } = await web.app.inject({ url, headers: signedIn });
    return headers['x-log-complete'];
  };

  const atOnce = await isComplete();
  clock.advance(61_000);
  const later = await isComplete();

  expect([atOnce, later]).toEqual(['false', 'true']);
});

test('a whole log comes in one answer', async () => {
  const web = await start();
  await storeRun();
  const output = 'line\n'.repeat(100);
  web.logs.set('run-1.0', output);

  const answer = await web.app.inject({
    url: '/api/v1/builds/run-1.0/log/full',
    headers: signedIn,
  });

  expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(answer.body).toBe(output);
});

test('a named attempt answers with its own log and never with another one', async () => {
  const logs = await logFiles();
  const web = await start({ logs });
  await storeRun({ builds: [build({ attempt: 2 })] });
  const ask = async (query: string) => {
    const url = `/api/v1/builds/run-1.0/${query}`;
    const { statusCode, body, headers } = await web.app.inject({ url, headers: signedIn });
    return statusCode === 200 ? [body, headers['x-log-complete']] : statusCode;
  };
  await using first = await logs.openLog(buildId('run-1.0'), 1);
  await first.write(Buffer.from('the first try'));
  await first.close();

  const before = [
    await ask('log?attempt=2&tail=9'),
    await ask('log?attempt=2&offset=9'),
    await ask('log/full?attempt=2'),
    await ask('log?tail=9'),
  ];
  await using second = await logs.openLog(buildId('run-1.0'), 2);
  await second.write(Buffer.from('once more'));
  const after = [
    await ask('log?attempt=2&tail=4'),
    await ask('log?attempt=1&offset=4'),
    await ask('log?attempt=1&tail=3'),
    await ask('log/full?attempt=1'),
    await ask('log?tail=4'),
  ];

  expect(before).toEqual([404, 404, 404, ['first try', 'true']]);
  expect(after).toEqual([
    ['more', 'false'],
    ['first try', 'true'],
    ['try', 'true'],
    ['the first try', undefined],
    ['more', 'false'],
  ]);
});

test.each([
  { is: 'shorter', bytes: 10 },
  { is: 'longer', bytes: 4_000_000 },
])('a try that is $is and begins while the one before is handed out stays out', async (second) => {
  const web = await start({ logs: await triedAgainAfterOnePart(3_000_000, second.bytes) });
  await storeRun({ builds: [build({ attempt: 2 })] });

  const { statusCode, body } = await web.app.inject({
    url: '/api/v1/builds/run-1.0/log/full',
    headers: signedIn,
  });

  expect([statusCode, body.length, [...new Set(body)]]).toEqual([200, 3_000_000, ['a']]);
});

test('the end of a log is that of the try whose end was looked for', async () => {
  const web = await start({ logs: await triedAgainAfterOnePart(100, 200) });
  await storeRun({ builds: [build({ attempt: 2 })] });

  const { body, headers } = await web.app.inject({
    url: '/api/v1/builds/run-1.0/log?tail=7',
    headers: signedIn,
  });

  expect([body, headers['x-log-next-offset']]).toEqual(['a'.repeat(7), '100']);
});

test.each(['0', '-1', '01', '1.5', 'x', '', '9'.repeat(20), '1&attempt=2'])(
  'attempt "%s" is refused',
  async (attempt) => {
    const web = await start();
    await storeRun();
    web.logs.set('run-1.0', 'x');

    const answers = await Promise.all(
      ['log', 'log/full'].map((route) => {
        const url = `/api/v1/builds/run-1.0/${route}?attempt=${attempt}`;
        return web.app.inject({ url, headers: signedIn });
      }),
    );

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400]);
    expect(answers[0]?.json()).toMatchObject({ error: { code: 'bad_attempt' } });
  },
);

test.each(['-1', '1.5', 'x', '', '1e3', '9'.repeat(20)])(
  'offset "%s" is refused',
  async (offset) => {
    const web = await start();
    await storeRun();
    web.logs.set('run-1.0', 'x');

    const url = `/api/v1/builds/run-1.0/log?offset=${offset}`;
    const answer = await web.app.inject({ url, headers: signedIn });

    expect(answer.statusCode).toBe(400);
  },
);

async function start(different: { clock?: Clock; logs?: JobLogs } = {}): Promise<WebUnderTest> {
  const { clock = fakeClock(START), ...ports } = different;
  const web = await webUnderTest({ store, clock, log: recordingLog() }, ports);
  onTestFinished(() => web[Symbol.asyncDispose]());
  return web;
}

/** Logs as they are on disk. */
async function logFiles(): Promise<JobLogs> {
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-logs-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return createJobLogs({ dir, log: recordingLog() });
}

/** The log of a first try, and from the second read on that of a second one, too; sizes in bytes. */
async function triedAgainAfterOnePart(firstBytes: number, secondBytes: number): Promise<JobLogs> {
  const logs = await logFiles();
  const write = async (attempt: number, text: Buffer): Promise<void> => {
    await using writer = await logs.openLog(buildId('run-1.0'), attempt);
    await writer.write(text);
  };
  await write(1, Buffer.alloc(firstBytes, 'a'));
  let reads = 0;
  return {
    ...logs,
    readLog: async (...asked) => {
      reads += 1;
      if (reads === 2) await write(2, Buffer.alloc(secondBytes, 'b'));
      return logs.readLog(...asked);
    },
  };
}

/** One run, live unless said otherwise, whose build was started. */
async function storeRun(different: Partial<Item> = {}): Promise<void> {
  const run = item(different);
  await storeItems(store.tenants, run);
  await store.builds.openAttempt({
    build: buildId('run-1.0'),
    buildset: run.buildset,
    tenant: tenantOf(repositoryKey('acme/api')),
    attempt: 1,
    tokenHash: null,
  });
}
